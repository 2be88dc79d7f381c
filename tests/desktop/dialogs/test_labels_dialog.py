"""Labels are changed in one place; every change is kept at once and can be undone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from desktop.dialogs.labels_dialog import LabelsDialog
from desktop.window import MainWindow
from engine.api import LabelInfo

WAIT = 15_000


@pytest.fixture
def dialog(window: MainWindow) -> LabelsDialog:
    window.actions_.trigger("project.labels")
    dialog = window.findChild(LabelsDialog)
    assert dialog is not None
    return dialog


def labels(window: MainWindow) -> tuple[LabelInfo, ...]:
    assert window.bridge.project is not None
    return window.bridge.project.task.labels


def test_a_name_is_changed_when_the_field_is_left(
    dialog: LabelsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    first = labels(window)[0]
    field = dialog.findChild(QLineEdit, f"labels_dialog.name.{first.id}")
    field.setText("first notice")
    field.editingFinished.emit()
    qtbot.waitUntil(lambda: labels(window)[0].name == "first notice", timeout=WAIT)
    dialog.accept()
    qtbot.waitUntil(lambda: window.actions_.trigger("edit.undo"), timeout=WAIT)
    qtbot.waitUntil(lambda: labels(window)[0].name == "new claim", timeout=WAIT)


def test_a_label_is_added_and_removed(
    dialog: LabelsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    dialog.new.setText("cancellation")
    QTest.keyClick(dialog.new, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(labels(window)) == 4, timeout=WAIT)
    added = labels(window)[3]
    assert (added.name, added.key) == ("cancellation", "4")
    name = f"labels_dialog.remove.{added.id}"
    qtbot.waitUntil(lambda: dialog.findChild(QToolButton, name) is not None, timeout=WAIT)
    qtbot.mouseClick(dialog.findChild(QToolButton, name), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(labels(window)) == 3, timeout=WAIT)
    dialog.accept()


def test_a_key_of_the_program_is_refused_in_one_sentence(
    dialog: LabelsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    first = labels(window)[0]
    field = dialog.findChild(QLineEdit, f"labels_dialog.key.{first.id}")
    field.setText("z")
    field.editingFinished.emit()
    note = dialog.findChild(QLabel, "labels_dialog.note")
    qtbot.waitUntil(lambda: bool(note.text()), timeout=WAIT)
    assert labels(window)[0].key == "1"
    dialog.accept()


def test_the_guideline_is_kept_on_leaving(
    dialog: LabelsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    dialog.guideline.setPlainText("What does the writer want?")
    dialog.accept()
    qtbot.waitUntil(
        lambda: (
            window.bridge.project is not None
            and window.bridge.project.task.guideline == "What does the writer want?"
        ),
        timeout=WAIT,
    )
