"""The recommendation: a method, and the words for an expert who never trained a model."""

from __future__ import annotations

from engine.project.rows import Counts, LabelInfo, TaskInfo
from engine.project.training_rows import Recommendation
from engine.service.recommend import recommend


def recommendation(
    sizes: dict[str, int], test: int = 0, kind: str = "classification"
) -> Recommendation:
    labels = tuple(
        LabelInfo(number, 1, name, str(number), "#000000", "", number)
        for number, name in enumerate(sizes, start=1)
    )
    task = TaskInfo(1, "Topic", kind, False, "", labels)
    labelled = sum(sizes.values())
    counts = Counts(
        texts=2000,
        labelled=labelled,
        skipped=0,
        flagged=0,
        by_label=dict(enumerate(sizes.values(), start=1)),
        by_split={"train": (1600, labelled - test), "test": (400, test)},
    )
    return recommend(task, counts)


def test_nothing_can_be_trained_without_two_labels() -> None:
    assert recommendation({"law": 0, "medicine": 0}).method is None
    one = recommendation({"law": 30, "medicine": 0})
    assert one.method is None
    assert "“law”" in one.words


def test_fine_tuning_is_recommended_and_it_is_said_where_the_scores_come_from() -> None:
    found = recommendation({"law": 200, "medicine": 150}, test=70)
    assert found.method == "fine-tune"
    assert (found.labelled, found.labels_with_texts, found.smallest) == (350, 2, 150)
    assert "70 test texts" in found.words


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


def test_marked_passages_are_learned_by_their_own_method() -> None:
    found = recommendation({"PERSON": 120, "DATE": 3}, test=60, kind="spans")
    assert found.method == "ner"
    assert "passages of 2 labels" in found.words
    assert "“DATE” has only 3 texts" in found.words
    assert recommendation({"PERSON": 5}, kind="spans").method == "ner"
    nothing = recommendation({"PERSON": 0}, kind="spans")
    assert nothing.method is None
    assert "No passage is marked yet" in nothing.words
