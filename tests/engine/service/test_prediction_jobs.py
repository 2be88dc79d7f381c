"""Prediction jobs: a split for the inspection views, and whole files."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    CancelJob,
    Engine,
    FileWritten,
    GetEvaluation,
    JobsChanged,
    KnownError,
    ListJobs,
    PredictFile,
    PredictionsChanged,
    PredictSplit,
    ProjectInfo,
    StartJob,
    predict_with_folder,
)

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)

WAIT = 90.0


def test_a_split_is_predicted_for_inspection(
    engine: Engine, trained: ProjectInfo, heard: Any
) -> None:
    model_id = trained.suggestion_model_id
    assert model_id is not None
    assert engine.ask(GetEvaluation(model_id, "train")).result(WAIT).missing == 120

    job = engine.wait_for_job(engine.submit(PredictSplit(model_id, "train")).result(WAIT))

    assert job.status == "done"
    assert heard.of(PredictionsChanged)[-1].split == "train"
    evaluation = engine.ask(GetEvaluation(model_id, "train")).result(WAIT)
    assert (evaluation.texts, evaluation.missing) == (120, 0)
    assert evaluation.note


@pytest.mark.slow
def test_a_file_is_predicted_with_and_without_a_project(
    engine: Engine, trained: ProjectInfo, trained_once: Any, heard: Any, tmp_path: Path
) -> None:
    path, out, alone = tmp_path / "new.csv", tmp_path / "out.jsonl", tmp_path / "alone.csv"
    texts = ["the court and the judge", "", "the nurse of the clinic", "a statute, an appeal"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "text"])
        writer.writerows([str(number), text] for number, text in enumerate(texts))
    model_id = trained.suggestion_model_id
    assert model_id is not None

    job = engine.wait_for_job(
        engine.submit(PredictFile(model_id, str(path), str(out))).result(WAIT)
    )

    assert job.status == "done", job.message
    assert heard.of(FileWritten)[-1].rows == 4
    assert isinstance(heard.events[-1], JobsChanged)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["number"] for row in rows] == ["0", "1", "2", "3"]
    assert [row["predicted_label"] for row in rows] == ["law", None, "medicine", "law"]
    assert rows[1]["problem"] == "it has no text"
    assert not (Path(trained.models_folder) / ".jobs" / str(job.id)).exists()

    progress: list[tuple[int, int]] = []
    written = predict_with_folder(
        trained_once.model, path, alone, on_progress=lambda *step: progress.append(step)
    )
    assert written == 4
    assert progress[-1] == (3, 3)
    with alone.open(encoding="utf-8-sig", newline="") as file:
        again = list(csv.DictReader(file))
    for one, other in zip(rows, again, strict=True):
        assert (one["predicted_label"] or "") == other["predicted_label"]


def test_a_prediction_does_not_wait_for_a_training_job(
    engine: Engine, trained: ProjectInfo, tiny_encoder: Path, heard: Any
) -> None:
    model_id = trained.suggestion_model_id
    assert model_id is not None
    train = StartJob(trained.task.id, "fine-tune", str(tiny_encoder), settings={"epochs": 1000})
    training = engine.submit(train).result(WAIT)
    predicting = engine.submit(PredictSplit(model_id, "train")).result(WAIT)

    for job_id in (training, predicting):
        running = (job_id, "running")
        heard.wait_for(
            JobsChanged, lambda event, wanted=running: (event.job.id, event.job.status) == wanted
        )

    # The GPU, where there is one, stays with the training job.
    spec: dict[str, Any] = {"snapshot": ""}
    while not spec["snapshot"]:
        spec = next(job.spec for job in engine.ask(ListJobs()).result(WAIT) if job.id == predicting)
    assert spec["device"] == "cpu"
    for job_id in (predicting, training):
        engine.submit(CancelJob(job_id)).result(WAIT)
        assert engine.wait_for_job(job_id).status == "cancelled"


def test_predictions_are_refused_with_a_sentence_before_anything_runs(
    engine: Engine, trained: ProjectInfo, tmp_path: Path
) -> None:
    model_id = trained.suggestion_model_id
    assert model_id is not None
    for command, words in [
        (PredictSplit(model_id, "tomorrow"), "no split"),
        (PredictSplit(99), "model"),
        (PredictFile(model_id, str(tmp_path / "none.csv"), "o.csv"), r"none\.csv"),
        (PredictFile(model_id, trained.path, "o.pdf"), r"\.csv or \.jsonl"),
    ]:
        with pytest.raises(KnownError, match=words):
            engine.submit(command).result(WAIT)
    assert len(engine.ask(ListJobs()).result(WAIT)) == 1


def test_a_file_without_texts_becomes_a_failed_job_with_a_sentence(
    engine: Engine, trained: ProjectInfo, tmp_path: Path
) -> None:
    path, out = tmp_path / "empty.csv", tmp_path / "out.csv"
    path.write_text("", encoding="utf-8")
    model_id = trained.suggestion_model_id
    assert model_id is not None
    job = engine.wait_for_job(
        engine.submit(PredictFile(model_id, str(path), str(out))).result(WAIT)
    )
    assert job.status == "failed"
    assert "empty.csv" in job.message
    assert not out.exists()


def test_predicting_with_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text\nhello\n", encoding="utf-8")
    with pytest.raises(KnownError, match="not a published model"):
        predict_with_folder(tmp_path, path, tmp_path / "out.csv")
