"""Redact in windows of any size, on texts of any length, and where there is nothing to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.annotate.span_canvas import SpanCanvas
from desktop.redact.doubt_list import DoubtList
from desktop.redact.view import RedactView
from desktop.window import MainWindow
from engine.api import (
    CreateProject,
    Engine,
)

WAIT = 15_000
PERSON, DATE, TRADE = 1, 2, 3


def canvas(view: RedactView, name: str = "redact.text") -> SpanCanvas:
    found = view.findChild(SpanCanvas, name)
    assert found is not None
    return found


def press(view: RedactView, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    from PySide6.QtTest import QTest

    QTest.keyClick(QApplication.focusWidget() or view, key, modifier)


def test_a_small_window_leaves_the_room_to_the_text(view: RedactView, window: MainWindow) -> None:
    policy = view.findChild(QWidget, "redact.policy")
    assert policy.isVisible()
    window.resize(900, 600)
    assert not policy.isVisible()
    press(view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert policy.isVisible()


def test_a_very_long_text_is_shown_at_once(
    open_window: Callable[[Path], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    from engine.project.project import create_project
    from engine.project.spans import set_spans
    from engine.project.texts import ImportedRow, begin_import

    content = "Jane Okafor wrote again. " * 8_000
    path = tmp_path / "long.glossator"
    with create_project(path, labels=("PERSON",), kind="spans") as project:
        session = begin_import(project, "long.jsonl", 1)
        session.add([ImportedRow(1, content)])
        session.finish()
        set_spans(project, 1, 1, [(25 * number, 25 * number + 11, 1) for number in range(500)])
    window = open_window(path)
    window.open_view("redact")
    view = window.view
    assert isinstance(view, RedactView)
    qtbot.waitUntil(lambda: canvas(view).content() == content, timeout=WAIT)
    qtbot.waitUntil(lambda: view.findChild(DoubtList).current() is not None, timeout=WAIT)
    assert view.findChild(DoubtList).current().start == 25 * 500
    qtbot.waitUntil(lambda: canvas(view).selection() == (12_500, 12_511), timeout=WAIT)


@pytest.mark.parametrize(
    ("kind", "sentence", "button"),
    [
        ("classification", "whole texts get labels", "button.project.sample_spans"),
        ("spans", "no text to redact yet", "button.texts.import"),
    ],
)
def test_where_there_is_nothing_to_redact_the_view_says_what_to_do(
    open_window: Callable[[Path], MainWindow],
    tmp_path: Path,
    qtbot: QtBot,
    kind: str,
    sentence: str,
    button: str,
) -> None:
    path = tmp_path / "empty.glossator"
    with Engine(suggestions=False) as engine:
        engine.submit(CreateProject(str(path), ("A", "B"), kind=kind)).result(WAIT / 1000)
    window = open_window(path)
    window.open_view("redact")
    assert window.view is not None
    shown = [label.text() for label in window.view.findChildren(QLabel) if label.isVisible()]
    assert any(sentence in words for words in shown)
    assert window.view.findChild(QPushButton, button).isVisible()
    for action in ("redact.mask", "redact.keep", "redact.export", "redact.result"):
        assert not window.actions_.qaction(action).isEnabled()
