"""Suggestions: a warm worker predicts what nobody has labelled, and leaves the rest alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from engine.api import (
    ClearLabels,
    Engine,
    GetText,
    ListTextIds,
    OpenProject,
    PredictionsChanged,
    ProjectInfo,
    RequestSuggestions,
    SetLabels,
    SuggestionsProgressed,
    TextDetail,
    TextFilter,
    UseForSuggestions,
)

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)

WAIT = 90.0


@pytest.fixture
def suggesting(
    trained: ProjectInfo, engine: Engine, heard: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """A second engine, which suggests, on the trained project; the first one has let go of it."""
    engine.close()
    monkeypatch.setattr("engine.service.suggestions.QUIET_START", 0.0)
    monkeypatch.setattr("engine.service.suggestions.PAUSES", (0.0, 0.0, 0.0))
    with Engine(heard) as started:
        started.submit(OpenProject(trained.path)).result(WAIT)
        yield started


def workers() -> list[psutil.Process]:
    return [
        child for child in psutil.Process().children() if "engine.jobs.worker" in child.cmdline()
    ]


def test_suggestions_arrive_for_unlabelled_texts_and_only_for_them(
    suggesting: Engine, trained: ProjectInfo, heard: Any
) -> None:
    task = trained.task
    unlabelled = set(
        suggesting.ask(ListTextIds(task.id, TextFilter(state="not labelled"))).result(WAIT)
    )
    # One is labelled while the worker is still loading its libraries.
    labelled_meanwhile = min(unlabelled)
    suggesting.submit(SetLabels(task.id, (labelled_meanwhile,), (task.labels[0].id,))).result(WAIT)

    heard.wait_for(
        SuggestionsProgressed, lambda event: event.done >= len(unlabelled) - 1, seconds=WAIT
    )

    suggested = {
        text_id
        for event in heard.of(PredictionsChanged)
        if event.split == ""
        for text_id in event.text_ids
    }
    assert suggested == unlabelled - {labelled_meanwhile}
    detail: TextDetail = suggesting.ask(GetText(task.id, max(unlabelled))).result(WAIT)
    assert detail.suggestion is not None
    assert detail.suggestion.model_id == trained.suggestion_model_id
    assert sum(detail.suggestion.probabilities) == pytest.approx(1.0, abs=1e-4)

    # A text whose label is taken off again gets its suggestion too.
    suggesting.submit(ClearLabels(task.id, (labelled_meanwhile,))).result(WAIT)
    heard.wait_for(PredictionsChanged, lambda event: event.text_ids == (labelled_meanwhile,))

    # A worker that dies is started again when there is something to do.
    (worker,) = workers()
    worker.kill()
    suggesting.submit(ClearLabels(task.id, (1,))).result(WAIT)
    heard.wait_for(PredictionsChanged, lambda event: event.text_ids == (1,), seconds=WAIT)


def test_no_worker_runs_without_a_chosen_model(suggesting: Engine, trained: ProjectInfo) -> None:
    suggesting.submit(UseForSuggestions(None)).result(WAIT)
    suggesting.submit(RequestSuggestions((1, 2, 3))).result(WAIT)
    assert until(lambda: not workers())


def test_an_engine_that_shows_no_suggestions_starts_no_worker(
    engine: Engine, trained: ProjectInfo
) -> None:
    engine.submit(RequestSuggestions((250, 251))).result(WAIT)
    assert not workers()


def until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
