"""The canvas under the mouse: whole words, single characters with Alt, and marks by a click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.annotate.span_canvas import Mark, SpanCanvas

LETTER = "Dear Ms Okafor, thank you for your letter of 3 March.\nAt 14 Mill Lane, Hull.\n"


def test_a_click_puts_the_caret_before_the_word(canvas: SpanCanvas, hand: Any) -> None:
    canvas.show_text(LETTER)
    hand.click(LETTER.index("afor"))
    assert canvas.caret() == LETTER.index("Okafor")
    assert canvas.word_at_caret() == (8, 14)
    hand.click(LETTER.index("afor"), "Alt")
    assert canvas.caret() == LETTER.index("afor")


def test_a_drag_takes_in_whole_words_in_either_direction(canvas: SpanCanvas, hand: Any) -> None:
    canvas.show_text(LETTER)
    start, end = LETTER.index("4 Mill"), LETTER.index("ane")
    hand.drag(start, end)
    assert hand.selected() == "14 Mill Lane"
    assert canvas.caret() == LETTER.index(", Hull")
    canvas.set_caret(0)
    hand.drag(end, start)
    assert hand.selected() == "14 Mill Lane"
    assert canvas.caret() == LETTER.index("14")


def test_a_drag_that_ends_in_a_space_ends_with_the_word(canvas: SpanCanvas, hand: Any) -> None:
    canvas.show_text("one two,   three")
    hand.drag(1, 10)
    assert hand.selected() == "one two"


def test_alt_selects_by_character(canvas: SpanCanvas, hand: Any) -> None:
    canvas.show_text(LETTER)
    hand.drag(LETTER.index("afor"), LETTER.index("or,"), "Alt")
    assert hand.selected() == "af"


def test_shift_extends_to_the_click(canvas: SpanCanvas, hand: Any) -> None:
    canvas.show_text(LETTER)
    canvas.set_caret(8)
    hand.click(LETTER.index("you for") + 1, "Shift")
    assert hand.selected() == "Okafor, thank you"


def test_a_double_click_selects_the_word(canvas: SpanCanvas, hand: Any) -> None:
    canvas.show_text(LETTER)
    hand.double_click(LETTER.index("afor"))
    assert hand.selected() == "Okafor"


def test_a_click_makes_a_mark_the_current_one_and_the_next_click_what_encloses_it(
    canvas: SpanCanvas, hand: Any, mark_of: Callable[..., Mark]
) -> None:
    canvas.show_text(LETTER)
    inner, outer = mark_of("Lane", 1), mark_of("14 Mill Lane", 3)
    canvas.set_marks([inner, outer, mark_of("Okafor")])
    hand.click(inner.start + 1)
    assert canvas.current() == inner
    hand.click(inner.start + 1)
    assert canvas.current() in (inner, outer)
    hand.click(outer.start + 1)
    assert canvas.current() == outer
    hand.click(LETTER.index("thank"))
    assert canvas.current() is None


def test_a_click_on_a_name_means_that_mark(
    canvas: SpanCanvas, hand: Any, mark_of: Callable[..., Mark], qtbot: QtBot
) -> None:
    canvas.show_text(LETTER)
    inner, outer = mark_of("Mill", 1), mark_of("14 Mill Lane", 3)
    canvas.set_marks([inner, outer])
    under = canvas.rect_of(inner.start + 1).bottomLeft()
    found = [canvas.marks_under(QPointF(under + QPoint(0, down)))[:1] for down in range(1, 32)]
    assert [inner] in found
    assert [outer] in found
    assert found.index([inner]) < found.index([outer]), "lanes lie below each other"


def test_ctrl_and_a_click_ask_for_the_mark_everywhere(
    canvas: SpanCanvas, hand: Any, mark_of: Callable[..., Mark], qtbot: QtBot
) -> None:
    canvas.show_text(LETTER)
    mark = mark_of("Okafor")
    canvas.set_marks([mark])
    canvas.select(0, 4)
    with qtbot.waitSignal(canvas.everywhere_wanted) as wanted:
        hand.click(mark.start + 2, "Ctrl")
    assert wanted.args == [mark]
    assert canvas.selection() == (0, 4)
    with qtbot.assertNotEmitted(canvas.everywhere_wanted):
        hand.click(LETTER.index("thank"), "Ctrl")


def test_ctrl_and_the_wheel_zoom(canvas: SpanCanvas, qtbot: QtBot) -> None:
    canvas.show_text(LETTER)
    size = canvas.size_in_pixels()
    with qtbot.waitSignal(canvas.zoomed) as zoomed:
        turn(canvas, 120, Qt.KeyboardModifier.ControlModifier)
    assert zoomed.args == [size + 1]
    turn(canvas, -240, Qt.KeyboardModifier.ControlModifier)
    assert canvas.size_in_pixels() == size - 1


def test_the_wheel_alone_scrolls(canvas: SpanCanvas) -> None:
    canvas.show_text(LETTER * 100)
    size = canvas.size_in_pixels()
    turn(canvas, -240, Qt.KeyboardModifier.NoModifier)
    assert canvas.verticalScrollBar().value() > 0
    assert canvas.size_in_pixels() == size


def test_a_drag_beyond_the_edge_scrolls_on(canvas: SpanCanvas, hand: Any, qtbot: QtBot) -> None:
    canvas.show_text(LETTER * 100)
    viewport = canvas.viewport()
    start = hand.point(2)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    hand.move(QPoint(start.x(), viewport.height() + 20))
    qtbot.waitUntil(lambda: canvas.verticalScrollBar().value() > 100, timeout=5000)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    here = canvas.verticalScrollBar().value()
    QTest.qWait(120)
    assert canvas.verticalScrollBar().value() == here
    chosen = canvas.selection()
    assert chosen is not None
    assert chosen[0] == 0
    assert chosen[1] > 500


def turn(canvas: SpanCanvas, by: int, modifiers: Qt.KeyboardModifier) -> None:
    middle = QPointF(canvas.viewport().rect().center())
    event = QWheelEvent(
        middle,
        middle,
        QPoint(0, 0),
        QPoint(0, by),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), event)
