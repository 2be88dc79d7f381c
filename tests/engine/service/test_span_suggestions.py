"""Suggested passages: a warm worker marks what nobody has been through, and what is looked at."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    AddSpans,
    DeleteModel,
    Engine,
    GetText,
    KnownError,
    LabelsChanged,
    ListQueue,
    ListSpanSuggestions,
    OpenProject,
    PredictionsChanged,
    ProjectInfo,
    RequestSuggestions,
    SetSpans,
    SpanSuggestion,
    SuggestionsProgressed,
    UndoLast,
    UseForSuggestions,
)
from engine.project.project import create_project
from engine.project.texts import ImportedRow, begin_import

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)

WAIT = 90.0
LAW, MEDICINE = 1, 2
MARKED = 3
"""Texts that somebody has been through; their ids begin at 1."""
WAITING = 90


@pytest.fixture
def passages(
    tmp_path: Path,
    tagger: Any,
    make_span_rows: Callable[..., Any],
    enter_tagger: Callable[..., int],
) -> Path:
    """A project of passages with a trained model, and one long text behind the others."""
    path = tmp_path / "passages.glossator"
    rows = make_span_rows(MARKED + WAITING - 1, seed=11)
    with create_project(path, labels=("law", "medicine"), kind="spans") as project:
        session = begin_import(project, "rows.jsonl", 1)
        marked = [ImportedRow(n, row.text, spans=()) for n, row in enumerate(rows[:MARKED], 1)]
        others = [ImportedRow(n, row.text) for n, row in enumerate(rows[MARKED:], MARKED + 1)]
        session.add([*marked, *others, ImportedRow(99, "the " * 15_000 + "court")])
        session.finish()
        shutil.copytree(tagger.output, project.models_folder / "marks")
        enter_tagger(project, (LAW, MEDICINE))
    return path


@pytest.fixture
def suggesting(
    heard: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passages: Path
) -> Iterator[Engine]:
    """An engine that suggests, with the project open and no model chosen."""
    monkeypatch.setenv("GLOSSATOR_LOG_DIR", str(tmp_path / "logs"))
    monkeypatch.setenv("GLOSSATOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("engine.service.suggestions.QUIET_START", 0.0)
    with Engine(heard) as started:
        opened: ProjectInfo = started.submit(OpenProject(str(passages))).result(WAIT)
        assert opened.suggestion_model_id is None
        yield started


def suggestions(engine: Engine, text_id: int) -> tuple[SpanSuggestion, ...]:
    found: tuple[SpanSuggestion, ...] = engine.ask(ListSpanSuggestions(1, text_id)).result(WAIT)
    return found


def test_passages_are_suggested_where_nobody_has_been_and_where_somebody_is(
    suggesting: Engine, heard: Any
) -> None:
    assert suggestions(suggesting, MARKED + 1) == ()
    suggesting.submit(UseForSuggestions(1)).result(WAIT)
    heard.wait_for(SuggestionsProgressed, lambda event: event.done >= WAITING, seconds=WAIT)
    told = [text_id for event in heard.of(PredictionsChanged) for text_id in event.text_ids]
    assert sorted(told) == list(range(MARKED + 1, MARKED + WAITING + 1))
    assert max(len(event.text_ids) for event in heard.of(PredictionsChanged)) <= 64

    # The longest is read to its end, and every passage is a place in its text.
    (last, *_) = reversed(suggestions(suggesting, MARKED + WAITING))
    assert (last.start, last.end, last.label_id) == (60_000, 60_005, LAW)
    assert (last.source, last.model_id) == ("model", 1)
    queue = suggesting.ask(ListQueue(1, "least certain")).result(WAIT)
    least = {
        text_id: min((one.confidence for one in suggestions(suggesting, text_id)), default=1.0)
        for text_id in queue
        if suggesting.ask(GetText(1, text_id)).result(WAIT).row.split != "test"
    }
    ranked = [least[text_id] for n, text_id in enumerate(queue[:60]) if n % 5 != 4]
    assert ranked == sorted(ranked)

    # What is accepted is marked, and what is marked is not suggested again; undo brings it back.
    text_id = next(each for each in queue if len(suggestions(suggesting, each)) > 1)
    first, *others = suggestions(suggesting, text_id)
    passage = (first.start, first.end, first.label_id)
    accept = AddSpans(1, text_id, (passage,), origin="suggestion accepted", model_id=1)
    suggesting.submit(accept).result(WAIT)
    assert suggestions(suggesting, text_id) == tuple(others)
    suggesting.submit(UndoLast()).result(WAIT)
    assert suggestions(suggesting, text_id) == (first, *others)

    # A text that somebody has been through waits until somebody looks at it.
    assert suggestions(suggesting, 1) == ()
    suggesting.submit(RequestSuggestions((1,))).result(WAIT)
    heard.wait_for(PredictionsChanged, lambda event: event.text_ids == (1,), seconds=WAIT)
    assert suggestions(suggesting, 1)

    # The folder of a loaded model can be moved to the bin, and its suggestions go with it.
    suggesting.submit(DeleteModel(1)).result(WAIT)
    assert suggestions(suggesting, text_id) == ()


def test_a_first_mark_does_not_cost_a_text_its_suggestions(
    suggesting: Engine, heard: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only what is asked for goes to the worker.
    monkeypatch.setattr("engine.service.suggestions.QUIET_START", 600.0)
    suggesting.submit(UseForSuggestions(1)).result(WAIT)
    suggesting.submit(RequestSuggestions((MARKED + 1, 2))).result(WAIT)
    # While the worker is still loading its libraries.
    suggesting.submit(SetSpans(1, MARKED + 1, ())).result(WAIT)
    heard.wait_for(LabelsChanged)
    assert not heard.of(PredictionsChanged)
    event = heard.wait_for(PredictionsChanged, seconds=WAIT)
    assert event.text_ids == (MARKED + 1, 2)
    assert suggestions(suggesting, MARKED + 1)


def test_whole_texts_have_no_suggested_passages(engine: Engine, project: ProjectInfo) -> None:
    with pytest.raises(KnownError, match="no passages are marked"):
        engine.ask(ListSpanSuggestions(project.task.id, 1)).result(WAIT)
