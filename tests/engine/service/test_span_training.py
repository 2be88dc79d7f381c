"""A project of marked passages from import to a trained model, its scores and its predictions."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    CreateProject,
    Engine,
    GetProject,
    GetSpanEvaluation,
    ImportTexts,
    KnownError,
    ListModels,
    PredictFile,
    ProjectInfo,
    StartJob,
)

WAIT = 60.0
LABELS = ("law", "medicine")


@pytest.fixture
def passages(engine: Engine, tmp_path: Path) -> ProjectInfo:
    """An open project that marks passages, without texts."""
    path = tmp_path / "passages.glossator"
    opened: ProjectInfo = engine.submit(CreateProject(str(path), LABELS, kind="spans")).result(WAIT)
    return opened


def bring(engine: Engine, task_id: int, file: Path, rows: Sequence[Any]) -> None:
    with file.open("w", encoding="utf-8") as stream:
        for row in rows:
            spans = [[start, end, LABELS[label]] for start, end, label in row.spans]
            record = {"text": row.text, "spans": spans, "split": row.split}
            stream.write(json.dumps(record) + "\n")
    engine.submit(ImportTexts(str(file), task_id)).result(WAIT)


@pytest.mark.slow
def test_marked_passages_become_a_model_that_marks_and_is_scored(
    engine: Engine,
    passages: ProjectInfo,
    tiny_encoder: Path,
    make_span_rows: Callable[..., Any],
    tmp_path: Path,
) -> None:
    bring(engine, passages.task.id, tmp_path / "a.jsonl", make_span_rows(150, 20, 60))
    settings = {"epochs": 4, "learning_rate": 1e-2, "threads": 1}
    order = StartJob(passages.task.id, "ner", base_model=str(tiny_encoder), settings=settings)
    job = engine.wait_for_job(engine.submit(order).result(WAIT), timeout=2 * WAIT)

    assert job.status == "done", job.message
    (model,) = engine.ask(ListModels()).result(WAIT)
    evaluation = engine.ask(GetSpanEvaluation(model.id, "test")).result(WAIT)
    told = job.result["metrics"]["test"]
    assert evaluation.f1 == pytest.approx(told["f1"])
    assert evaluation.errors == told["errors"]
    assert evaluation.texts == told["texts"]
    project = engine.ask(GetProject()).result(WAIT)
    assert project.suggestion_model_id == model.id, "the first model suggests"

    plain, out = tmp_path / "plain.jsonl", tmp_path / "out.jsonl"
    plain.write_text(json.dumps({"text": "the Court was old"}) + "\n", encoding="utf-8")
    written = engine.submit(PredictFile(model.id, str(plain), str(out))).result(WAIT)
    assert engine.wait_for_job(written, timeout=2 * WAIT).status == "done"
    (span,) = json.loads(out.read_text(encoding="utf-8"))["spans"]
    assert (span["start"], span["end"], span["label"]) == (4, 9, "law")


def test_methods_are_refused_where_they_do_not_fit(
    engine: Engine, passages: ProjectInfo, tiny_encoder: Path, row: type, tmp_path: Path
) -> None:
    def start(method: str) -> None:
        order = StartJob(passages.task.id, method, base_model=str(tiny_encoder))
        engine.submit(order).result(WAIT)

    bring(engine, passages.task.id, tmp_path / "a.jsonl", [row("the court was old", [])])
    with pytest.raises(KnownError, match="so far no text has one"):
        start("ner")
    for method in ("fine-tune", "setfit"):
        with pytest.raises(KnownError, match="this task marks passages in them"):
            start(method)


def test_passages_are_not_learned_from_labels_of_whole_texts(
    engine: Engine, project: ProjectInfo, tiny_encoder: Path
) -> None:
    order = StartJob(project.task.id, "ner", base_model=str(tiny_encoder))
    with pytest.raises(KnownError, match="this task labels whole texts"):
        engine.submit(order).result(WAIT)
