"""Events and answers reach the GUI thread in order, and only those who still want them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from desktop.bridge import Bridge
from engine.api import (
    CloseProject,
    Counts,
    GetCounts,
    KnownError,
    LabelsChanged,
    ListTextIds,
    OpenProject,
    ProjectInfo,
    ProjectOpened,
    SetLabels,
    TextFilter,
    UndoLast,
)

WAIT = 15_000


class Listener(QObject):
    """Notes what it is told, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: set[int] = set()

    def hear(self, thing: object) -> None:
        self.heard.append(thing)
        self.threads.add(threading.get_ident())


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def project(bridge: Bridge, make_project: Callable[[], Path], qtbot: QtBot) -> ProjectInfo:
    bridge.send(OpenProject(path=str(make_project())))
    qtbot.waitUntil(lambda: bridge.project is not None, timeout=WAIT)
    assert bridge.project is not None
    return bridge.project


def test_events_arrive_on_the_gui_thread(
    bridge: Bridge, listener: Listener, make_project: Callable[[], Path], qtbot: QtBot
) -> None:
    bridge.on(ProjectOpened, listener.hear)
    bridge.send(OpenProject(path=str(make_project())))
    qtbot.waitUntil(lambda: bool(listener.heard), timeout=WAIT)
    assert listener.threads == {threading.get_ident()}
    assert bridge.project is not None


def test_the_project_is_kept_current(bridge: Bridge, project: ProjectInfo, qtbot: QtBot) -> None:
    task = project.task
    with qtbot.waitSignal(bridge.project_changed, timeout=WAIT):
        bridge.send(SetLabels(task.id, (10,), (task.labels[0].id,)))
    qtbot.waitUntil(lambda: bool(bridge.project and bridge.project.undo), timeout=WAIT)
    bridge.send(CloseProject())
    qtbot.waitUntil(lambda: bridge.project is None, timeout=WAIT)


def test_a_command_answers_and_its_event_came_before(
    bridge: Bridge, project: ProjectInfo, listener: Listener, qtbot: QtBot
) -> None:
    bridge.on(LabelsChanged, listener.hear)
    label = project.task.labels[0].id
    bridge.send(SetLabels(project.task.id, (10,), (label,)), done=listener.hear)
    qtbot.waitUntil(lambda: len(listener.heard) == 2, timeout=WAIT)
    event, step = listener.heard
    assert isinstance(event, LabelsChanged)
    assert event.text_ids == step.text_ids == (10,)


def test_labels_count_as_unsaved_until_they_are_on_disk(
    bridge: Bridge, project: ProjectInfo, qtbot: QtBot
) -> None:
    counted: list[int] = []
    bridge.unsaved_changed.connect(counted.append)
    for text_id in (10, 11):
        bridge.send(SetLabels(project.task.id, (text_id,), (project.task.labels[0].id,)))
    assert counted == [1, 2]
    qtbot.waitUntil(lambda: counted[-1] == 0, timeout=WAIT)


def test_a_refusal_goes_to_whoever_asked(
    bridge: Bridge, listener: Listener, tmp_path: Path, qtbot: QtBot
) -> None:
    bridge.send(OpenProject(path=str(tmp_path / "none.glossator")), failed=listener.hear)
    qtbot.waitUntil(lambda: bool(listener.heard), timeout=WAIT)
    assert isinstance(listener.heard[0], KnownError)


def test_a_refusal_that_nobody_takes_is_told(bridge: Bridge, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bridge.failed, timeout=WAIT) as told:
        bridge.send(OpenProject(path=str(tmp_path / "none.glossator")))
    assert "none.glossator" in told.args[0]


def test_a_newer_question_makes_the_older_void(
    bridge: Bridge, project: ProjectInfo, listener: Listener, qtbot: QtBot
) -> None:
    task = project.task.id
    for words in ("letter", "cellar", "bicycle"):
        bridge.ask(ListTextIds(task, TextFilter(search=words)), listener.hear, "test.ids")
    last: list[Counts] = []
    bridge.ask(GetCounts(task), last.append)
    qtbot.waitUntil(lambda: bool(last), timeout=WAIT)
    qtbot.waitUntil(lambda: bool(listener.heard), timeout=WAIT)
    assert [len(ids) for ids in listener.heard] == [7]


def test_whoever_is_gone_is_not_called(bridge: Bridge, project: ProjectInfo, qtbot: QtBot) -> None:
    listener = Listener()
    heard = listener.heard
    bridge.ask(GetCounts(project.task.id), listener.hear)
    bridge.on(LabelsChanged, listener.hear)
    listener.deleteLater()
    QCoreApplication.sendPostedEvents(listener, QEvent.Type.DeferredDelete)
    done: list[object] = []
    bridge.send(SetLabels(project.task.id, (10,), (project.task.labels[0].id,)), done.append)
    bridge.send(UndoLast(), done.append)
    qtbot.waitUntil(lambda: len(done) == 2, timeout=WAIT)
    assert heard == []
