"""The strip knows what the engine is doing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.frame.status import remaining
from desktop.window import MainWindow
from engine.api import StartJob

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
