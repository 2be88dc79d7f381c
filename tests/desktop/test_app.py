"""The program runs from start to end, and leaves a project that is whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop.app import run
from desktop.window import MainWindow


def test_it_opens_the_project_it_was_given_and_ends_with_its_window(
    qapp: QApplication, make_project: Callable[..., Path]
) -> None:
    path = make_project()
    titles: list[str] = []

    def look() -> None:
        for window in qapp.topLevelWidgets():
            if isinstance(window, MainWindow) and window.bridge.project is not None:
                titles.append(window.windowTitle())
                clock.stop()
                window.close()

    clock = QTimer(interval=50)
    clock.timeout.connect(look)
    clock.start()
    assert run(path) == 0
    assert titles == ["letters – Glossator"]
    assert sorted(path.parent.glob("letters.glossator*")) == [path]
    for window in qapp.topLevelWidgets():
        window.deleteLater()
