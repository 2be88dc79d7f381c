"""A file is shown before its texts come in, and what came of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from desktop.dialogs.import_dialog import ImportDialog
from desktop.dialogs.import_report import ImportReportDialog
from desktop.window import MainWindow

WAIT = 15_000
ROWS = "body,kind,part\nThe roof leaks.,roof,train\nMy bicycle is gone.,complaint,test\n"

OpenDialog = Callable[[str], ImportDialog]


@pytest.fixture
def open_dialog(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> OpenDialog:
    def open_(content: str) -> ImportDialog:
        source = tmp_path / "more.csv"
        source.write_text(content)
        window.commands.take_file(source)
        dialog = window.findChild(ImportDialog)
        assert dialog is not None
        qtbot.waitUntil(lambda: dialog.text_column.count() > 0, timeout=WAIT)
        return dialog

    return open_


def test_it_shows_the_first_rows_and_guesses(open_dialog: OpenDialog) -> None:
    dialog = open_dialog("text,label\nThe roof leaks.,complaint\n")
    table = dialog.findChild(QTableWidget, "import_dialog.rows")
    assert table.item(0, 0).text() == "The roof leaks."
    command = dialog.command()
    assert command is not None
    assert (command.text_column, command.label_column) == ("text", "label")
    assert (command.split, command.split_column) == (None, None)
    assert not dialog.findChild(QWidget, "import_dialog.unknown").isVisible()
    dialog.reject()


def test_unknown_labels_are_named_and_can_be_added(
    open_dialog: OpenDialog, window: MainWindow, qtbot: QtBot
) -> None:
    dialog = open_dialog(ROWS)
    dialog.text_column.setCurrentText("body")
    dialog.label_column.setCurrentText("kind")
    dialog.label_column.activated.emit(dialog.label_column.currentIndex())
    words = dialog.findChild(QLabel, "import_dialog.unknown.words")
    qtbot.waitUntil(lambda: "“roof”" in words.text(), timeout=WAIT)
    assert words.text() == "One label of this file is not in the project: “roof”."
    qtbot.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: window.bridge.project is not None and len(window.bridge.project.task.labels) == 4,
        timeout=WAIT,
    )


def test_unknown_labels_can_be_left_out(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(ROWS)
    dialog.drop.setChecked(True)
    command = dialog.command()
    assert command is not None
    assert command.unknown_labels == "drop"
    dialog.reject()


def test_the_split_can_come_from_a_column(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(ROWS)
    dialog.split.setCurrentIndex(dialog.split.findText("As the column “part” says"))
    command = dialog.command()
    assert command is not None
    assert (command.split, command.split_column) == (None, "part")
    dialog.split.setCurrentIndex(dialog.split.findData("test"))
    command = dialog.command()
    assert command is not None
    assert (command.split, command.split_column) == ("test", None)
    dialog.reject()


def test_refused_rows_are_listed_with_the_reason(
    open_dialog: OpenDialog, window: MainWindow, qtbot: QtBot
) -> None:
    dialog = open_dialog("text,label\nThe roof leaks.,complaint\n,complaint\n")
    qtbot.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.findChild(ImportReportDialog) is not None, timeout=WAIT)
    report = window.findChild(ImportReportDialog)
    table = report.findChild(QTableWidget, "import_report.problems")
    assert table.rowCount() == 1
    assert table.item(0, 0).text() == "2"
    assert report.summary == "1 text imported, 1 row refused."
    qtbot.mouseClick(report.agree, Qt.MouseButton.LeftButton)
    assert not report.isVisible()
