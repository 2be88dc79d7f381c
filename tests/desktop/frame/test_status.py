"""The strip knows what the engine is doing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.dialogs.close_dialog import CloseDialog
from desktop.frame.status import remaining
from desktop.widgets.progress_item import ProgressItem
from desktop.window import MainWindow
from engine.api import StartJob
from engine.project.jobs import add_events, add_job, set_status
from engine.project.project import open_project

WAIT = 15_000


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (44.6, "0:45"), (130, "2:10"), (3750, "1:02:30")]
)
def test_a_time_that_is_left_reads_like_a_clock(seconds: float, words: str) -> None:
    assert remaining(seconds) == words


def test_a_training_that_cannot_begin_is_told_in_one_sentence(
    open_window: Callable[[Path], MainWindow],
    make_project: Callable[..., Path],
    qtbot: QtBot,
) -> None:
    window = open_window(make_project(labelled=0))
    project = window.bridge.project
    assert project is not None
    window.bridge.send(StartJob(project.task.id, "fine-tune"))
    qtbot.waitUntil(lambda: bool(window.strip.banner.sentence), timeout=WAIT)
    assert window.status.running is None


def stopped_job(path: Path, status: str) -> int:
    """Add a training to a project that was stopped at step 412 of 900."""
    with open_project(path) as project:
        job_id = add_job(project, kind="train", method="fine-tune", name="letters", spec={})
        place = {"checkpoint": 3, "phase": "train", "step": 412, "steps": 900}
        add_events(project, job_id, [("checkpoint", place)])
        set_status(project, job_id, status, "The program ended.")
    return job_id


def test_a_paused_job_stays_in_the_strip_and_can_be_cancelled_there(
    open_window: Callable[[Path], MainWindow], make_project: Callable[..., Path], qtbot: QtBot
) -> None:
    path = make_project()
    job_id = stopped_job(path, "paused")
    window = open_window(path)
    name = f"strip.progress.job.{job_id}"
    qtbot.waitUntil(lambda: window.strip.findChild(ProgressItem, name) is not None, timeout=WAIT)
    item = window.strip.findChild(ProgressItem, name)
    assert item.accessibleName() == "letters · paused at step 412 of 900"
    assert item.findChild(QToolButton, "strip.progress.switch").accessibleName() == "Resume"
    item.cancel()
    qtbot.waitUntil(lambda: window.strip.findChild(ProgressItem, name) is None, timeout=WAIT)


def test_a_job_that_was_interrupted_is_offered_when_the_project_is_opened(
    open_window: Callable[[Path], MainWindow], make_project: Callable[..., Path], qtbot: QtBot
) -> None:
    path = make_project()
    stopped_job(path, "interrupted")
    window = open_window(path)
    offer = window.strip.findChild(QPushButton, "strip.action")
    qtbot.waitUntil(offer.isVisible, timeout=WAIT)
    assert offer.text() == "Resume"
    message = window.strip.findChild(QWidget, "strip.message")
    assert message.text() == "letters was stopped at step 412 of 900."
    assert not window.actions_.trigger("job.pause")


def test_a_running_job_is_not_given_up_by_closing_the_window(
    window: MainWindow, qtbot: QtBot
) -> None:
    project = window.bridge.project
    assert project is not None
    assert not window.actions_.trigger("job.cancel")
    window.bridge.send(StartJob(project.task.id, "fine-tune", name="first"))
    qtbot.waitUntil(lambda: window.status.running is not None, timeout=WAIT)
    window.close()
    assert window.isVisible()
    dialog = window.findChild(CloseDialog)
    assert dialog is not None
    qtbot.mouseClick(dialog.refuse, Qt.MouseButton.LeftButton)
    assert window.isVisible()
    assert window.actions_.trigger("job.cancel")
    qtbot.waitUntil(lambda: window.status.running is None, timeout=WAIT)
    window.close()
    assert not window.isVisible()
