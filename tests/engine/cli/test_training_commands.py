"""train, evaluate, compare, predict, jobs and models on a tiny real model."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from engine.api import Engine, Event, JobMeasured, OpenProject, StartJob


@pytest.fixture
def topics(tmp_path: Path, glossator: Any, make_rows: Callable[..., list[Any]]) -> Path:
    """A project of two topics, 60 texts to learn from and 60 to be tested on."""
    path = tmp_path / "topics.glossator"
    assert glossator("new", path, "--labels", "law,medicine").code == 0
    file = tmp_path / "topics.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for row in make_rows(60, 20, 60):
            label = ["law", "medicine"][row.labels[0]]
            record = {"text": f"{row.text}", "label": label, "split": row.split}
            out.write(json.dumps(record) + "\n")
    assert glossator("import", path, file).code == 0
    return path


def train(glossator: Any, project: Path, base: Path, *more: str) -> Any:
    return glossator(
        "train", project, "--method", "fine-tune", "--base-model", base, "--set", "epochs=2",
        "--set", "learning_rate=5e-3", "--set", "seed=7", "--json", *more,
    )  # fmt: skip


@pytest.mark.slow
def test_from_labels_to_predictions(
    glossator: Any, topics: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    trained = train(glossator, topics, tiny_encoder, "--name", "first")
    assert trained.code == 0, trained.err
    assert {"job", "model", "method", "base_model", "device", "metrics", "seconds"} <= (
        trained.data.keys()
    )
    assert trained.data["model"] == "first"
    assert set(trained.data["seconds"]) == {"total", "load", "train", "evaluate"}
    assert {"accuracy", "macro_f1", "f1", "per_label"} <= trained.data["metrics"].keys()

    scored = glossator("evaluate", topics, "--model", "first", "--split", "test", "--json")
    assert scored.code == 0
    for name in ("accuracy", "macro_f1", "f1"):
        assert scored.data["metrics"][name] == pytest.approx(trained.data["metrics"][name])
    assert set(scored.data["metrics"]["per_label"]) == {"law", "medicine"}
    learned = glossator("evaluate", topics, "--model", "first", "--split", "train", "--json")
    assert learned.data["texts"] == 60

    folder = tmp_path / "exported"
    assert glossator("models", topics, "export", "first", folder).code == 0
    file = tmp_path / "new.csv"
    file.write_text("id,text\n1,court ruling\n2,\n3,patient dosage\n", encoding="utf-8")
    one = tmp_path / "one.csv"
    done = glossator("predict", file, "--model", folder, "--out", one, "--json")
    assert (done.code, done.data["rows"]) == (0, 3)
    with one.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["predicted_label"] in ("law", "medicine")
    assert rows[1]["predicted_label"] == ""
    assert rows[1]["problem"] == "it has no text"
    shares = [float(rows[2][f"probability: {label}"]) for label in ("law", "medicine")]
    assert sum(shares) == pytest.approx(1, abs=1e-4)

    jobs = glossator("jobs", topics, "list", "--json").data["jobs"]
    assert {job["status"] for job in jobs} == {"done"}
    assert glossator("models", topics, "show", "first", "--json").data["labels"] == [
        "law",
        "medicine",
    ]
    assert glossator("models", topics, "delete", "first").code == 0
    gone = glossator("evaluate", topics, "--model", "first")
    assert gone.code == 1
    assert "has no model “first”: it has no model yet" in gone.err
    assert glossator("check", topics, "--json").data["whole"] is True


@pytest.mark.slow
def test_the_sample_project_is_worked_through_without_a_window(
    glossator: Any, tmp_path: Path
) -> None:
    outcome = glossator("demo", "--headless", "--dir", tmp_path, "--json")
    assert outcome.code == 0, outcome.err
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report == outcome.data
    assert report["texts"] == 2000
    assert report["labelled"] == 600 + report["labelled_here"]
    assert report["training"]["metrics"]["accuracy"] > 0.3
    assert report["mistakes"]
    assert [found["method"] for found in report["methods"]] == ["fine-tune", "setfit", "mlm", "ner"]
    assert all(found["metrics"] for found in report["methods"])


@pytest.mark.slow
def test_two_models_are_compared_and_predict_within_the_project(
    glossator: Any, topics: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    assert train(glossator, topics, tiny_encoder, "--name", "first").code == 0
    assert train(glossator, topics, tiny_encoder, "--set", "train=head").code == 0
    models = glossator("models", topics, "--json").data["models"]
    assert [model["name"] for model in models] == ["first", "fine-tune-1"]
    compared = glossator("compare", topics, "first", "fine-tune-1", "--json")
    assert compared.code == 0
    assert compared.data["texts"] == 60
    difference = compared.data["accuracy"][0] - compared.data["accuracy"][1]
    flipped = len(compared.data["won"]) - len(compared.data["lost"])
    assert round(60 * difference) == flipped
    file, folder = tmp_path / "new.csv", tmp_path / "exported"
    file.write_text("id,text\n1,court ruling\n2,\n3,patient dosage\n", encoding="utf-8")
    glossator("models", topics, "export", "first", folder)
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    assert glossator("predict", file, "--model", folder, "--out", one).code == 0
    done = glossator("predict", file, "--project", topics, "--model", "first", "--out", two)
    assert done.code == 0
    assert one.read_bytes() == two.read_bytes()


def test_training_without_enough_labels_is_refused(
    glossator: Any, tmp_path: Path, tiny_encoder: Path
) -> None:
    path = tmp_path / "few.glossator"
    glossator("new", path, "--labels", "a,b")
    file = tmp_path / "few.csv"
    file.write_text("text,label\none,a\ntwo,a\n", encoding="utf-8")
    glossator("import", path, file)
    outcome = train(glossator, path, tiny_encoder)
    assert outcome.code == 1
    assert outcome.err.count("\n") == 1


@pytest.mark.slow
def test_what_frozen_layers_computed_can_be_removed(
    glossator: Any, topics: Path, tiny_encoder: Path
) -> None:
    assert train(glossator, topics, tiny_encoder, "--set", "frozen_blocks=2").code == 0
    kept = list(topics.with_suffix(".models").glob(".cache/*"))
    size = sum(path.stat().st_size for path in kept)
    assert size

    emptied = glossator("models", topics, "empty-cache", "--json")
    assert emptied.data == {"bytes": size}
    assert not any(path.exists() for path in kept)
    assert glossator("models", topics, "empty-cache").out == "0 MB are free again.\n"


@pytest.mark.parametrize("setting", ["epochs=-1", "epoch=1", "learning_rate=fast"])
def test_a_wrong_setting_is_refused(
    glossator: Any, topics: Path, tiny_encoder: Path, setting: str
) -> None:
    outcome = train(glossator, topics, tiny_encoder, "--set", setting)
    assert outcome.code == 1
    assert setting.split("=")[0] in outcome.data["error"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_cancels_the_training(
    topics: Path, tiny_encoder: Path, start: Callable[..., Any], glossator: Any
) -> None:
    process = start("train", topics, "--base-model", tiny_encoder, "--set", "epochs=1000", "--json")
    for line in process.stderr:
        if line.startswith("Training"):
            break
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert json.loads(out.splitlines()[-1]) == {"error": "Interrupted."}
    jobs = glossator("jobs", topics, "--json").data["jobs"]
    assert [job["status"] for job in jobs] == ["cancelled"]
    assert glossator("models", topics, "--json").data["models"] == []


@pytest.mark.slow
def test_a_training_that_was_stopped_goes_on(
    glossator: Any, topics: Path, tiny_encoder: Path
) -> None:
    steps: SimpleQueue[int] = SimpleQueue()

    def listen(event: Event) -> None:
        if isinstance(event, JobMeasured):
            steps.put(event.step)

    with Engine(listen, suggestions=False) as engine:
        project = engine.submit(OpenProject(str(topics))).result(60)
        start = StartJob(
            project.task.id, "fine-tune", str(tiny_encoder), "one", {"epochs": 100, "threads": 1}
        )
        job_id = engine.submit(start).result(60)
        while steps.get(timeout=60) < 20:
            pass
    (job,) = glossator("jobs", topics, "--json").data["jobs"]
    assert (job["status"], job["resumable"]) == ("interrupted", True)
    step = job["checkpoint"]["step"]
    assert f"it can go on from step {step} of 400." in glossator("jobs", topics).out

    assert glossator("jobs", topics, "pause", job_id, "--json").data["status"] == "interrupted"
    resumed = glossator("jobs", topics, "resume", job_id, "--json")
    assert resumed.code == 0, resumed.err
    assert resumed.data["model"] == "one"
    again = glossator("jobs", topics, "resume", job_id, "--anew")
    assert again.code == 1
    assert "is done and has nothing to go on from" in again.err


def test_base_models_are_added_shown_and_taken_off(
    glossator: Any, tiny_encoder: Path, tmp_path: Path
) -> None:
    added = glossator("models", "add", tiny_encoder, "--name", "tiny", "--json")
    assert (added.code, added.data["name"]) == (0, "tiny")
    listed = [model["name"] for model in glossator("models", "--json").data["base_models"]]
    assert "tiny" in listed
    assert glossator("models", "show", "tiny", "--json").data["layers"] == 4
    assert glossator("models", "delete", "tiny").code == 0
    assert glossator("models", "show", "tiny").code == 1
    pickles = tmp_path / "pickles"
    shutil.copytree(tiny_encoder, pickles, ignore=shutil.ignore_patterns("*.safetensors"))
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder in (empty, pickles, tmp_path / "nowhere"):
        (pickles / "pytorch_model.bin").write_bytes(b"pickled")
        refused = glossator("models", "add", folder)
        assert refused.code == 1
        assert refused.err.count("\n") == 1
        assert "Traceback" not in refused.err


def test_predicting_with_a_folder_that_is_no_model_is_refused(
    glossator: Any, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("text\na\n", encoding="utf-8")
    outcome = glossator("predict", file, "--model", tmp_path, "--out", tmp_path / "o.csv")
    assert outcome.code == 1
    outcome = glossator("predict", file, "--model", tmp_path, "--out", tmp_path / "o.xlsx")
    assert "written as .csv or .jsonl" in outcome.err


def test_doctor_says_what_the_machine_has(glossator: Any) -> None:
    outcome = glossator("doctor", "--json")
    assert outcome.code == 0
    assert outcome.data["facts"]["device"]
    assert {"torch", "transformers", "PySide6-Essentials"} <= outcome.data["versions"].keys()
