"""Continued pretraining, filled gaps and the comparison from a shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

QUICK = ("--set", "epochs=1", "--set", "learning_rate=3e-3", "--set", "threads=1")


@pytest.fixture
def letters(tmp_path: Path, glossator: Any, make_rows: Callable[..., list[Any]]) -> Path:
    """A project of letters: some labelled, some for the test, some without a label."""
    path = tmp_path / "letters.glossator"
    assert glossator("new", path, "--labels", "law,medicine").code == 0
    file = tmp_path / "letters.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number, row in enumerate(make_rows(80, 20, 60)):
            record = {"text": row.text, "split": row.split}
            if number % 4:
                record["label"] = ["law", "medicine"][row.labels[0]]
            out.write(json.dumps(record) + "\n")
    assert glossator("import", path, file).code == 0
    return path


@pytest.mark.slow
def test_pretraining_tells_the_perplexity_before_and_after(
    glossator: Any, letters: Path, tiny_encoder: Path
) -> None:
    trained = glossator(
        "train", letters, "--method", "mlm", "--base-model", tiny_encoder, "--name", "german",
        *QUICK, "--json",
    )  # fmt: skip
    assert trained.code == 0, trained.err
    assert trained.data["evaluation"] == "held-out"
    assert trained.data["metrics"]["perplexity"] > 1
    assert trained.data["metrics"]["perplexity_before"] > 1
    assert "hidden words of held-out texts" in trained.err
    file, out = letters.with_suffix(".jsonl"), letters.with_name("out.csv")
    for refused in (
        glossator("evaluate", letters, "--model", "german"),
        glossator("predict", file, "--model", "german", "--project", letters, "--out", out),
    ):
        assert refused.code == 1
        assert "gives no labels" in refused.err


@pytest.mark.slow
def test_the_comparison_and_the_model_it_leaves(
    glossator: Any, letters: Path, tiny_encoder: Path
) -> None:
    compared = glossator(
        "compare-pretraining", letters, "--seeds", "1,2", "--base-model", tiny_encoder, *QUICK,
        *(word.replace("--set", "--mlm-set") for word in QUICK), "--name", "step", "--json",
    )  # fmt: skip
    assert compared.code == 0, compared.err
    found = compared.data
    assert [one["seed"] for one in found["seeds"]] == [1, 2]
    gains = [one["with"] - one["without"] for one in found["seeds"]]
    assert found["difference"] == pytest.approx(sum(gains) / 2)
    assert "Continued pretraining" in found["words"]
    filled = glossator(
        "fill-mask", "step-pretraining", "the court of [MASK]", "--project", letters, "--json"
    )
    assert filled.code == 0, filled.err
    (sentence,) = filled.data["sentences"]
    assert sentence["text"] == "the court of [MASK]"
    assert len(sentence["words"]) == 5
    refused = glossator("fill-mask", "step-with-1", "the [MASK]", "--project", letters)
    assert refused.code == 1
    assert "labels texts" in refused.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("fill-mask", "nobody", "the [MASK]"), 1, "no base model"),
        (("fill-mask", "nobody"), 2, "SENTENCE"),
        (("compare-pretraining", "x.glossator", "--seeds", "one"), 2, "whole numbers"),
        (("compare-pretraining", "x.glossator", "--method", "mlm"), 2, "mlm"),
    ],
)
def test_what_cannot_be_is_said_at_once(
    glossator: Any, arguments: tuple[str, ...], code: int, words: str
) -> None:
    ended = glossator(*arguments)
    assert ended.code == code
    assert words in ended.err


def test_a_project_with_too_few_texts_is_told_before_anything_is_queued(
    glossator: Any, tmp_path: Path
) -> None:
    path = tmp_path / "empty.glossator"
    assert glossator("new", path, "--labels", "a,b").code == 0
    refused = glossator("train", path, "--method", "mlm")
    assert refused.code == 1
    assert "at least two texts" in refused.err
