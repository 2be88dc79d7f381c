"""Expressions and lists are written, tried while they are written, and kept by one press."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.dialogs.rules_dialog import RulesDialog
from desktop.window import MainWindow
from engine.api import ListRules, Rule, SetRules

WAIT = 15_000
PERSON, DATE, TRADE = 1, 2, 3


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> RulesDialog:
    return open_dialog(window, qtbot)


def open_dialog(window: MainWindow, qtbot: QtBot) -> RulesDialog:
    window.actions_.trigger("project.rules")
    dialog = window.findChild(RulesDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.agree.isEnabled, timeout=WAIT)
    return dialog


def found(dialog: RulesDialog) -> str:
    return dialog.findChild(QLabel, "rules_dialog.found").text()


def note(dialog: RulesDialog) -> str:
    return dialog.findChild(QLabel, "rules_dialog.note").text()


def stored(window: MainWindow, qtbot: QtBot) -> tuple[Rule, ...]:
    answers: list[Any] = []
    window.bridge.ask(ListRules(1), answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT)
    rules: tuple[Rule, ...] = answers[0]
    return rules


def save(dialog: RulesDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.accepted, timeout=WAIT):
        qtbot.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)


def choose(dialog: RulesDialog, label_id: int) -> None:
    dialog.label.setCurrentIndex(dialog.label.findData(label_id))
    dialog.label.activated.emit(dialog.label.currentIndex())


def test_what_is_written_is_tried_on_the_texts(dialog: RulesDialog, qtbot: QtBot) -> None:
    dialog.expressions.setPlainText(r"HX-\d{5}")
    dialog.entries.setPlainText("Jane Okafor")
    qtbot.waitUntil(lambda: "Finds 3 passages in 2 of the first 4" in found(dialog), timeout=WAIT)
    assert "“Jane Okafor”" in found(dialog)
    dialog.expressions.setPlainText(r"HX-(\d")
    qtbot.waitUntil(lambda: "cannot be read" in found(dialog), timeout=WAIT)
    dialog.reject()


def test_rules_of_several_labels_are_kept_together_and_recognisers_stay(
    window: MainWindow, qtbot: QtBot
) -> None:
    mail = Rule(PERSON, "recogniser", "email")
    dialog = open_dialog(window, qtbot)
    window.bridge.send(SetRules(PERSON, (mail,)))
    qtbot.waitUntil(lambda: stored(window, qtbot) == (mail,), timeout=WAIT)
    dialog.entries.setPlainText("Jane Okafor\n\n Jane  Okafor \nMr Adeyemi\n")
    choose(dialog, TRADE)
    assert dialog.entries.toPlainText() == ""
    dialog.expressions.setPlainText("flood")
    choose(dialog, PERSON)
    assert "Mr Adeyemi" in dialog.entries.toPlainText()
    save(dialog, qtbot)
    names = [Rule(PERSON, "list", name) for name in ("Jane Okafor", "Mr Adeyemi")]
    assert stored(window, qtbot) == (mail, *names, Rule(TRADE, "expression", "flood"))

    again = open_dialog(window, qtbot)
    assert again.entries.toPlainText() == "Jane Okafor\nMr Adeyemi"
    again.entries.clear()
    save(again, qtbot)
    assert stored(window, qtbot) == (mail, Rule(TRADE, "expression", "flood"))


def test_a_faulty_expression_is_not_kept_and_the_dialog_stays(
    dialog: RulesDialog, window: MainWindow, qtbot: QtBot
) -> None:
    dialog.expressions.setPlainText("(Jane")
    qtbot.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "cannot be read" in note(dialog), timeout=WAIT)
    assert dialog.isVisible()
    assert stored(window, qtbot) == ()
    assert dialog.expressions.toPlainText() == "(Jane"
    dialog.reject()


def test_the_lines_of_a_file_join_the_list(
    dialog: RulesDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    names = tmp_path / "names.txt"
    names.write_bytes("Jürgen Weiß\r\nJane Okafor\r\n\r\n".encode("cp1252"))
    dialog.entries.setPlainText("Jane Okafor")
    dialog.add_lines(names)
    qtbot.waitUntil(
        lambda: dialog.entries.toPlainText() == "Jane Okafor\nJürgen Weiß", timeout=WAIT
    )
    dialog.add_lines(tmp_path / "absent.txt")
    qtbot.waitUntil(lambda: "There is no file" in note(dialog), timeout=WAIT)
    assert dialog.entries.toPlainText() == "Jane Okafor\nJürgen Weiß"
    dialog.reject()
