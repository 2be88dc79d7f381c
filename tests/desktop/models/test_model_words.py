"""Figures and settings as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.models.words import (
    duration_words,
    number_words,
    score_words,
    setting_facts,
    size_words,
)
from engine.api import ModelInfo


def test_settings_are_said_in_words_and_keep_their_technical_names() -> None:
    facts = setting_facts({"learning_rate": 8e-5, "train": "head", "epochs": 0})
    assert [(fact.words, fact.value, fact.technical) for fact in facts] == [
        ("What was trained", "only the head", "train"),
        ("Passes over the texts", "as many as it takes", "epochs"),
        ("Learning rate", "8e-5", "learning_rate"),
    ]


def test_nothing_zero_and_no_are_told_apart() -> None:
    values = {
        value: setting_facts({"frozen_embeddings": value})[0].value for value in (None, True, False)
    }
    assert values == {None: "if any layers were", True: "yes", False: "no"}
    assert setting_facts({"seed": 0})[0].value == "0"


def test_a_setting_of_another_version_is_shown_by_its_own_name() -> None:
    (fact,) = setting_facts({"temperature": 0.5})
    assert (fact.words, fact.value) == ("temperature", "0.5")


def scored(method: str, evaluation: str, **found: Any) -> ModelInfo:
    return ModelInfo(
        id=1, name="first", method=method, task_id=1, base_model="starter", parent_id=None,
        job_id=1, folder="/m/first", bytes=1, created="2026-01-01T00:00:00+00:00", label_ids=(),
        metrics={evaluation: found}, evaluation=evaluation, settings={}, snapshot_sha256="",
        snapshot_texts=1, seconds=1.0,
    )  # fmt: skip


def test_a_score_says_what_it_is_and_where_it_comes_from() -> None:
    tested = scored("fine-tune", "test", macro_f1=0.84, accuracy=0.86, texts=200)
    assert score_words(tested) == ("macro F1 on 200 test texts, when it was trained\naccuracy 0.86")
    folds = {"macro_f1": {"spread": 0.034}}
    crossed = scored("fine-tune", "cross-validation", macro_f1=0.8, texts=60, folds=folds)
    assert "cross-validation on 60 texts ±0.03" in score_words(crossed)
    marked = scored(
        "ner", "test", f1=0.7, macro_f1=0.5, errors={}, precision=0.8, recall=0.62, texts=50
    )
    assert "F1 of whole passages on 50 test texts" in score_words(marked)
    assert "precision 0.80, recall 0.62" in score_words(marked)


def test_a_language_model_that_got_worse_is_called_worse() -> None:
    def words(before: float, after: float) -> str:
        found = {"perplexity": after, "perplexity_before": before, "texts": 40}
        return score_words(scored("mlm", "held-out", **found))

    assert "better than before training (31.7)" in words(31.7, 14.2)
    assert "worse than before training (14.2)" in words(14.2, 31.7)
    assert "as before training (563)" in words(563.3, 562.8)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.6, "1 second"), (45, "45 seconds"), (130.2, "2 min 10 s"), (3720, "1 h 2 min")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


def test_sizes_and_numbers() -> None:
    assert size_words(90_868_376) == "90.9 MB"
    assert size_words(12) == "12 bytes"
    assert number_words(22_713_216) == "22.7 million"
