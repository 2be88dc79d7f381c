"""The strip knows what the engine is doing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.dialogs.close_dialog import CloseDialog
from desktop.frame.status import remaining
from desktop.window import MainWindow
from engine.api import StartJob

WAIT = 15_000


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (44.6, "0:45"), (130, "2:10"), (3750, "1:02:30")]
)
def test_a_time_that_is_left_reads_like_a_clock(seconds: float, words: str) -> None:
    assert remaining(seconds) == words


def test_a_training_that_cannot_begin_is_told_in_one_sentence(
    open_window: Callable[[Path], MainWindow],
    make_project: Callable[..., Path],
    qtbot: QtBot,
) -> None:
    window = open_window(make_project(labelled=0))
    project = window.bridge.project
    assert project is not None
    window.bridge.send(StartJob(project.task.id, "fine-tune"))
    qtbot.waitUntil(lambda: bool(window.strip.banner.sentence), timeout=WAIT)
    assert window.status.running is None


def test_a_running_job_is_not_given_up_by_closing_the_window(
    window: MainWindow, qtbot: QtBot
) -> None:
    project = window.bridge.project
    assert project is not None
    assert not window.actions_.trigger("job.cancel")
    window.bridge.send(StartJob(project.task.id, "fine-tune", name="first"))
    qtbot.waitUntil(lambda: window.status.running is not None, timeout=WAIT)
    window.close()
    assert window.isVisible()
    dialog = window.findChild(CloseDialog)
    assert dialog is not None
    qtbot.mouseClick(dialog.refuse, Qt.MouseButton.LeftButton)
    assert window.isVisible()
    assert window.actions_.trigger("job.cancel")
    qtbot.waitUntil(lambda: window.status.running is None, timeout=WAIT)
    window.close()
    assert not window.isVisible()
