"""SetFit from the shell: trained by the worker, scored, and exported for other libraries."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_a_few_shot_model_is_trained_scored_used_and_exported(
    glossator: Any, make_rows: Callable[..., list[Any]], tiny_encoder: Path, tmp_path: Path
) -> None:
    project = tmp_path / "topics.glossator"
    assert glossator("new", project, "--labels", "law,medicine").code == 0
    file = tmp_path / "topics.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for row in make_rows(60, 0, 60):
            label = ["law", "medicine"][row.labels[0]]
            out.write(json.dumps({"text": row.text, "label": label, "split": row.split}) + "\n")
    assert glossator("import", project, file).code == 0

    trained = glossator(
        "train", project, "--method", "setfit", "--base-model", tiny_encoder, "--name", "few",
        "--set", "shots=16", "--set", "learning_rate=3e-3", "--json",
    )  # fmt: skip
    assert trained.code == 0, trained.err
    assert trained.data["method"] == "setfit"
    assert trained.data["metrics"]["f1"] > 0.85
    assert trained.data["settings"]["shots"] == 16

    scored = glossator("evaluate", project, "--model", "few", "--json")
    assert scored.data["metrics"]["macro_f1"] == pytest.approx(trained.data["metrics"]["macro_f1"])
    predicted = tmp_path / "predicted.csv"
    done = glossator("predict", file, "--project", project, "--model", "few", "--out", predicted)
    assert done.code == 0, done.err

    taken = tmp_path / "taken"
    assert glossator("models", project, "export", "few", taken, "--format", "setfit").code == 0
    assert {"model_head.pkl", "config_setfit.json", "modules.json"} <= {
        path.name for path in taken.iterdir()
    }
    again = glossator("models", project, "export", "few", taken, "--format", "setfit")
    assert (again.code, "exists already" in again.err) == (1, True)


def test_only_models_of_setfit_become_setfit_folders(
    glossator: Any, make_rows: Callable[..., list[Any]], tiny_encoder: Path, tmp_path: Path
) -> None:
    project = tmp_path / "topics.glossator"
    assert glossator("new", project, "--labels", "law,medicine").code == 0
    file = tmp_path / "topics.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for row in make_rows(20, 0, 60):
            label = ["law", "medicine"][row.labels[0]]
            out.write(json.dumps({"text": row.text, "label": label, "split": row.split}) + "\n")
    assert glossator("import", project, file).code == 0
    assert glossator(
        "train", project, "--method", "fine-tune", "--base-model", tiny_encoder, "--name", "other",
        "--set", "epochs=1",
    ).code == 0  # fmt: skip

    refused = glossator("models", project, "export", "other", tmp_path / "no", "--format", "setfit")
    assert (refused.code, "was not trained with SetFit" in refused.err) == (1, True)
    assert not (tmp_path / "no").exists()
