"""Somebody says who or what a marked passage means, by key, in the form below the text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from desktop.annotate.spans.passage_list import PassageList

Key = Qt.Key
LETTER = "Dear Ms Okafor, Jane Okafor and Leeds wrote on 3 March; J. O. did not."
FIRST, WHOLE, LEEDS, INITIALS = (8, 14), (16, 27), (32, 37), (56, 61)


@pytest.fixture
def annotator(annotate: Callable[[Path], Any], make_span_project: Callable[..., Path]) -> Any:
    """A letter with three names of one person, and a place."""
    people = [(*place, "PER") for place in (FIRST, WHOLE, INITIALS)]
    annotator = annotate(make_span_project((LETTER,), {0: [*people, (*LEEDS, "PLACE")]}))
    annotator.window.open_view("annotate", text_id=1)
    annotator.until(lambda: annotator.text() == LETTER)
    return annotator


def say(annotator: Any, place: tuple[int, int], words: str) -> None:
    """Go to a passage, ask for its meaning, and write it."""
    mark = next(m for m in annotator.canvas.marks() if (m.start, m.end) == place)
    annotator.canvas.set_current(mark)
    annotator.press(Key.Key_Equal)
    field = annotator.part(QLineEdit, "annotate.entity")
    annotator.until(field.hasFocus)
    annotator.qtbot.keyClicks(field, words)
    annotator.press(Key.Key_Return)
    annotator.until(annotator.canvas.hasFocus)


def meanings(annotator: Any) -> dict[tuple[int, int], str]:
    return {
        (span.start, span.end): span.entity
        for span in annotator.stored(LETTER).spans
        if span.entity
    }


def test_a_name_makes_two_passages_mean_the_same(annotator: Any) -> None:
    say(annotator, FIRST, "person-1")
    say(annotator, INITIALS, "person-1")
    annotator.until(lambda: meanings(annotator) == {FIRST: "person-1", INITIALS: "person-1"})
    words = annotator.part(PassageList, "annotate.passages").words()
    assert words[0] == "PER Okafor = person-1"
    annotator.press(Key.Key_Z)
    annotator.until(lambda: meanings(annotator) == {FIRST: "person-1"})


def test_the_words_of_another_passage_mean_that_passage(annotator: Any) -> None:
    say(annotator, INITIALS, "Jane Okafor")
    annotator.until(lambda: meanings(annotator) == {WHOLE: "Jane Okafor", INITIALS: "Jane Okafor"})
    annotator.press(Key.Key_Z)
    annotator.until(lambda: meanings(annotator) == {})


def test_the_form_offers_the_other_passages_of_the_label(annotator: Any) -> None:
    annotator.canvas.set_current(annotator.canvas.marks()[0])
    annotator.press(Key.Key_Equal)
    field = annotator.part(QLineEdit, "annotate.entity")
    assert field.placeholderText().endswith("↓ for Jane Okafor, J. O.")
    for key, words in (
        (Key.Key_Down, "Jane Okafor"),
        (Key.Key_Down, "J. O."),
        (Key.Key_Down, "Jane Okafor"),
        (Key.Key_Up, "J. O."),
    ):
        annotator.press(key)
        assert field.text() == words
    annotator.press(Key.Key_Escape)
    annotator.until(annotator.canvas.hasFocus)
    assert meanings(annotator) == {}


def test_an_empty_name_takes_the_meaning_off(annotator: Any) -> None:
    say(annotator, FIRST, "person-1")
    annotator.until(lambda: meanings(annotator) == {FIRST: "person-1"})
    annotator.press(Key.Key_Equal)
    field = annotator.part(QLineEdit, "annotate.entity")
    assert field.text() == "person-1"
    annotator.press(Key.Key_Delete)
    annotator.press(Key.Key_Return)
    annotator.until(lambda: meanings(annotator) == {})


def test_a_moved_boundary_keeps_the_meaning(annotator: Any) -> None:
    say(annotator, FIRST, "person-1")
    annotator.press(Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    annotator.until(lambda: meanings(annotator) == {(8, 13): "person-1"})


def test_without_a_marked_passage_it_says_what_to_do(annotator: Any) -> None:
    annotator.canvas.set_caret(0)
    annotator.press(Key.Key_Equal)
    assert not annotator.part(QLineEdit, "annotate.entity").isVisible()
    assert "Go to a marked passage first" in annotator.part(QLabel, "strip.message").text()
