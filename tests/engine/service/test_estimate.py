"""What is said before a training starts: time, memory and where the scores will come from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.core.errors import KnownError
from engine.project.training_rows import JobInfo, TrainingEstimate
from engine.registry.base_models import BaseModel
from engine.service.estimate import estimate, in_words
from engine.service.workload import Material, workload

STARTER = BaseModel("starter", "/s", "bert", 384, 6, 22_700_000, 90_900_000, "0" * 64, 512)
LARGE = replace(STARTER, name="large", hidden_size=1024, layers=24, parameters=334_000_000)
LETTERS = Material(
    texts={"train": 1400, "validation": 200, "test": 400},
    labelled={"train": 420, "validation": 60, "test": 120},
    labels=5,
    mean_length=340,
    longest=900,
)
FEW = replace(LETTERS, labelled={"train": 40, "validation": 6, "test": 12})


def job(seconds: float, texts: int = 600, method: str = "fine-tune") -> JobInfo:
    return JobInfo(
        id=1, kind="train", method=method, name="", status="done", created="", started="",
        finished="", message="", model_id=1,
        spec={"base_model_name": "starter", "settings": {}, "request": {"snapshot_texts": texts}},
        result={"seconds": {"total": seconds + 10, "load": 10.0, "train": seconds}},
    )  # fmt: skip


def estimated(material: Material = LETTERS, **more: Any) -> TrainingEstimate:
    encoder = more.get("encoder", STARTER)
    jobs = more.get("jobs", [])
    return estimate("fine-tune", more.get("settings", {}), material, encoder, jobs, [STARTER])


def test_a_past_training_of_the_same_size_tells_the_time() -> None:
    found = estimated(jobs=[job(100.0)])
    assert found.measured
    assert found.seconds_low < 110.0 < found.seconds_high
    assert "guess" not in found.words


def test_without_a_past_training_the_time_is_called_a_guess() -> None:
    found = estimated()
    assert not found.measured
    assert "a guess until this machine has trained once" in found.words


def test_more_passes_and_a_larger_model_take_longer_and_fewer_layers_less() -> None:
    def middle(**more: Any) -> float:
        found = estimated(jobs=[job(100.0)], **more)
        return found.seconds_low + found.seconds_high

    usual = middle(settings={"epochs": 4})
    assert middle(settings={"epochs": 8}) > 1.5 * usual
    assert middle(settings={"epochs": 4, "frozen_blocks": 5}) < usual / 2
    assert middle(settings={"train": "head"}) < usual / 2
    assert middle(settings={"epochs": 4}, encoder=LARGE) > 5 * usual


def test_memory_grows_with_the_model_and_the_texts_a_step() -> None:
    usual = estimated().memory
    assert 0.6e9 < usual < 3e9
    assert estimated(settings={"batch_size": 64}).memory > usual
    assert estimated(encoder=LARGE).memory > 334_000_000 * 16
    assert estimated(settings={"train": "head"}).memory < usual


def test_it_says_which_texts_the_scores_come_from() -> None:
    assert "test scores on 120 texts" in estimated().words
    few = estimated(FEW)
    assert few.evaluation == "cross-validation"
    assert "scores by cross-validation on 58 texts" in few.words


def test_a_training_that_does_not_fit_is_said_to_need_more_memory_than_is_free() -> None:
    assert "are free now" in estimated(encoder=replace(LARGE, parameters=10**12)).words


def test_a_setting_that_makes_no_sense_is_refused_in_a_sentence() -> None:
    with pytest.raises(KnownError, match="learning_rate"):
        workload("fine-tune", {"learning_rate": "quick"}, LETTERS, STARTER)


def test_durations_are_said_as_a_person_would() -> None:
    assert in_words(20) == "less than a minute"
    assert in_words(65) == "about 1 minute"
    assert in_words(400) == "about 7 minutes"
    assert in_words(3 * 3600) == "about 3 hours"
