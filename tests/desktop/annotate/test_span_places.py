"""Passages in projects of all kinds: imported, empty, of whole texts, and very long."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.annotate.span_canvas import Mark

Key = Qt.Key
LETTERS = (
    "We wrote to Adaeze Okafor on 3 March about the water in her basement.",
    "Then Okafor called from Leeds, and Okafor was not content.",
    "Nothing is to be found in this one.",
    "In York it rained on 4 May 2024.",
)

Annotate = Callable[[Path], Any]
MakeProject = Callable[..., Path]


def test_imported_marks_are_confirmed_by_enter(
    annotate: Annotate, make_span_project: MakeProject
) -> None:
    annotator = annotate(make_span_project(LETTERS, {0: [(12, 25, "PER")]}))
    annotator.window.open_view("annotate", text_id=1)
    annotator.until(lambda: annotator.text() == LETTERS[0])
    assert annotator.marked() == [("Adaeze Okafor", "PER")]
    annotator.press(Key.Key_Return)
    annotator.until(lambda: annotator.stored(LETTERS[0]).origin == "person")
    assert annotator.stored(LETTERS[0]).spans[0].origin == "import"


def test_a_project_of_whole_texts_has_its_own_page_again(
    annotate: Annotate, make_span_project: MakeProject, make_project: MakeProject
) -> None:
    annotator = annotate(make_span_project(LETTERS))
    window = annotator.window
    window.commands.open_project(make_project(contents=("A letter.",), labelled=0))
    annotator.until(lambda: annotator.text() == "A letter.")
    annotator.press(Key.Key_2)
    annotator.until(lambda: annotator.labels_of("A letter.") == ["claim status"])
    assert not window.actions_.qaction("annotate.accept_passage").isEnabled()


def test_a_task_without_labels_and_a_project_without_texts_say_what_to_do(
    annotate: Annotate, make_span_project: MakeProject
) -> None:
    annotator = annotate(make_span_project(LETTERS, labels=()))
    page = annotator.part(QWidget, "annotate.empty")
    words = " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())
    assert "Name the kinds of passage" in words


def test_a_very_long_text_is_marked_as_quickly(
    annotate: Annotate, make_span_project: MakeProject
) -> None:
    content = " ".join(f"On {day % 28 + 1} March we met Ada{day} Okafor." for day in range(6_500))
    assert len(content) > 200_000
    annotator = annotate(make_span_project((content,)))
    for key in (Key.Key_2, Key.Key_1, Key.Key_2):
        annotator.press(key)
    annotator.until(lambda: annotator.marked()[:1] == [("1 March", "DATE")])
    annotator.canvas.set_caret(len(content) - 10)
    annotator.press(Key.Key_1)
    annotator.press(Key.Key_A)
    annotator.until(lambda: len(annotator.stored(content).spans) == 4)
    assert annotator.canvas.current() is None or isinstance(annotator.canvas.current(), Mark)
