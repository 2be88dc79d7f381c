"""A person at the keyboard of Annotate, in the real window on a real project file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.annotate.span_canvas import Mark, SpanCanvas
from desktop.widgets.label_button import LabelButton
from desktop.widgets.reading_pane import ReadingPane
from desktop.window import MainWindow
from engine.api import (
    Command,
    CreateProject,
    Engine,
    GetCounts,
    GetText,
    ImportTexts,
    ListTextIds,
    ProjectInfo,
    Query,
    TextDetail,
)
from engine.project.models import set_suggestion_model
from engine.project.project import open_project
from engine.project.span_predictions import SpanPrediction, store_span_predictions

WAIT = 15_000  # milliseconds

Part = TypeVar("Part", bound=QWidget)


class Annotator:
    """Presses keys, reads what is on the screen, and asks the engine what is on disk."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
        window.open_view("annotate")
        self.until(lambda: self.text() != "" or self.is_empty())
        self.ask(ListTextIds(self.project.task.id))  # answered after the texts read ahead

    @property
    def project(self) -> ProjectInfo:
        project = self.window.bridge.project
        assert project is not None
        return project

    def part(self, kind: type[Part], name: str) -> Part:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=WAIT)

    def text(self) -> str:
        """The text on the screen, "" if none is."""
        for kind in (ReadingPane, SpanCanvas):
            pane = self.window.findChild(kind, "annotate.text")
            if pane is not None and pane.isVisible():
                return str(pane.content())
        return ""

    def is_empty(self) -> bool:
        page = self.window.findChild(QWidget, "annotate.empty")
        return page is not None and page.isVisible()

    @property
    def canvas(self) -> SpanCanvas:
        return self.part(SpanCanvas, "annotate.text")

    def marked(self, kind: str = "gold") -> list[tuple[str, str]]:
        """The passages on the screen, each with the name of its label."""
        return [self.said(mark) for mark in self.canvas.marks() if mark.kind == kind]

    def current(self) -> tuple[str, str] | None:
        """The passage one is at, with the name of its label."""
        mark = self.canvas.current()
        return None if mark is None else self.said(mark)

    def selected(self) -> str:
        """The words that are selected."""
        start, end = self.canvas.selection() or (0, 0)
        return self.canvas.content()[start:end]

    def said(self, mark: Mark) -> tuple[str, str]:
        words = self.canvas.content()[mark.start : mark.end]
        return words, self.project.task.label(mark.label_id).name

    def hint(self) -> str:
        """What the line below the labels says that keys do now."""
        return self.part(QLabel, "annotate.hints").text().replace("\u00a0", " ")

    def passages_of(self, content: str) -> list[tuple[str, str]]:
        """The passages of a text as they are on disk, each with the name of its label."""
        return [
            (content[span.start : span.end], self.project.task.label(span.label_id).name)
            for span in self.stored(content).spans
        ]

    def ticked(self) -> list[str]:
        """The names of the labels that are ticked on the screen."""
        buttons = self.window.findChildren(LabelButton)
        return sorted(button.label.name for button in buttons if button.isChecked())

    def press(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self.qtbot.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def ask(self, query: Query) -> Any:
        """Ask the engine once everything that was pressed so far is written."""
        answers: list[Any] = []
        self.window.bridge.ask(query, answers.append)
        self.until(lambda: bool(answers))
        return answers[0]

    def send(self, command: Command) -> None:
        done: list[Any] = []
        self.window.bridge.send(command, done.append)
        self.until(lambda: bool(done))

    def labels_of(self, content: str) -> list[str]:
        """The labels of a text as they are on disk."""
        return self.names(self.stored(content))

    def stored(self, content: str) -> TextDetail:
        task_id = self.project.task.id
        for text_id in self.ask(ListTextIds(task_id)):
            detail: TextDetail = self.ask(GetText(task_id, text_id))
            if detail.content == content:
                return detail
        raise AssertionError(f"no such text: {content!r}")

    def names(self, detail: TextDetail) -> list[str]:
        return sorted(self.project.task.label(id).name for id in detail.row.label_ids)

    def labelled(self) -> int:
        count: int = self.ask(GetCounts(self.project.task.id)).labelled
        return count


@pytest.fixture
def annotate(
    open_window: Callable[[Path], MainWindow], qtbot: QtBot
) -> Callable[[Path], Annotator]:
    """Open a project and begin to annotate."""
    return lambda path: Annotator(open_window(path), qtbot)


PASSAGES = ("PER", "DATE", "PLACE")
Passage = tuple[int, int, str]
Suggested = tuple[int, int, str, float]


@pytest.fixture
def make_span_project(tmp_path: Path) -> Callable[..., Path]:
    """Make a project in which passages are marked and return its path.

    ``make_span_project(contents, marked={}, labels=PASSAGES)``: `marked` gives passages by the
    number of the text, (start, end, label) each.
    """

    def make(
        contents: Sequence[str],
        marked: dict[int, Sequence[Passage]] | None = None,
        labels: Sequence[str] = PASSAGES,
    ) -> Path:
        path, source = tmp_path / "marks.glossator", tmp_path / "marks.jsonl"
        with source.open("w", encoding="utf-8") as file:
            for number, content in enumerate(contents):
                row: dict[str, Any] = {"text": content}
                if marked and number in marked:
                    row["spans"] = [list(span) for span in marked[number]]
                file.write(json.dumps(row) + "\n")
        with Engine(suggestions=False) as engine:
            command = CreateProject(str(path), tuple(labels), kind="spans")
            project: ProjectInfo = engine.submit(command).result(WAIT / 1000)
            engine.submit(ImportTexts(str(source), project.task.id)).result(WAIT / 1000)
        return path

    return make


@pytest.fixture
def with_span_model(
    enter_tagger: Callable[..., int],
) -> Callable[[Path, Sequence[Sequence[Suggested]]], Path]:
    """Enter a model that has read every text of a project, in their order, and let it suggest.

    ``with_span_model(path, suggested)`` returns the path: (start, end, label, confidence) each.
    """
    return partial(_with_span_model, enter_tagger)


def _with_span_model(
    enter_tagger: Callable[..., int], path: Path, suggested: Sequence[Sequence[Suggested]]
) -> Path:
    with open_project(path) as project:
        task = project.info().task
        names = [label.name for label in task.labels]
        model_id = enter_tagger(project, [label.id for label in task.labels], "ner-1")
        rows = [
            SpanPrediction(
                number,
                [(start, end, names.index(name), sure) for start, end, name, sure in spans],
            )
            for number, spans in enumerate(suggested, start=1)
        ]
        store_span_predictions(project, model_id, rows)
        set_suggestion_model(project, model_id)
    return path
