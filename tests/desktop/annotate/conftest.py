"""A person at the keyboard of Annotate, in the real window on a real project file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.label_button import LabelButton
from desktop.widgets.reading_pane import ReadingPane
from desktop.window import MainWindow
from engine.api import Command, GetCounts, GetText, ListTextIds, ProjectInfo, Query, TextDetail

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
        pane = self.window.findChild(ReadingPane, "annotate.text")
        return pane.content() if pane is not None and pane.isVisible() else ""

    def is_empty(self) -> bool:
        page = self.window.findChild(QWidget, "annotate.empty")
        return page is not None and page.isVisible()

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
