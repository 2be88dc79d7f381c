"""A project in which passages are marked: what works in the window works, the rest says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.dialogs.import_dialog import ImportDialog
from desktop.inspect.view import InspectView
from desktop.texts.model import ROW
from desktop.texts.table import TextsTable
from desktop.window import MainWindow
from engine.api import CreateProject, Engine, ImportTexts

WAIT = 15_000
LETTERS = """Dear\tO
Ms\tO
Okafor\tB-PER

Nothing\tO
here\tO
"""


@pytest.fixture
def window(open_window: Callable[[Path], MainWindow], tmp_path: Path) -> MainWindow:
    """The window on a project of two texts, one of them with a marked passage."""
    path, source = tmp_path / "letters.glossator", tmp_path / "letters.conll"
    source.write_text(LETTERS)
    with Engine(suggestions=False) as engine:
        engine.submit(CreateProject(str(path), ("PER",), kind="spans")).result(WAIT / 1000)
        engine.submit(ImportTexts(str(source), 1)).result(WAIT / 1000)
    return open_window(path)


def shown(window: MainWindow, part: str) -> str:
    """All words that can be read in a part of the window."""
    widget = window.findChild(QWidget, part)
    assert widget is not None
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_texts_show_which_passages_are_marked(window: MainWindow, qtbot: QtBot) -> None:
    window.open_view("texts")
    table = window.findChild(TextsTable, "texts.table")
    assert table is not None
    qtbot.waitUntil(lambda: table.model().index(1, 0).data(ROW) is not None, timeout=WAIT)
    assert table.model().index(0, 0).data(ROW).label_ids == (1,)
    passages = window.findChild(QLabel, "texts.detail_passages")
    qtbot.waitUntil(lambda: passages.text() == "PER Okafor", timeout=WAIT)
    assert window.actions_.qaction("texts.open").isEnabled()
    qtbot.keyClick(table, Qt.Key.Key_1)
    assert table.model().index(0, 0).data(ROW).labelled


def test_inspect_says_what_to_do_without_a_model(window: MainWindow, qtbot: QtBot) -> None:
    window.open_view("inspect")
    view = window.findChild(InspectView)
    assert view is not None
    view.setObjectName("inspect.whole")
    qtbot.waitUntil(
        lambda: "Mark passages in some texts" in shown(window, "inspect.whole"), timeout=WAIT
    )
    assert not window.actions_.qaction("inspect.take").isEnabled()
    assert not window.actions_.qaction("inspect.open").isVisible()


def test_a_file_with_passages_is_previewed_as_such(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    source = tmp_path / "more.jsonl"
    source.write_text('{"text": "Leeds, 3 March", "spans": [[0, 5, "PLACE"], [7, 14, "DATE"]]}\n')
    window.commands.take_file(source)
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.text_column.count() > 0, timeout=WAIT)
    command = dialog.command()
    assert command is not None
    assert (command.text_column, command.label_column) == ("text", "spans")
    words = dialog.findChild(QLabel, "import_dialog.unknown.words")
    assert words.text() == "2 labels of this file are not in the project: “PLACE”, “DATE”."
    dialog.reject()


def test_an_export_can_be_conll(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.actions_.trigger("texts.export")
    choice = window.findChild(QFileDialog)
    assert choice is not None
    assert "CoNLL (*.conll)" in choice.nameFilters()
    out = tmp_path / "out.conll"
    choice.fileSelected.emit(str(out))
    choice.reject()
    qtbot.waitUntil(out.exists, timeout=WAIT)
    assert out.read_text(encoding="utf-8") == LETTERS + "\n"
