"""What a screen reader finds: the text, the caret, and the marks under it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from desktop.annotate.span_canvas import Mark, SpanCanvas
from desktop.theme.theme import Theme

LETTER = "Dear 😀 Ms Okafor, thank you.\nMs Okafor and Mr Hull.\n"


@pytest.fixture
def listening(qapp: QCoreApplication) -> Iterator[None]:
    """A screen reader is there."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


def test_the_text_and_the_caret_are_there_in_units_of_qt(canvas: SpanCanvas) -> None:
    canvas.show_text(LETTER)
    interface = QAccessible.queryAccessibleInterface(canvas)
    text = interface.textInterface()
    assert interface.role() == QAccessible.Role.EditableText
    assert interface.state().readOnly
    assert text.characterCount() == len(LETTER) + 1
    assert text.text(0, text.characterCount()) == LETTER
    canvas.set_caret(LETTER.index("Ms"))
    assert text.cursorPosition() == LETTER.index("Ms") + 1
    assert text.text(text.cursorPosition(), text.cursorPosition() + 2) == "Ms"
    text.setCursorPosition(0)
    assert canvas.caret() == 0
    here = text.characterRect(0)
    assert text.offsetAtPoint(here.topLeft()) == 0
    assert here.width() > 3


def test_the_description_says_what_is_at_the_caret(
    canvas: SpanCanvas, hand: Any, mark_of: Callable[..., Mark]
) -> None:
    canvas.show_text(LETTER)
    assert canvas.accessibleDescription() == "Dear"
    first = mark_of("Okafor")
    second = Mark(LETTER.rindex("Okafor"), LETTER.rindex("Okafor") + 6, 1)
    hull = mark_of("Hull", 2, "suggestion", 0.931)
    canvas.set_marks([first, second, hull])
    hand.press("Tab")
    assert canvas.accessibleDescription() == "Okafor, marked as PERSON, PERSON 1 of 2"
    hand.press("Tab")
    assert canvas.accessibleDescription() == "Okafor, marked as PERSON, PERSON 2 of 2"
    hand.press("Tab")
    assert canvas.accessibleDescription() == "Hull, suggested as DATE, 93 % sure, DATE 1 of 1"
    hand.press("Shift+Right")
    assert canvas.accessibleDescription() == "Hull, selected"
    canvas.set_caret(first.start + 2)
    assert canvas.accessibleDescription().startswith("Okafor, marked as PERSON")
    interface = QAccessible.queryAccessibleInterface(canvas)
    assert interface.text(QAccessible.Text.Description) == canvas.accessibleDescription()


def test_nothing_is_lost_while_a_screen_reader_listens(
    canvas: SpanCanvas, hand: Any, listening: None
) -> None:
    canvas.show_text(LETTER)
    canvas.set_marks([Mark(0, 4, 1), Mark(0, 4, 99, "predicted")])
    for key in ("Tab", "Tab", "Right", "Shift+Right", "Escape", "Ctrl+End", "Ctrl+A"):
        hand.press(key)
    canvas.show_text("")
    canvas.show_text("\ud83d alone")
    hand.press("Right")
    text = QAccessible.queryAccessibleInterface(canvas).textInterface()
    assert text.characterCount() == 7
    assert text.text(1, 7) == " alone"


def test_canvases_come_and_go_under_a_screen_reader(
    theme: Theme, qtbot: QtBot, listening: None
) -> None:
    for _ in range(20):
        canvas = SpanCanvas(theme)
        canvas.show_text(LETTER)
        canvas.show()
        text = QAccessible.queryAccessibleInterface(canvas).textInterface()
        assert text.characterCount() == len(LETTER) + 1
        canvas.set_caret(5)
        canvas.close()
        canvas.deleteLater()
        del canvas, text
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
