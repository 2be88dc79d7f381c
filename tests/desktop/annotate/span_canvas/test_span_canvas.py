"""The canvas as other parts of the program use it, and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.annotate.span_canvas import Mark, SpanCanvas
from desktop.annotate.span_canvas.look import LINE_CONTRAST, Look
from desktop.theme.theme import Theme
from desktop.theme.tokens import contrast
from desktop.widgets.reading_pane import LARGEST, SMALLEST
from engine.api import LabelInfo

LETTER = "Dear Ms Okafor, thank you for your letter of 3 March.\nAt 14 Mill Lane, Hull.\n"
WORST_COLORS = ("#000000", "#ffffff", "#F0E442", "#0072B2", "#E69F00", "#808080", "#BAB0AC")


def test_a_new_text_begins_at_its_beginning_without_marks(canvas: SpanCanvas) -> None:
    canvas.show_text(LETTER)
    canvas.set_marks([Mark(0, 4, 1)])
    canvas.set_current(Mark(0, 4, 1))
    canvas.select(3, 9)
    canvas.show_text("another text")
    assert canvas.content() == "another text"
    assert (canvas.caret(), canvas.selection(), canvas.current()) == (0, None, None)
    assert canvas.marks() == []


def test_marks_that_change_leave_caret_and_selection_alone(canvas: SpanCanvas) -> None:
    canvas.show_text(LETTER)
    canvas.select(8, 14)
    canvas.set_marks([Mark(0, 4, 1)])
    assert canvas.selection() == (8, 14)
    assert canvas.caret() == 14


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ([Mark(8, 14, 1), Mark(0, 4, 2)], Mark(8, 14, 1)),
        ([Mark(8, 14, 2)], Mark(8, 14, 2)),
        ([Mark(8, 14, 2, "suggestion"), Mark(8, 14, 3)], Mark(8, 14, 3)),
        ([Mark(8, 13, 1)], None),
        ([], None),
    ],
    ids=["still there", "other label", "accepted", "other bounds", "gone"],
)
def test_the_current_mark_stays_as_long_as_its_passage_is_marked(
    canvas: SpanCanvas, then: list[Mark], expected: Mark | None, qtbot: QtBot
) -> None:
    canvas.show_text(LETTER)
    canvas.set_marks([Mark(8, 14, 1)])
    canvas.set_current(Mark(8, 14, 1))
    canvas.set_marks(then)
    assert canvas.current() == expected


@pytest.mark.parametrize("bounds", [(3, 3), (5, 2), (-1, 4), (0, 10_000)])
def test_marks_outside_the_text_are_refused(canvas: SpanCanvas, bounds: tuple[int, int]) -> None:
    canvas.show_text(LETTER)
    canvas.set_marks([Mark(0, 4, 1)])
    with pytest.raises(ValueError, match="no passage of this text"):
        canvas.set_marks([Mark(*bounds, 1)])
    assert canvas.marks() == [Mark(0, 4, 1)]


def test_every_change_of_place_is_told_once(canvas: SpanCanvas, qtbot: QtBot) -> None:
    told: list[int] = []
    canvas.show_text(LETTER)
    canvas.set_marks([Mark(0, 4, 1)])
    canvas.caret_moved.connect(lambda: told.append(canvas.caret()))
    canvas.set_caret(8)
    canvas.select(8, 14)
    canvas.set_current(Mark(0, 4, 1))
    assert told == [8, 14, 0]
    canvas.set_current(Mark(0, 4, 1))
    canvas.set_marks([Mark(0, 4, 1), Mark(8, 14, 2)])
    assert len(told) == 3
    canvas.set_marks([])
    assert len(told) == 4


def test_the_word_at_the_caret(canvas: SpanCanvas) -> None:
    canvas.show_text(LETTER)
    canvas.set_caret(10)
    assert canvas.word_at_caret() == (8, 14)
    canvas.set_caret(14)
    assert canvas.word_at_caret() == (8, 14)
    canvas.set_caret(15)
    assert canvas.word_at_caret() is None


def test_next_and_previous_say_whether_there_is_a_mark(canvas: SpanCanvas) -> None:
    canvas.show_text(LETTER)
    assert not canvas.next_mark()
    assert not canvas.previous_mark()
    canvas.set_marks([Mark(8, 14, 1)])
    assert canvas.next_mark()
    assert canvas.current() == Mark(8, 14, 1)


def test_a_position_inside_a_grapheme_is_taken_for_its_beginning(canvas: SpanCanvas) -> None:
    canvas.show_text("e\u0301 👩‍⚖️\r\nx")
    for position, expected in ((1, 0), (2, 2), (4, 3), (6, 3), (8, 7), (9, 9), (99, 10), (-5, 0)):
        canvas.set_caret(position)
        assert canvas.caret() == expected


def test_marks_show_as_fill_and_suggestions_as_outline(
    canvas: SpanCanvas, hand: Any, mark_of: Callable[..., Mark], theme: Theme
) -> None:
    canvas.show_text(LETTER)
    gold, waiting = mark_of("Okafor", 1), mark_of("thank you", 2, "suggestion", 0.93)
    page = theme.token("surface")
    assert colors(hand.pixels(), over(canvas, gold)) >= {page.name()}
    canvas.set_marks([gold, waiting])
    look = Look(theme, canvas_labels(), canvas.size_in_pixels())
    shown = hand.pixels()
    assert look.fill(gold).name() in colors(shown, over(canvas, gold))
    assert page.name() not in colors(shown, over(canvas, gold))
    assert page.name() in colors(shown, over(canvas, waiting))
    assert look.fill(waiting).name() not in colors(shown, over(canvas, waiting))
    for mark in (gold, waiting):
        assert len(colors(shown, under(canvas, mark))) > 3, "the name stands below"


def test_a_theme_that_changes_at_run_time_changes_the_canvas(
    canvas: SpanCanvas, hand: Any, theme: Theme
) -> None:
    canvas.show_text(LETTER)
    canvas.set_marks([Mark(8, 14, 1)])
    light = hand.pixels()
    theme.set_choice("dark")
    QApplication.processEvents()
    dark = hand.pixels()
    assert dark.pixelColor(2, 2) == theme.token("surface") != light.pixelColor(2, 2)
    look = Look(theme, canvas_labels(), canvas.size_in_pixels())
    assert look.fill(Mark(8, 14, 1)).name() in colors(dark, over(canvas, Mark(8, 14, 1)))


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_text_and_names_can_be_read_on_every_colour(theme: Theme, choice: str) -> None:
    theme.set_choice(choice)
    colored = [*WORST_COLORS, *(label.color for label in canvas_labels())]
    labels = [LabelInfo(n, 1, f"L{n}", "", color, "", n) for n, color in enumerate(colored)]
    look = Look(theme, labels, 18)
    for label in labels:
        mark = Mark(0, 1, label.id)
        assert contrast(look.text.name(), look.fill(mark).name()) >= 4.5
        assert contrast(look.line(mark).name(), look.page.name()) >= LINE_CONTRAST
        assert look.fill(mark) != look.page
    assert contrast(look.text.name(), look.selection.name()) >= 4.5
    assert contrast(look.text.name(), look.highlight.name()) >= 4.5
    assert contrast(look.muted.name(), look.page.name()) >= 4.5


def test_a_name_gives_way_where_there_is_no_room_but_never_wholly(theme: Theme) -> None:
    look = Look(theme, [LabelInfo(1, 1, "ORGANISATION", "", "#0072B2", "", 1)], 18)
    mark = Mark(0, 1, 1, "suggestion", 0.745)
    rooms = range(200, -40, -1)
    seen = [look.tag(mark, room, bold=False, with_confidence=True) for room in rooms]
    for room, (words, width) in zip(rooms, seen, strict=True):
        assert width <= room or len(words) == 1
    shown = list(dict.fromkeys(words for words, _ in seen))
    assert shown[:3] == ["ORGANISATION .74", "ORGANISATION", "ORGANISATIO"]
    assert shown[-1] == "O"
    assert look.tag(Mark(0, 1, 9), 200, bold=False, with_confidence=True)[0] == "unknown label"


def test_two_rows_name_gold_above_and_predictions_below(
    canvas: SpanCanvas, hand: Any, theme: Theme
) -> None:
    canvas.show_text(LETTER)
    canvas.set_two_rows(True)
    gold, predicted = Mark(8, 14, 1), Mark(16, 25, 2, "predicted", 0.8)
    canvas.set_marks([gold, predicted])
    assert canvas.rect_of(8).top() == canvas.rect_of(16).top(), "on the same line of text"
    page = {theme.token("surface").name()}
    shown = hand.pixels()
    assert colors(shown, above(canvas, gold)) > page
    assert colors(shown, under(canvas, gold)) == page
    assert colors(shown, above(canvas, predicted)) == page
    assert colors(shown, under(canvas, predicted)) > page


def test_lines_grow_with_the_lanes_they_need_and_shrink_again(canvas: SpanCanvas) -> None:
    canvas.show_text(LETTER)
    second = LETTER.index("At")
    plain = canvas.rect_of(second).top()
    canvas.set_marks([Mark(8, 14, 1)])
    assert canvas.rect_of(second).top() == plain, "a first mark moves nothing"
    canvas.set_marks([Mark(8, 14, 1), Mark(8, 25, 2)])
    taller = canvas.rect_of(second).top()
    canvas.set_marks([Mark(8, 14, 1), Mark(8, 25, 2), Mark(5, 30, 3)])
    assert canvas.rect_of(second).top() > taller > plain
    canvas.set_marks([])
    assert canvas.rect_of(second).top() == plain


def test_a_highlight_is_seen_until_it_is_taken_back(
    canvas: SpanCanvas, hand: Any, theme: Theme
) -> None:
    canvas.show_text(LETTER)
    before = hand.pixels()
    canvas.set_highlight([(16, 25), (0, 4)])
    shown = hand.pixels()
    for start, end in ((0, 4), (16, 25)):
        assert theme.token("warning_soft").name() in colors(
            shown, over(canvas, Mark(start, end, 1))
        )
    canvas.set_highlight(())
    assert hand.pixels() == before


def test_a_line_holds_what_reads_well_and_a_narrow_canvas_less(
    canvas: SpanCanvas, hand: Any
) -> None:
    canvas.resize(1600, 900)
    canvas.show_text("the rain in the basement was heavy " * 60)
    ends = []
    for _ in range(10):
        hand.press("End")
        ends.append(canvas.caret())
        hand.press("Down")
    lengths = [there - here for here, there in pairwise(ends)]
    assert all(55 <= length <= 75 for length in lengths)
    left, right = canvas.rect_of(0).left(), canvas.column_width()
    assert abs(left - (1600 - left - right)) <= 2, "in the middle"
    canvas.resize(360, 600)
    assert canvas.column_width() <= 360 - 48
    canvas.set_margin(8)
    assert canvas.column_width() > 360 - 48
    assert canvas.rect_of(0).left() >= 8


def test_size_stays_within_reason(canvas: SpanCanvas, qtbot: QtBot) -> None:
    canvas.show_text(LETTER)
    with qtbot.waitSignal(canvas.zoomed) as zoomed:
        canvas.set_size_in_pixels(500)
    assert canvas.size_in_pixels() == LARGEST
    assert zoomed.args == [LARGEST]
    canvas.set_size_in_pixels(1)
    assert canvas.size_in_pixels() == SMALLEST


SCRAPS = "a|b| |.|\n|\r\n|\t|e\u0301|👩‍⚖️|🇩🇪|שלום|\ud83d|\0|张|\u200b|\u2028|\u202e|x😀y|word"
ALPHABET = st.sampled_from(SCRAPS.split("|"))


@st.composite
def text_and_marks(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    content = "".join(draw(st.lists(ALPHABET, min_size=1, max_size=60)))
    bound = st.integers(0, len(content))
    kinds = st.sampled_from(["gold", "suggestion", "predicted"])
    drawn = st.builds(
        lambda one, other, label, kind: (min(one, other), max(one, other), label, kind),
        *(bound, bound, st.integers(1, 7), kinds),
    )
    marks = [Mark(*one) for one in draw(st.lists(drawn, max_size=12)) if one[0] < one[1]]
    return content, marks


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text_and_marks(), st.booleans(), st.sampled_from([140, 500, 900]))
def test_any_text_with_any_marks_is_painted_and_every_mark_has_a_place(
    canvas: SpanCanvas, hand: Any, given_: tuple[str, list[Mark]], two_rows: bool, width: int
) -> None:
    content, marks = given_
    canvas.resize(width, 600)
    canvas.set_two_rows(two_rows)
    canvas.show_text(content)
    canvas.set_marks(marks)
    hand.pixels()
    assert canvas.content() == content
    assert set(canvas.marks()) == set(marks)
    seen = set()
    for _ in canvas.marks():
        canvas.next_mark()
        seen.add(canvas.current())
        hand.pixels()
    assert seen == set(marks)


@pytest.mark.parametrize("content", ["", "\n", "\r\n\r\n", " ", "\t", "\ud83d", "\u0301"])
def test_texts_with_next_to_nothing_in_them(canvas: SpanCanvas, hand: Any, content: str) -> None:
    canvas.show_text(content)
    for key in ("Right", "Shift+Right", "Down", "Up", "End", "PageDown", "Ctrl+A", "Ctrl+Left"):
        hand.press(key)
    hand.pixels()
    hand.click(0)
    assert canvas.content() == content
    assert 0 <= canvas.caret() <= len(content)


# --- where to look ------------------------------------------------------------------------------


def canvas_labels() -> list[LabelInfo]:
    colors = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#000000")
    return [LabelInfo(n, 1, f"L{n}", "", color, "", n) for n, color in enumerate(colors, start=1)]


def colors(image: QImage, rect: QRect) -> set[str]:
    return {
        QColor(image.pixel(x, y)).name()
        for x in range(rect.left(), rect.right() + 1)
        for y in range(rect.top(), rect.bottom() + 1)
    }


def over(canvas: SpanCanvas, mark: Mark) -> QRect:
    """The letters of a mark that lies on one line, without their edges."""
    first, last = canvas.rect_of(mark.start), canvas.rect_of(mark.end)
    return QRect(first.topLeft(), last.bottomRight()).adjusted(4, 4, -4, -3)


def under(canvas: SpanCanvas, mark: Mark) -> QRect:
    """The first lane below a mark."""
    letters = over(canvas, mark)
    return QRect(letters.left(), letters.bottom() + 6, letters.width(), 8)


def above(canvas: SpanCanvas, mark: Mark) -> QRect:
    """The first lane above a mark."""
    letters = over(canvas, mark)
    return QRect(letters.left(), letters.top() - 14, letters.width(), 7)
