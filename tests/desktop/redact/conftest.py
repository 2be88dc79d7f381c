"""The view on a project of letters: one marked by a person, two read by a model, one by nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.redact.doubt_list import DoubtList
from desktop.redact.view import RedactView
from desktop.window import MainWindow
from engine.project.project import ProjectFile, create_project
from engine.project.span_predictions import SpanPrediction, store_span_predictions
from engine.project.spans import set_spans
from engine.project.texts import ImportedRow, begin_import

WAIT = 15_000
PERSON, DATE, TRADE = 1, 2, 3
LETTERS = (
    "Dear Jane Okafor, the flood of 3 March 2024 is settled.",
    "We have written to Jane Okafor twice about claim HX-48213.",
    "Yesterday jane okafor rang 😀, and Mr Adeyemi with her.",
    "Nobody has looked at this one by jane@example.org.",
)
MARKED, READ, DOUBTED, UNREAD = 1, 2, 3, 4


@pytest.fixture
def letters(tmp_path: Path, enter_tagger: Callable[..., int]) -> Path:
    """The project file."""
    path = tmp_path / "letters.glossator"
    with create_project(
        path,
        labels=("PERSON", "DATE", "TRADE"),
        kind="spans",
        identifiers=("direct", "quasi", "none"),
        annotator="Ada",
    ) as project:
        session = begin_import(project, "post.jsonl", 1)
        session.add(
            [
                ImportedRow(row, content, split="test" if row == MARKED else "train")
                for row, content in enumerate(LETTERS, 1)
            ]
        )
        session.finish()
        marks = (("Jane Okafor", PERSON), ("flood", TRADE), ("3 March 2024", DATE))
        set_spans(project, 1, MARKED, [(*place(MARKED, words), label) for words, label in marks])
        model_id = enter_tagger(project, (PERSON, DATE, TRADE))
        _predict(project, model_id, MARKED, [("Jane Okafor", PERSON, 0.99)])
        _predict(project, model_id, READ, [("Jane Okafor", PERSON, 0.41)])
        _predict(project, model_id, DOUBTED, [])
    return path


@pytest.fixture
def window(open_window: Callable[[Path], MainWindow], letters: Path) -> MainWindow:
    """The window on the project, with Redact shown."""
    window = open_window(letters)
    window.resize(1280, 800)
    window.open_view("redact")
    return window


@pytest.fixture
def view(window: MainWindow, qtbot: QtBot) -> RedactView:
    """Redact, with the first passage in doubt chosen and its text shown."""
    view = window.view
    assert isinstance(view, RedactView)
    doubts = view.findChild(DoubtList)
    assert doubts is not None
    qtbot.waitUntil(lambda: doubts.current() is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: view.findChild(DoubtList).hasFocus(), timeout=WAIT)
    return view


def place(text_id: int, passage: str) -> tuple[int, int]:
    """Where a passage stands in a letter."""
    start = LETTERS[text_id - 1].index(passage)
    return start, start + len(passage)


def _predict(
    project: ProjectFile, model_id: int, text_id: int, passages: Sequence[tuple[str, int, float]]
) -> None:
    spans = [(*place(text_id, words), label_id - 1, sure) for words, label_id, sure in passages]
    store_span_predictions(project, model_id, [SpanPrediction(text_id, spans)])
