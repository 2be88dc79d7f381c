"""Commands are done by their keys, in their own view, and never while somebody is typing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QTextBrowser, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.actions import ActionSet
from desktop.theme.theme import Theme


class Stage(QWidget):
    """A field, a button and a page, with a set of commands that note what was done."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.done: list[str] = []
        self.field = QLineEdit()
        self.button = QPushButton("press")
        self.button.clicked.connect(lambda: self.done.append("button"))
        self.page = QTextBrowser()
        column = QVBoxLayout(self)
        for widget in (self.field, self.button, self.page):
            column.addWidget(widget)
        self.commands = ActionSet(self, theme)
        for id in ("annotate.skip", "annotate.flag", "texts.flag", "edit.undo"):
            self.commands.bind(id, lambda id=id: self.done.append(id))
        self.commands.bind_keys("annotate", ["1", "B", "F"], self.done.append)
        self.commands.set_view("annotate")


@pytest.fixture
def stage(theme: Theme, qtbot: QtBot) -> Stage:
    stage = Stage(theme)
    qtbot.addWidget(stage)
    stage.show()
    qtbot.waitActive(stage)
    stage.page.setFocus()
    return stage


def test_a_letter_runs_its_command_over_a_page_that_is_only_read(stage: Stage) -> None:
    QTest.keyClick(stage.page, Qt.Key.Key_Space)
    QTest.keyClick(stage.page, Qt.Key.Key_F)
    QTest.keyClick(stage.page, Qt.Key.Key_Z)
    assert stage.done == ["annotate.skip", "annotate.flag", "edit.undo"]


def test_a_letter_that_is_typed_is_a_letter(stage: Stage) -> None:
    stage.field.setFocus()
    QTest.keyClicks(stage.field, "f z1b")
    assert stage.field.text() == "f z1b"
    assert stage.done == []


def test_space_presses_the_button_that_has_the_focus(stage: Stage) -> None:
    stage.button.setFocus()
    QTest.keyClick(stage.button, Qt.Key.Key_Space)
    assert stage.done == ["button"]


def test_the_same_letter_means_another_thing_in_another_view(stage: Stage) -> None:
    stage.commands.set_view("texts")
    QTest.keyClick(stage.page, Qt.Key.Key_F)
    QTest.keyClick(stage.page, Qt.Key.Key_Space)
    assert stage.done == ["texts.flag"]


def test_keys_of_labels_work_in_their_view_and_give_way_to_commands(stage: Stage) -> None:
    for key in (Qt.Key.Key_1, Qt.Key.Key_B, Qt.Key.Key_F):
        QTest.keyClick(stage.page, key)
    assert stage.done == ["1", "B", "annotate.flag"]
    stage.commands.set_view("texts")
    QTest.keyClick(stage.page, Qt.Key.Key_1)
    assert stage.done == ["1", "B", "annotate.flag"]


def test_new_keys_of_labels_take_the_place_of_the_old(stage: Stage) -> None:
    stage.commands.bind_keys("annotate", ["2"], stage.done.append)
    QTest.keyClick(stage.page, Qt.Key.Key_1)
    QTest.keyClick(stage.page, Qt.Key.Key_2)
    assert stage.done == ["2"]


def test_a_command_that_cannot_be_done_is_off(stage: Stage) -> None:
    possible = [False]
    stage.commands.bind("annotate.comment", lambda: stage.done.append("c"), lambda: possible[0])
    assert not stage.commands.trigger("annotate.comment")
    possible[0] = True
    stage.commands.refresh()
    assert stage.commands.qaction("annotate.comment").isEnabled()
    assert stage.commands.trigger("annotate.comment")
    assert stage.done == ["c"]


def test_commands_of_another_kind_of_task_are_hidden_and_their_keys_free(stage: Stage) -> None:
    for id in ("inspect.open", "inspect.take"):
        stage.commands.bind(id, lambda id=id: stage.done.append(id))
    for place, id in (("documents", "inspect.open"), ("spans", "inspect.take")):
        stage.commands.set_view(f"inspect.{place}")
        QTest.keyClick(stage.page, Qt.Key.Key_Return)
        assert stage.done.pop() == id
        assert stage.commands.qaction(id).isVisible()
    assert not stage.commands.qaction("inspect.open").isVisible()
    assert not stage.commands.trigger("inspect.open")
    assert stage.done == []


def test_a_command_that_nobody_bound_is_off(stage: Stage) -> None:
    assert "annotate.next" in stage.commands.unbound()
    assert not stage.commands.trigger("annotate.next")


def test_a_tooltip_names_the_key(stage: Stage) -> None:
    assert stage.commands.tooltip("annotate.skip").endswith("(Space)")
