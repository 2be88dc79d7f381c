"""Commands that mark passages, and what is told of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    AddSpan,
    CreateProject,
    EditSpan,
    Engine,
    ExportTexts,
    GetCounts,
    GetText,
    ImportTexts,
    KnownError,
    LabelsChanged,
    MarkAmbiguous,
    ProjectInfo,
    RemoveSpan,
    SetLabels,
    SetSpans,
    TasksChanged,
    TextsImported,
    UndoLast,
)

WAIT = 60.0
PER, DATE = 1, 2
OKAFOR, MARCH = (3, 9, PER), (13, 20, DATE)


@pytest.fixture
def project(engine: Engine, tmp_path: Path) -> ProjectInfo:
    """An open project with one text, in which persons and dates are to be marked."""
    source = tmp_path / "one.jsonl"
    source.write_text(json.dumps({"text": "Ms Okafor on 3 March"}) + "\n", encoding="utf-8")
    command = CreateProject(str(tmp_path / "letters.glossator"), ("PER", "DATE"), kind="spans")
    opened: ProjectInfo = engine.submit(command).result(WAIT)
    assert opened.task.kind == "spans"
    engine.submit(ImportTexts(str(source), opened.task.id)).result(WAIT)
    return opened


def spans(engine: Engine) -> list[tuple[int, int, int]]:
    text = engine.ask(GetText(1, 1)).result(WAIT)
    return [(span.start, span.end, span.label_id) for span in text.spans]


def test_every_command_is_a_step_that_is_told_and_can_be_undone(
    engine: Engine, project: ProjectInfo, heard: Any
) -> None:
    commands = (
        AddSpan(1, 1, OKAFOR, asked_by="me"),
        EditSpan(1, 1, OKAFOR, (0, 9, PER)),
        SetSpans(1, 1, (OKAFOR, MARCH)),
        RemoveSpan(1, 1, MARCH),
    )
    states = [spans(engine)]
    for command in commands:
        step = engine.submit(command).result(WAIT)
        told = heard.of(LabelsChanged)[-1]
        assert (told.text_ids, told.step_id, told.words) == ((1,), step.id, step.words)
        assert told.asked_by == command.asked_by
        states.append(spans(engine))
    assert states == [[], [OKAFOR], [(0, 9, PER)], [OKAFOR, MARCH], [OKAFOR]]
    counts = engine.ask(GetCounts(1)).result(WAIT)
    assert (counts.labelled, counts.spans_by_label) == (1, {PER: 1, DATE: 0})
    for state in reversed(states[:-1]):
        engine.submit(UndoLast()).result(WAIT)
        assert spans(engine) == state


def test_a_text_looked_through_stays_labelled_when_its_last_mark_goes(
    engine: Engine, project: ProjectInfo
) -> None:
    engine.submit(AddSpan(1, 1, OKAFOR)).result(WAIT)
    engine.submit(RemoveSpan(1, 1, OKAFOR, answered=True)).result(WAIT)
    assert engine.ask(GetCounts(1)).result(WAIT).labelled == 1
    engine.submit(UndoLast()).result(WAIT)
    engine.submit(RemoveSpan(1, 1, OKAFOR)).result(WAIT)
    assert engine.ask(GetCounts(1)).result(WAIT).labelled == 0


def test_an_ambiguous_passage_is_told_as_one_step(
    engine: Engine, project: ProjectInfo, heard: Any
) -> None:
    step = engine.submit(MarkAmbiguous(1, 1, OKAFOR, "a title?", asked_by="me")).result(WAIT)
    told = heard.of(LabelsChanged)[-1]
    assert (told.step_id, told.text_ids, told.asked_by) == (step.id, (1,), "me")
    task = heard.of(TasksChanged)[-1].project.task
    assert task.label(PER).guideline.endswith("“Okafor”: a title?")
    assert engine.ask(GetCounts(1)).result(WAIT).flagged == 1
    engine.submit(UndoLast()).result(WAIT)
    assert engine.ask(GetCounts(1)).result(WAIT).flagged == 0
    assert heard.of(TasksChanged)[-1].project.task.label(PER).guideline == ""


def test_what_does_not_fit_is_refused_in_a_sentence(engine: Engine, project: ProjectInfo) -> None:
    for command, sentence in (
        (AddSpan(1, 1, (3, 99, PER)), "lies outside the text, which has 20 characters"),
        (SetSpans(1, 1, ((3, 3, PER),)), "it has no characters"),
        (SetLabels(1, (1,), (PER,)), "In this task passages are marked"),
    ):
        with pytest.raises(KnownError, match=sentence):
            engine.submit(command).result(WAIT)
    assert spans(engine) == []


def test_passages_come_in_and_go_out_with_an_account(
    engine: Engine, project: ProjectInfo, heard: Any, tmp_path: Path
) -> None:
    source, out = tmp_path / "more.conll", tmp_path / "out.jsonl"
    source.write_text("Ada\tB-PER\nfrom\tO\nLeeds\tB-LOC\n", encoding="utf-8")
    report = engine.submit(ImportTexts(str(source), 1, unknown_labels="add")).result(WAIT)
    assert (report.imported, report.labelled, report.labels_added) == (1, 1, ("LOC",))
    assert heard.of(TextsImported)[-1].report == report
    assert engine.submit(ExportTexts(str(out), 1)).result(WAIT) == 2
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert rows[1]["spans"] == [
        {"start": 0, "end": 3, "label": "PER"},
        {"start": 9, "end": 14, "label": "LOC"},
    ]
    engine.submit(UndoLast()).result(WAIT)
    assert engine.ask(GetText(1, 2)).result(WAIT) is None
