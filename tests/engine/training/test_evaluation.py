"""Scores from probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from engine.training.evaluation import classification_metrics, mean_and_spread
from engine.training.objective import label_weights


def test_of_two_labels_the_second_is_the_positive_one() -> None:
    gold = np.array([0, 0, 0, 1, 1])
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.4, 0.6], [0.6, 0.4]])
    metrics = classification_metrics(gold, probabilities, ("no", "yes"))

    assert metrics["accuracy"] == 0.6
    assert metrics["f1"] == metrics["per_label"]["yes"]["f1"] == 0.5
    assert metrics["macro_f1"] == pytest.approx((0.5 + 2 / 3) / 2)
    assert metrics["confusion"] == [[2, 1], [1, 1]]
    assert metrics["per_label"]["no"]["support"] == 3


def test_a_label_that_occurs_nowhere_does_not_lower_the_macro_mean() -> None:
    gold = np.array([0, 1])
    probabilities = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]])
    metrics = classification_metrics(gold, probabilities, ("a", "b", "c"))

    assert metrics["macro_f1"] == metrics["f1"] == 1.0
    assert metrics["per_label"]["c"] == {"precision": 0, "recall": 0, "f1": 0, "support": 0}


def test_several_labels_a_text_count_whole_sets_and_single_decisions() -> None:
    gold = np.array([[1, 0], [1, 1], [0, 0]], np.float32)
    probabilities = np.array([[0.9, 0.2], [0.9, 0.4], [0.1, 0.1]])
    metrics = classification_metrics(gold, probabilities, ("a", "b"))

    assert metrics["accuracy"] == pytest.approx(2 / 3)
    assert metrics["micro_f1"] == pytest.approx(0.8)
    assert metrics["macro_f1"] == metrics["f1"] == 0.5


def test_mean_and_spread_over_folds() -> None:
    folds = [{"accuracy": a, "macro_f1": a, "f1": a} for a in (0.6, 0.8)]
    assert mean_and_spread(folds)["f1"] == pytest.approx({"mean": 0.7, "spread": 0.1414}, abs=1e-3)


def test_weights_balance_labels_only_where_they_are_unequal() -> None:
    equal = np.array([0] * 40 + [1] * 20)
    skewed = np.array([0] * 60 + [1] * 20)

    assert label_weights(equal, 2, "auto") is None
    assert label_weights(skewed, 2, "off") is None
    weights = label_weights(skewed, 2, "auto")
    assert weights is not None
    assert weights[1] / weights[0] == pytest.approx(3)
    assert (weights * [60, 20]).sum() == pytest.approx(80)
    forced = label_weights(equal, 2, "on")
    assert forced is not None
    assert forced[1] / forced[0] == pytest.approx(2)


def test_a_very_rare_label_is_bounded_and_an_absent_one_harmless() -> None:
    weights = label_weights(np.array([0] * 999 + [1]), 3, "auto")

    assert weights is not None
    assert weights[1] / weights[0] == pytest.approx(10)
    assert np.isfinite(weights).all()
