"""The canvas at the keyboard: every passage can be selected, every mark reached and adjusted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QTextBoundaryFinder
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.annotate.span_canvas import Mark, SpanCanvas
from desktop.text_positions import TextPositions
from desktop.theme.theme import Theme

PROGRAM_KEYS = (
    "A 1 Shift+A Return Enter Backspace Delete Space Slash Question Ctrl+Z Ctrl+K F1 "
    "Ctrl+Return Alt+Up"
)
LETTER = "Dear Ms Okafor, thank you for your letter of 3 March.\nAt 14 Mill Lane, Hull.\n"


def test_the_caret_goes_from_word_to_word(canvas: SpanCanvas, hand: Any) -> None:
    canvas.show_text("Dear Ms Okafor, thank")
    seen = []
    for _ in range(5):
        hand.press("Right")
        seen.append(canvas.caret())
    assert seen == [5, 8, 16, 21, 21]
    for expected in (16, 8, 5, 0, 0):
        hand.press("Left")
        assert canvas.caret() == expected


def test_shift_selects_exactly_the_word_and_then_the_next(canvas: SpanCanvas, hand: Any) -> None:
    canvas.show_text(LETTER)
    canvas.set_caret(LETTER.index("14"))
    hand.press("Shift+Right")
    assert hand.selected() == "14"
    hand.press("Shift+Right")
    hand.press("Shift+Right")
    assert hand.selected() == "14 Mill Lane"
    hand.press("Shift+Left")
    assert hand.selected() == "14 Mill"
    hand.press("Shift+Left")
    hand.press("Shift+Left")
    assert hand.selected() is None
    assert canvas.caret() == LETTER.index("14")


@pytest.mark.parametrize(
    ("before", "key", "expected"),
    [
        ("“Dear Ms", "Shift+Right", "Dear"),
        ("Dear, Ms", "Shift+Left", "Dear"),
        ("Dear Ms", "Ctrl+Shift+Right", "r"),
    ],
)
def test_a_selection_begins_and_ends_with_words(
    canvas: SpanCanvas, hand: Any, before: str, key: str, expected: str
) -> None:
    canvas.show_text(before)
    if key == "Shift+Left":
        canvas.set_caret(len("Dear, "))
    elif key.startswith("Ctrl"):
        canvas.set_caret(3)
    hand.press(key)
    assert hand.selected() == expected


def test_up_and_down_keep_to_the_column_and_land_on_words(canvas: SpanCanvas, hand: Any) -> None:
    lines = ["one two three four five", "a", "six seven eight nine ten"]
    canvas.show_text("\n".join(lines))
    canvas.set_caret(lines[0].index("four"))
    hand.press("Down")
    assert canvas.caret() == len(lines[0]) + 1
    hand.press("Down")
    here = canvas.caret() - len(lines[0]) - 3
    assert lines[2][here:].split()[0] in ("eight", "nine")
    hand.press("Up")
    hand.press("Up")
    assert canvas.caret() == lines[0].index("four")
    hand.press("Up")
    assert canvas.caret() == 0


def test_home_end_and_pages(canvas: SpanCanvas, hand: Any) -> None:
    content = "\n".join(f"line {number} of a long letter" for number in range(200))
    canvas.show_text(content)
    hand.press("End")
    assert canvas.caret() == content.index("\n")
    hand.press("Home")
    assert canvas.caret() == 0
    hand.press("Ctrl+End")
    assert canvas.caret() == len(content)
    assert canvas.viewport().rect().contains(canvas.rect_of(len(content)))
    hand.press("PageUp")
    assert 0 < canvas.caret() < len(content) - 100
    hand.press("Ctrl+Shift+Home")
    assert canvas.selection() is not None
    assert canvas.selection()[0] == 0  # type: ignore[index]
    hand.press("Ctrl+Home")
    hand.press("PageDown")
    assert canvas.caret() > 100
    assert canvas.verticalScrollBar().value() > 0


def test_the_end_of_a_wrapped_line_is_on_that_line(canvas: SpanCanvas, hand: Any) -> None:
    canvas.show_text("many words in a row " * 20)
    top = canvas.rect_of(0).top()
    hand.press("End")
    assert canvas.rect_of(canvas.caret()).top() == top
    assert canvas.caret() > 50
    hand.press("End")
    assert canvas.rect_of(canvas.caret()).top() == top


def test_tab_goes_round_the_marks_and_the_suggestions(
    canvas: SpanCanvas, hand: Any, mark_of: Callable[..., Mark]
) -> None:
    canvas.show_text(LETTER)
    marks = [mark_of("Okafor"), mark_of("3 March", 2, "suggestion", 0.9), mark_of("Hull", 3)]
    canvas.set_marks(marks)
    for expected in (*marks, marks[0]):
        assert hand.press("Tab")
        assert canvas.current() == expected
        assert canvas.caret() == expected.start
        assert canvas.selection() is None
    for expected in (marks[2], marks[1]):
        assert hand.press("Shift+Backtab")
        assert canvas.current() == expected
    hand.press("Right")
    assert canvas.current() is None, "a person who moves on has left the mark"


def test_tab_without_marks_goes_to_the_next_field(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    canvas, field = SpanCanvas(theme, window), QLineEdit(window)
    column = QVBoxLayout(window)
    column.addWidget(canvas)
    column.addWidget(field)
    canvas.show_text(LETTER)
    window.show()
    window.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    qtbot.keyClick(canvas, "\t")
    assert field.hasFocus()
    canvas.setFocus()
    canvas.set_marks([Mark(0, 4, 1)])
    qtbot.keyClick(canvas, "\t")
    assert canvas.hasFocus()
    assert canvas.current() == Mark(0, 4, 1)


def test_alt_asks_for_other_bounds_of_the_current_mark(
    canvas: SpanCanvas, hand: Any, mark_of: Callable[..., Mark], qtbot: QtBot
) -> None:
    canvas.show_text(LETTER)
    mark = mark_of("Mill Lane")
    canvas.set_marks([mark])
    canvas.set_current(mark)
    for key, start, end in (
        ("Alt+Right", 0, 1),
        ("Alt+Left", 0, -1),
        ("Alt+Shift+Left", -1, 0),
        ("Alt+Shift+Right", 1, 0),
    ):
        with qtbot.waitSignal(canvas.boundary_moved) as moved:
            hand.press(key)
        assert moved.args == [mark, mark.start + start, mark.end + end]
    assert canvas.marks() == [mark], "the canvas itself changes nothing"


def test_a_mark_that_was_moved_stays_the_current_one(
    canvas: SpanCanvas, hand: Any, mark_of: Callable[..., Mark]
) -> None:
    canvas.show_text(LETTER)
    mark = mark_of("Mill")
    canvas.boundary_moved.connect(
        lambda old, start, end: canvas.set_marks([Mark(start, end, old.label_id)])
    )
    canvas.set_marks([mark])
    canvas.set_current(mark)
    for _ in range(5):
        hand.press("Alt+Right")
    assert canvas.current() == mark_of("Mill Lane")


def test_alt_moves_the_bounds_of_a_selection_but_never_past_each_other(
    canvas: SpanCanvas, hand: Any
) -> None:
    canvas.show_text("ab👩‍⚖️e\u0301cd")
    canvas.select(1, 2)
    hand.press("Alt+Right")
    assert hand.selected() == "b👩‍⚖️"
    hand.press("Alt+Right")
    assert hand.selected() == "b👩‍⚖️e\u0301"
    for _ in range(5):
        hand.press("Alt+Shift+Right")
    assert hand.selected() == "e\u0301"


def test_suggestions_keep_their_bounds(
    canvas: SpanCanvas, hand: Any, mark_of: Callable[..., Mark], qtbot: QtBot
) -> None:
    canvas.show_text(LETTER)
    canvas.set_marks([mark_of("Okafor", 1, "suggestion", 0.5)])
    hand.press("Tab")
    with qtbot.assertNotEmitted(canvas.boundary_moved):
        assert not hand.press("Alt+Right")


def test_escape_drops_the_selection_and_the_current_mark_and_then_passes_on(
    canvas: SpanCanvas, hand: Any, mark_of: Callable[..., Mark]
) -> None:
    canvas.show_text(LETTER)
    canvas.set_marks([mark_of("Okafor")])
    hand.press("Tab")
    assert hand.overrides("Escape")
    assert hand.press("Escape")
    assert canvas.current() is None
    hand.press("Shift+Right")
    assert hand.press("Escape")
    assert canvas.selection() is None
    assert not hand.overrides("Escape")
    assert not hand.press("Escape")


@pytest.mark.parametrize(
    "key",
    PROGRAM_KEYS.split(),
)
def test_all_other_keys_are_the_programs(canvas: SpanCanvas, hand: Any, key: str) -> None:
    canvas.show_text(LETTER)
    canvas.set_marks([Mark(0, 4, 1)])
    canvas.select(0, 4)
    assert not hand.overrides(key)
    assert not hand.press(key)
    assert canvas.content() == LETTER
    assert canvas.selection() == (0, 4)


@pytest.mark.parametrize(
    "key", ["Left", "Shift+Right", "Ctrl+Left", "Up", "Home", "PageDown", "Tab", "Alt+Left"]
)
def test_its_own_keys_come_before_the_programs_shortcuts(
    canvas: SpanCanvas, hand: Any, key: str
) -> None:
    canvas.show_text(LETTER)
    canvas.set_marks([Mark(0, 4, 1)])
    canvas.set_current(Mark(0, 4, 1))
    assert hand.overrides(key)


def test_what_is_copied_is_the_text_as_it_is(canvas: SpanCanvas, hand: Any) -> None:
    content = "one\r\ntwo\t👩‍⚖️ three"
    canvas.show_text(content)
    hand.press("Ctrl+A")
    assert hand.press("Ctrl+C")
    assert QGuiApplication.clipboard().text() == content
    canvas.set_marks([Mark(5, 8, 1)])
    canvas.set_current(Mark(5, 8, 1))
    hand.press("Ctrl+C")
    assert QGuiApplication.clipboard().text() == "two"
    hand.press("Escape")
    assert not hand.press("Ctrl+C"), "nothing is chosen, and the clipboard keeps what it has"
    assert QGuiApplication.clipboard().text() == "two"


def test_left_and_right_follow_the_eye_in_a_right_to_left_text(
    canvas: SpanCanvas, hand: Any
) -> None:
    canvas.show_text("שלום לגברת אוקפור")
    hand.press("Left")
    assert canvas.caret() == 5
    assert canvas.rect_of(5).left() < canvas.rect_of(0).left()
    hand.press("Shift+Left")
    assert hand.selected() == "לגברת"
    hand.press("Alt+Right")
    assert hand.selected() == "לגבר"
    hand.press("Right")
    assert canvas.caret() == 5


SCRAPS = (
    "a|b1| |.|\n|\r\n|\t|e\u0301|👩‍⚖️|👨‍👩‍👧|🇩🇪|שלום|\ud83d|\ude00|\0|张|\u200b|\u2028|👍🏽|\u0301"
)
PIECES = st.sampled_from(SCRAPS.split("|"))
KEYS = st.sampled_from(
    [f"{held}{key}" for held in ("", "Shift+", "Ctrl+", "Ctrl+Shift+") for key in ("Left", "Right")]
    + ["Alt+Left", "Alt+Right", "Alt+Shift+Left", "Alt+Shift+Right", "Up", "Down", "Shift+Down"]
    + ["Home", "End", "Ctrl+Home", "Ctrl+End", "PageDown", "PageUp", "Escape", "Shift+Up"]
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PIECES, max_size=25).map("".join), st.lists(KEYS, max_size=15))
def test_no_key_ever_puts_the_caret_inside_a_grapheme(
    canvas: SpanCanvas, hand: Any, content: str, keys: list[str]
) -> None:
    canvas.show_text(content)
    # To Qt as to the canvas, a lone surrogate is a character that cannot be shown.
    text = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in content)
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    positions = TextPositions(text)
    for key in keys:
        hand.press(key)
        for at in (canvas.caret(), *(canvas.selection() or ())):
            assert 0 <= at <= len(content)
            finder.setPosition(positions.to_units(at))
            assert at in (0, len(content)) or finder.isAtBoundary()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_steps_by_grapheme_reach_everything_from_either_end(
    canvas: SpanCanvas, content: str
) -> None:
    canvas.show_text(content)
    there, back = [0], [len(content)]
    while there[-1] < len(content):
        there.append(canvas.next_boundary(there[-1], forward=True))
    while back[-1] > 0:
        back.append(canvas.next_boundary(back[-1], forward=False))
    assert there == back[::-1]
