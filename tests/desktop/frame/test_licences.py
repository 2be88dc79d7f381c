"""The window shows what the program is made of, and under which licences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from desktop.app import Desktop
from desktop.frame import licences

STORED = {
    "components": [
        {
            "name": "Inter",
            "version": "4.001",
            "kind": "font",
            "licence": "OFL-1.1",
            "note": "",
            "texts": [{"name": "LICENSE", "text": 0}],
        },
        {
            "name": "Qt",
            "version": "6.11.3",
            "kind": "library",
            "licence": "LGPL-3.0-only",
            "note": "Its libraries can be exchanged.",
            "texts": [{"name": "LGPL", "text": 1}, {"name": "GPL", "text": 0}],
        },
    ],
    "texts": ["May be used.\n", "May be linked.\n"],
}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the list that an installed program has."""
    (tmp_path / "licences.json").write_text(json.dumps(STORED), encoding="utf-8")
    monkeypatch.setattr(licences, "files", lambda package: tmp_path)


def test_they_are_reached_from_the_card_about_the_program(
    desktop: Desktop, installed: None
) -> None:
    window = desktop.window
    window.actions_.trigger("app.about")
    about = window.findChild(QWidget, "about")
    QTest.mouseClick(about.findChild(QPushButton, "button.app.licences"), Qt.MouseButton.LeftButton)
    card = window.findChild(QWidget, "licences")
    assert card.isVisible()
    assert not about.isVisible()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_each_part_shows_its_licence_and_all_its_texts(desktop: Desktop, installed: None) -> None:
    window = desktop.window
    window.actions_.trigger("app.licences")
    listed = window.findChild(QListWidget, "licences.list")
    licence = window.findChild(QLabel, "licences.licence")
    text = window.findChild(QPlainTextEdit, "licences.text")
    assert [listed.item(row).text() for row in range(listed.count())] == [
        "Inter 4.001",
        "Qt 6.11.3",
    ]
    assert (licence.text(), text.toPlainText()) == ("OFL-1.1", "May be used.")
    QTest.keyClick(listed, Qt.Key.Key_Down)
    assert licence.text() == "LGPL-3.0-only"
    assert text.toPlainText() == (
        "Its libraries can be exchanged.\n\n\nMay be linked.\n\n\nMay be used."
    )
    assert text.isReadOnly()
    window.actions_.trigger("app.licences")
    assert listed.count() == 2


def test_a_program_that_runs_from_its_source_says_where_they_are(
    desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(licences, "files", lambda package: tmp_path)
    desktop.window.actions_.trigger("app.licences")
    missing = desktop.window.findChild(QLabel, "licences.missing")
    assert missing.isVisible()
    assert "listed in the installed program" in missing.text()
    assert not desktop.window.findChild(QListWidget, "licences.list").isVisible()
    assert licences.read_parts() == ()
