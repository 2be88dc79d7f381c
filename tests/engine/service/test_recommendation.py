"""The recommendation: a method, its time, and the words for an expert who never trained a model."""

from __future__ import annotations

from typing import Any

from engine.project.rows import Counts, JobInfo, LabelInfo, Recommendation, TaskInfo
from engine.service.recommend import estimated_seconds, in_words, recommend


def recommendation(sizes: dict[str, int], test: int = 0, **more: Any) -> Recommendation:
    labels = tuple(
        LabelInfo(number, 1, name, str(number), "#000000", "", number)
        for number, name in enumerate(sizes, start=1)
    )
    task = TaskInfo(1, "Topic", "classification", False, "", labels)
    labelled = sum(sizes.values())
    counts = Counts(
        texts=2000,
        labelled=labelled,
        skipped=0,
        flagged=0,
        by_label=dict(enumerate(sizes.values(), start=1)),
        by_split={"train": (1600, labelled - test), "test": (400, test)},
    )
    return recommend(task, counts, more.get("jobs", []))


def past_job(texts: int, seconds: float) -> JobInfo:
    return JobInfo(
        id=1,
        kind="train",
        method="fine-tune",
        name="fine-tune-1",
        status="done",
        created="",
        started="",
        finished="",
        message="",
        model_id=1,
        spec={"settings": {}, "request": {"snapshot_texts": texts}},
        result={"seconds": {"total": seconds + 10, "load": 10.0, "train": seconds}},
    )


def test_nothing_can_be_trained_without_two_labels() -> None:
    assert recommendation({"law": 0, "medicine": 0}).method is None
    one = recommendation({"law": 30, "medicine": 0})
    assert one.method is None
    assert "“law”" in one.words


def test_fine_tuning_is_recommended_with_its_time_and_where_the_scores_come_from() -> None:
    found = recommendation({"law": 200, "medicine": 150}, test=70)
    assert found.method == "fine-tune"
    assert (found.labelled, found.labels_with_texts, found.smallest) == (350, 2, 150)
    assert "70 test texts" in found.words
    assert "minute" in found.words


def test_few_labels_are_learned_in_pairs() -> None:
    found = recommendation({"law": 8, "medicine": 64}, test=60)
    assert found.method == "setfit"
    assert "(SetFit)" in found.words
    assert recommendation({"law": 60, "medicine": 62, "rest": 900}).method == "setfit"
    assert recommendation({"law": 70, "medicine": 65}).method == "fine-tune"


def test_a_rare_label_alone_does_not_choose_the_method() -> None:
    assert recommendation({"law": 300, "medicine": 200, "rest": 9}).method == "fine-tune"


def test_few_test_labels_are_said_to_mean_cross_validation() -> None:
    assert "cross-validation" in recommendation({"law": 40, "medicine": 30}, test=14).words


def test_a_rare_label_is_named() -> None:
    words = recommendation({"law": 200, "medicine": 3}, test=60).words
    assert "“medicine” has only 3 texts" in words
    assert "law" not in words


def test_the_time_follows_what_this_machine_took_before() -> None:
    job = past_job(texts=1000, seconds=100.0)
    same = estimated_seconds(1000, 200, [job])
    assert same == 110.0
    assert estimated_seconds(40_000, 8000, [job]) > 5 * same


def test_durations_are_said_as_a_person_would() -> None:
    assert in_words(20) == "less than a minute"
    assert in_words(65) == "about 1 minute"
    assert in_words(400) == "about 7 minutes"
    assert in_words(3 * 3600) == "about 3 hours"
