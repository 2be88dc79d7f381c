"""sweep: how much F1 and time a setting costs, on a tiny real model."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]


@pytest.fixture
def topics(tmp_path: Path, glossator: Any, make_rows: Callable[..., list[Any]]) -> Path:
    """A project of two topics, with 60 texts to learn from and 30 to choose by."""
    path = tmp_path / "topics.glossator"
    assert glossator("new", path, "--labels", "law,medicine").code == 0
    file = tmp_path / "topics.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for row in make_rows(60, 30, 60):
            label = ["law", "medicine"][row.labels[0]]
            record = {"text": row.text, "label": label, "split": row.split}
            out.write(json.dumps(record) + "\n")
    assert glossator("import", path, file).code == 0
    return path


def command(project: Path, base: Path, *more: object) -> tuple[object, ...]:
    usual = ("--set", "learning_rate=5e-3", "--set", "epochs=2")
    return ("sweep", project, "--base-model", base, *usual, *more)


@pytest.mark.slow
def test_how_many_blocks_to_train(glossator: Any, topics: Path, tiny_encoder: Path) -> None:
    swept = glossator(*command(topics, tiny_encoder, "--json"))
    assert swept.code == 0, swept.err
    found = swept.data
    assert [point["value"] for point in found["means"]] == [0, 1, 2, 3, 4, "head"]
    assert all(0 <= point["f1"] <= 1 and point["seconds"] > 0 for point in found["points"])
    assert (found["split"], found["texts"]) == ("validation", 30)
    assert "At head, seed 42: F1" in swept.err
    # One pass filled the cache for all that is frozen, and no model is left.
    models = topics.with_suffix(".models")
    assert len(list(models.glob(".cache/*.states"))) == 5
    assert glossator("models", topics, "list", "--json").data["models"] == []
    assert not [path for path in models.iterdir() if not path.name.startswith(".")]

    trained = glossator(
        "train", topics, "--base-model", tiny_encoder, "--set", "frozen_blocks=3",
        "--set", "learning_rate=5e-3", "--set", "epochs=2", "--json",
    )  # fmt: skip
    assert trained.code == 0
    model = glossator("models", topics, "list", "--json").data["models"][0]
    at_three = next(point for point in found["points"] if point["value"] == 3)
    assert model["metrics"]["validation"]["f1"] == pytest.approx(at_three["f1"]), (
        "a training with the setting that was chosen scores as in the sweep"
    )


@pytest.mark.slow
def test_a_table_is_what_a_person_reads(glossator: Any, topics: Path, tiny_encoder: Path) -> None:
    swept = glossator(*command(topics, tiny_encoder, "--values", "2,head", "--seed", "1,2"))
    assert swept.code == 0, swept.err
    head, *rows, last = swept.out.splitlines()
    assert head.split()[:4] == ["frozen_blocks", "F1", "on", "validation"]
    assert [row.split()[0] for row in rows] == ["2", "head"]
    assert last.startswith("What the frozen layers compute was read once for all")


@pytest.mark.slow
def test_other_numbers_can_be_swept(glossator: Any, topics: Path, tiny_encoder: Path) -> None:
    more = ("--over", "learning_rate", "--values", "1e-3,5e-3", "--set", "frozen_blocks=4")
    swept = glossator(*command(topics, tiny_encoder, *more, "--json"))
    assert swept.code == 0, swept.err
    assert [point["value"] for point in swept.data["means"]] == [0.001, 0.005]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--values", "2,5"), "has 4 blocks that can be frozen, so frozen_blocks cannot be 5"),
        (("--over", "precision"), 'A sweep cannot run over "precision"; it can run over'),
        (("--over", "epochs"), "needs the values to try, such as --values 1,2,4"),
        (("--over", "epochs", "--values", "none"), 'The setting epochs cannot be "none"'),
        (("--over", "epochs", "--values", "head"), 'The setting epochs cannot be "head"'),
        (("--set", "depth=3"), 'There is no training setting "depth"'),
        (("--values", ",".join(map(str, range(5))), "--seed", ",".join(map(str, range(50)))),
         "A sweep is 1 to 200 trainings"),
    ],
)  # fmt: skip
def test_what_cannot_be_swept_is_refused(
    more: tuple[str, ...], sentence: str, glossator: Any, topics: Path, tiny_encoder: Path
) -> None:
    outcome = glossator(*command(topics, tiny_encoder, *more, "--json"))
    assert outcome.code == 1
    assert sentence in outcome.data["error"]


def test_passages_are_not_swept(glossator: Any, tmp_path: Path) -> None:
    path = tmp_path / "names.glossator"
    glossator("new", path, "--task", "spans", "--labels", "PERSON")
    outcome = glossator("sweep", path, "--json")
    assert outcome.code == 1
    assert "this task marks passages" in outcome.data["error"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "killed"])
def test_a_sweep_that_was_stopped_goes_on_behind_its_finished_points(
    end: signal.Signals, start: Start, glossator: Any, topics: Path, tiny_encoder: Path
) -> None:
    wanted = command(topics, tiny_encoder, "--values", "1,2,0", "--set", "epochs=20", "--json")
    process = start(*wanted)
    for line in process.stderr:
        if "At 2, seed 42" in line:
            os.kill(process.pid, end)
            break
    process.communicate(timeout=60)
    assert process.returncode == (130 if end is signal.SIGINT else -end)

    by_job = ("jobs", topics, "resume", 1, "--json")
    again = glossator(*(wanted if end is signal.SIGINT else by_job))
    assert again.code == 0, again.err
    assert ("Going on with the sweep" in again.err) == (end is signal.SIGINT)
    assert "At 1, seed" not in again.err
    assert [point["value"] for point in again.data["points"]] == [1, 2, 0]
    assert len(glossator("jobs", topics, "list", "--json").data["jobs"]) == 1
