"""Figures and settings as people read them."""

from __future__ import annotations

import pytest

from desktop.models.words import (
    Score,
    duration_words,
    number_words,
    setting_facts,
    size_words,
)


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


def test_a_cross_validated_score_says_so() -> None:
    tested = Score(0.84, 0.86, 200, cross_validated=False)
    crossed = Score(0.84, 0.86, 60, cross_validated=True, spread=0.034)
    assert tested.cell == "0.84"
    assert "200 test texts" in tested.words
    assert crossed.cell == "0.84 CV"
    assert "cross-validation on 60 texts ±0.03" in crossed.words


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
