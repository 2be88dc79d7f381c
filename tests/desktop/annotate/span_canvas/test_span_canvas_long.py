"""Long texts: there at once, laid out where one looks, and steady under the eye."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, QTextBoundaryFinder
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.annotate.span_canvas import Mark, SpanCanvas
from desktop.annotate.span_canvas.pieces import PIECE, Pieces, shown
from desktop.text_positions import TextPositions

SENTENCE = "The water damage was reported by telephone on the same evening."
PARAGRAPHS = f"{SENTENCE} {SENTENCE}\n" * 1600
ONE_PARAGRAPH = f"{SENTENCE} " * 3200
ONE_WORD = "x" * 200_000
NO_LETTER = "👩‍⚖️" * 50_000


@pytest.mark.parametrize(
    "content",
    [PARAGRAPHS, ONE_PARAGRAPH, ONE_WORD, NO_LETTER, "ab\n" * 70_000, "e\u0301" * 100_000],
    ids=["paragraphs", "one paragraph", "one word", "emoji", "short lines", "accents"],
)
def test_every_place_of_a_long_text_can_be_reached(
    canvas: SpanCanvas, hand: Any, content: str
) -> None:
    before = time.perf_counter()
    canvas.show_text(content)
    hand.pixels()
    assert time.perf_counter() - before < 1.5, "no more than the beginning is laid out"
    for share in (0.5, 0.99, 0.25):
        position = int(len(content) * share)
        canvas.set_caret(position)
        assert position - 4 < canvas.caret() <= position
        here = canvas.rect_of(canvas.caret())
        assert canvas.viewport().rect().contains(here.center())
        assert abs(canvas.position_at(here.center()) - canvas.caret()) <= 1
        hand.pixels()
    hand.press("Ctrl+End")
    assert canvas.caret() == len(content)
    assert canvas.viewport().rect().contains(canvas.rect_of(len(content)).center())


def test_the_current_mark_stays_in_view_when_the_room_for_the_text_shrinks(
    canvas: SpanCanvas, qtbot: QtBot
) -> None:
    canvas.show_text(PARAGRAPHS)
    mark = Mark(5_000, 5_011, 1)
    canvas.set_marks([mark])
    canvas.set_current(mark)
    assert canvas.viewport().rect().contains(canvas.rect_of(mark.start).center())
    canvas.resize(canvas.width(), canvas.height() // 3)
    qtbot.waitUntil(lambda: canvas.viewport().height() < 400)
    assert canvas.viewport().rect().contains(canvas.rect_of(mark.start).center())
    canvas.verticalScrollBar().setValue(0)
    canvas.resize(canvas.width(), canvas.height() - 40)
    assert canvas.verticalScrollBar().value() == 0, "who scrolled away is left where they are"


def test_what_is_in_view_stays_there_while_the_rest_is_laid_out(
    canvas: SpanCanvas, qtbot: QtBot
) -> None:
    content = "".join(f"{SENTENCE * (1 + n % 7)} {'iiiii ' * (n % 90)}\n" for n in range(700))
    canvas.show_text(content)
    canvas.set_caret(len(content) * 2 // 3)
    place, bar = canvas.rect_of(canvas.caret()), canvas.verticalScrollBar()
    before = bar.maximum()
    qtbot.waitUntil(lambda: canvas.is_settled(), timeout=10_000)
    assert bar.maximum() != before, "the estimates were not exact"
    after = canvas.rect_of(canvas.caret())
    assert abs(after.top() - place.top()) <= 1
    assert after.left() == place.left()


def test_the_line_at_the_top_stays_when_the_size_or_the_width_changes(canvas: SpanCanvas) -> None:
    canvas.show_text("".join(f"{number} {SENTENCE}\n" for number in range(2000)))
    canvas.verticalScrollBar().setValue(20_000)
    top = canvas.position_at(canvas.viewport().rect().topLeft())
    for change in (
        lambda: canvas.set_size_in_pixels(30),
        lambda: canvas.resize(500, 600),
        lambda: canvas.set_size_in_pixels(18),
    ):
        change()
        QApplication.processEvents()
        here = canvas.position_at(canvas.viewport().rect().topLeft())
        assert abs(here - top) < 160


def test_marks_out_of_view_move_nothing_in_view(canvas: SpanCanvas, qtbot: QtBot) -> None:
    canvas.show_text(PARAGRAPHS)
    canvas.set_caret(100_000)
    qtbot.waitUntil(lambda: canvas.is_settled(), timeout=10_000)
    place = canvas.rect_of(100_000)
    nested = [Mark(n * 129 + a, n * 129 + 20 - a, 1) for n in range(500) for a in range(3)]
    canvas.set_marks(nested)
    qtbot.waitUntil(lambda: canvas.is_settled(), timeout=10_000)
    assert abs(canvas.rect_of(100_000).top() - place.top()) <= 1


class PaintedHeights(QObject):
    """Notes how much of a widget every repaint covers, in pixels from top to bottom."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.heights: list[int] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.heights.append(sum(rect.height() for rect in event.region()))
        return False


def test_only_what_changed_is_painted(canvas: SpanCanvas, hand: Any, qtbot: QtBot) -> None:
    canvas.show_text(PARAGRAPHS)
    canvas.set_marks([Mark(600, 605, 1)])
    qtbot.waitExposed(canvas)
    QApplication.processEvents()
    painted = PaintedHeights(canvas.viewport())
    for change in (
        lambda: hand.press("Right"),
        lambda: hand.press("Shift+Right"),
        lambda: canvas.set_marks([Mark(600, 605, 1), Mark(0, 5, 1)]),
        lambda: canvas.set_highlight([(10, 20)]),
        canvas.next_mark,
    ):
        painted.heights.clear()
        change()
        QApplication.processEvents()
        assert painted.heights, "what changed is seen"
        assert sum(painted.heights) < canvas.viewport().height() / 3


TEXTS = st.lists(
    st.sampled_from(
        ["a", " ", "\n", "\r\n", "\r", "e\u0301", "👩‍⚖️", "\ud83d", "\u2029", "🇩🇪", "x" * 999]
    )
    | st.characters(),
    max_size=40,
).map("".join)


@settings(deadline=None)
@given(TEXTS, st.integers(1, 9))
def test_the_pieces_of_a_text_are_the_text(content: str, times: int) -> None:
    content *= times
    pieces = Pieces(content)
    at = 0
    for number, (start, end) in enumerate(zip(pieces.starts, pieces.ends, strict=True)):
        assert content[at:start] in ("", "\n", "\r\n", *"\r\x0b\x0c\x85\u2028\u2029")
        assert start <= end <= start + 2 * PIECE
        assert pieces.at(start) == number
        assert len(pieces.shown(number)) == end - start
        at = end
    assert at == len(content)


@settings(deadline=None)
@given(st.sampled_from(["e\u0301", "👩‍⚖️", "x", "x ", "🇩🇪", "\r\n", "\ud83d"]), st.integers(1, 3))
def test_no_cut_is_inside_a_grapheme(unit: str, times: int) -> None:
    content = unit * (times * 3001)
    pieces = Pieces(content)
    text = shown(content) if "\n" not in content else content
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    positions = TextPositions(text)
    for start in pieces.starts:
        finder.setPosition(positions.to_units(start))
        assert finder.isAtBoundary()
