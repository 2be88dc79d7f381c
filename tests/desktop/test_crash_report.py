"""An error of the window's own is reported and told; the window goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from desktop.crash import WENT_WRONG, report_errors_to
from desktop.theme.theme import Theme
from desktop.widgets.strip import StatusStrip


@pytest.fixture
def strip(theme: Theme, qtbot: QtBot) -> Iterator[StatusStrip]:
    strip = StatusStrip(theme)
    qtbot.addWidget(strip)
    before = report_errors_to(strip)
    yield strip
    sys.excepthook = before


def test_an_uncaught_error_is_told_with_its_report(strip: StatusStrip, tmp_path: Path) -> None:
    error = RuntimeError("a person's text")
    sys.excepthook(RuntimeError, error, None)
    assert strip.banner.sentence == f"{WENT_WRONG} A report was written."
    report = Path(strip.findChild(QPlainTextEdit, "strip.details.text").toPlainText())
    assert report.parent == tmp_path / "log"
    assert "RuntimeError" in report.read_text()
    assert "a person's text" not in report.read_text()
