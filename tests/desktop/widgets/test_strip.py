"""The strip tells without stopping anybody."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from desktop.theme.theme import Theme
from desktop.widgets.progress_item import ProgressItem, Switch
from desktop.widgets.strip import StatusStrip


@pytest.fixture
def strip(theme: Theme, qtbot: QtBot) -> StatusStrip:
    strip = StatusStrip(theme)
    strip.resize(900, 60)
    qtbot.addWidget(strip)
    strip.show()
    return strip


def test_an_error_stays_until_it_is_dismissed(strip: StatusStrip, qtbot: QtBot) -> None:
    strip.show_message("The disk is full.", "OSError: 28", "error")
    assert strip.banner.isVisible()
    assert strip.banner.sentence == "The disk is full."
    qtbot.mouseClick(strip.findChild(QPushButton, "strip.details"), Qt.MouseButton.LeftButton)
    details = strip.findChild(QPlainTextEdit, "strip.details.text")
    assert details.isVisible()
    assert details.toPlainText() == "OSError: 28"
    strip.show_message("Undone.")
    assert strip.banner.sentence == "The disk is full."
    strip.banner.hide()
    assert strip.banner.sentence == ""


def test_a_message_can_offer_to_act(strip: StatusStrip, qtbot: QtBot) -> None:
    done: list[str] = []
    strip.show_message("fine-tune-1 was deleted.", action=("Restore", lambda: done.append("back")))
    button = strip.findChild(QPushButton, "strip.action")
    assert button.text() == "Restore"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["back"]
    assert not button.isVisible()
    strip.clear_message()


def test_long_work_shows_how_far_it_is_and_can_be_cancelled(
    strip: StatusStrip, qtbot: QtBot
) -> None:
    cancelled: list[str] = []
    strip.show_progress("job.1", "fine-tune-1", 0.25, lambda: cancelled.append("job.1"))
    strip.show_progress("job.1", "fine-tune-1 · 0:10 left", 0.5, lambda: cancelled.append("job.1"))
    item = strip.findChild(ProgressItem, "strip.progress.job.1")
    assert item.accessibleName() == "fine-tune-1 · 0:10 left"
    switch = strip.findChild(QToolButton, "strip.progress.switch")
    assert not switch.isVisibleTo(item)
    paused: list[str] = []
    pause = Switch("pause", "Pause", lambda: paused.append("job.1"))
    strip.show_progress("job.1", "fine-tune-1", 0.5, lambda: cancelled.append("job.1"), pause)
    assert (switch.isVisibleTo(item), switch.accessibleName()) == (True, "Pause")
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert paused == ["job.1"]
    item.cancel()
    assert cancelled == ["job.1"]
    strip.end_progress("job.1")
    strip.end_progress("job.1")


def test_saved_is_said_beside_the_counts(strip: StatusStrip) -> None:
    saved = strip.findChild(QLabel, "strip.saved")
    assert not saved.isVisible()
    strip.show_counts("6 of 20 labelled")
    assert saved.isVisible()
    assert saved.text().endswith("saved")
    strip.show_saved(False)
    assert saved.text().endswith("saving")


def test_a_message_of_a_hidden_strip_leaves_no_timer_behind(strip: StatusStrip) -> None:
    strip.show_message("Undone.")
    assert any(timer.isActive() for timer in strip.findChildren(QTimer))
    strip.hide()
    assert not any(timer.isActive() for timer in strip.findChildren(QTimer))
