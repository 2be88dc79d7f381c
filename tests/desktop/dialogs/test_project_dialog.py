"""A project begins with a name and labels; both can come from a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.app import Desktop
from desktop.dialogs.import_dialog import ImportDialog
from desktop.dialogs.project_dialog import ProjectDialog

WAIT = 15_000


@pytest.fixture
def dialog(desktop: Desktop, tmp_path: Path) -> ProjectDialog:
    desktop.settings.setValue("projects_folder", str(tmp_path))
    desktop.window.commands.new_project()
    dialog = desktop.window.findChild(ProjectDialog)
    assert dialog is not None
    return dialog


def test_it_makes_the_project_that_was_described(
    dialog: ProjectDialog, desktop: Desktop, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog.name.setText("letters 2024")
    dialog.labels.setPlainText("new claim\n\n complaint \nnew claim\n")
    dialog.several.setChecked(True)
    dialog.guideline.setPlainText("What does the writer want?")
    qtbot.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desktop.bridge.project is not None, timeout=WAIT)
    project = desktop.bridge.project
    assert project is not None
    assert Path(project.path) == tmp_path / "letters 2024.glossator"
    assert [label.name for label in project.task.labels] == ["new claim", "complaint"]
    assert project.task.multi_label
    assert project.task.guideline == "What does the writer want?"
    assert desktop.window.view is not None
    assert desktop.window.view.name == "texts"


def test_without_a_name_or_labels_it_waits(dialog: ProjectDialog) -> None:
    assert not dialog.agree.isEnabled()
    dialog.name.setText("letters")
    assert not dialog.agree.isEnabled()
    dialog.labels.setPlainText("complaint")
    assert dialog.agree.isEnabled()
    dialog.reject()


def test_an_existing_file_is_not_written_over(
    dialog: ProjectDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "letters.glossator").write_text("precious")
    dialog.name.setText("letters")
    dialog.labels.setPlainText("complaint\nother")
    qtbot.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)
    note = dialog.findChild(QLabel, "project_dialog.note")
    qtbot.waitUntil(lambda: bool(note.text()), timeout=WAIT)
    assert (tmp_path / "letters.glossator").read_text() == "precious"
    assert dialog.agree.isEnabled()
    dialog.reject()


def test_a_file_gives_its_labels_and_is_imported_next(
    dialog: ProjectDialog, desktop: Desktop, tmp_path: Path, qtbot: QtBot
) -> None:
    source = tmp_path / "claims.csv"
    source.write_text("text,label\nThe roof leaks.,roof\nThe cellar is wet.,cellar\n")
    dialog.take_file(source)
    qtbot.waitUntil(lambda: dialog.label_names() == ("roof", "cellar"), timeout=WAIT)
    qtbot.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desktop.window.findChild(ImportDialog) is not None, timeout=WAIT)
    importing = desktop.window.findChild(ImportDialog)
    qtbot.waitUntil(importing.agree.isEnabled, timeout=WAIT)
    qtbot.mouseClick(importing.agree, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: desktop.bridge.project is not None and desktop.bridge.project.texts == 2,
        timeout=WAIT,
    )


def test_a_file_that_cannot_be_read_is_named(
    dialog: ProjectDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog.take_file(tmp_path / "missing.csv")
    note = dialog.findChild(QLabel, "project_dialog.note")
    qtbot.waitUntil(lambda: "missing.csv" in note.text(), timeout=WAIT)
    dialog.reject()


def test_a_project_in_which_passages_are_marked_begins_here_too(
    dialog: ProjectDialog, desktop: Desktop, qtbot: QtBot
) -> None:
    dialog.name.setText("records")
    dialog.passages.setChecked(True)
    assert "person" in dialog.labels.placeholderText()
    dialog.labels.setPlainText("person\ndate")
    qtbot.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desktop.bridge.project is not None, timeout=WAIT)
    assert desktop.bridge.project is not None
    task = desktop.bridge.project.task
    assert (task.kind, [label.name for label in task.labels]) == ("spans", ["person", "date"])


def test_a_file_with_marked_passages_makes_it_a_project_of_passages(
    dialog: ProjectDialog, desktop: Desktop, tmp_path: Path, qtbot: QtBot
) -> None:
    source = tmp_path / "letters.jsonl"
    source.write_text('{"text": "Dear Ms Okafor", "spans": [[8, 14, "person"]]}\n')
    dialog.take_file(source)
    qtbot.waitUntil(lambda: dialog.label_names() == ("person",), timeout=WAIT)
    assert dialog.passages.isChecked()
    dialog.single.setChecked(True)
    qtbot.waitUntil(lambda: dialog.label_names() != ("person",), timeout=WAIT)
    dialog.reject()
