"""Our score arithmetic gives scikit-learn's numbers."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn import metrics

from engine.inspection import scores


def one_hot(columns: list[int], labels: int) -> np.ndarray:
    matrix = np.zeros((len(columns), labels), dtype=bool)
    matrix[np.arange(len(columns)), columns] = True
    return matrix


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_single_label_scores(pairs: list[tuple[int, int]]) -> None:
    gold, predicted = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    ours = scores.label_scores(one_hot(gold, 4), one_hot(predicted, 4))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        gold, predicted, labels=range(4), zero_division=0
    )
    assert ours.precision == pytest.approx(precision)
    assert ours.recall == pytest.approx(recall)
    assert ours.f1 == pytest.approx(f1)
    assert ours.support.tolist() == support.tolist()
    assert scores.macro_f1(one_hot(gold, 4), one_hot(predicted, 4)) == pytest.approx(
        metrics.f1_score(gold, predicted, average="macro", zero_division=0)
    )
    assert scores.accuracy(one_hot(gold, 4), one_hot(predicted, 4)) == pytest.approx(
        metrics.accuracy_score(gold, predicted)
    )
    assert (
        scores.confusion(one_hot(gold, 4), one_hot(predicted, 4)).tolist()
        == metrics.confusion_matrix(gold, predicted, labels=range(4)).tolist()
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30))
def test_multi_label_scores(seed: int, texts: int) -> None:
    random = np.random.default_rng(seed)
    gold, predicted = random.random((2, texts, 3)) < 0.4
    ours = scores.label_scores(gold, predicted)
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        gold, predicted, zero_division=0
    )
    assert ours.precision == pytest.approx(precision)
    assert ours.recall == pytest.approx(recall)
    assert ours.f1 == pytest.approx(f1)
    assert scores.accuracy(gold, predicted) == pytest.approx(
        metrics.accuracy_score(gold, predicted)
    )


def test_no_texts_have_no_scores() -> None:
    nothing = np.zeros((0, 3), dtype=bool)
    assert scores.macro_f1(nothing, nothing) == 0.0
    assert scores.accuracy(nothing, nothing) == 0.0
    assert scores.macro_f1_interval(nothing, nothing) == (0.0, 0.0)
    assert scores.confusion(nothing, nothing).tolist() == [[0] * 3] * 3
    assert scores.calibration(np.zeros(0), np.zeros(0, dtype=bool)) == ()


def test_the_interval_is_that_of_drawing_texts_with_replacement() -> None:
    random = np.random.default_rng(3)
    gold = random.integers(0, 3, 200)
    predicted = np.where(random.random(200) < 0.7, gold, random.integers(0, 3, 200))
    matrices = one_hot(list(gold), 3), one_hot(list(predicted), 3)
    draws = random.integers(0, 200, (1000, 200))
    plain = np.quantile(
        [scores.macro_f1(matrices[0][draw], matrices[1][draw]) for draw in draws], (0.025, 0.975)
    )
    ours = scores.macro_f1_interval(*matrices)
    assert ours == pytest.approx(tuple(plain), abs=0.01)


@pytest.mark.benchmark
def test_the_interval_of_ten_thousand_texts_takes_milliseconds() -> None:
    random = np.random.default_rng(3)
    gold = random.integers(0, 5, 10_000)
    predicted = np.where(random.random(10_000) < 0.7, gold, random.integers(0, 5, 10_000))
    matrices = one_hot(list(gold), 5), one_hot(list(predicted), 5)
    start = time.perf_counter()
    scores.macro_f1_interval(*matrices)
    seconds = time.perf_counter() - start
    print(f"bootstrap interval of 10,000 texts: {seconds * 1000:.1f} ms")
    assert seconds < 0.05


@pytest.mark.parametrize(("won", "lost"), [(0, 0), (1, 0), (5, 5), (12, 3), (0, 40), (700, 500)])
def test_mcnemar_is_the_exact_binomial_test(won: int, lost: int) -> None:
    expected = binomtest(won, won + lost).pvalue if won + lost else 1.0
    assert scores.mcnemar_p(won, lost) == pytest.approx(expected)


def test_calibration_bins() -> None:
    confidence = np.array([0.51, 0.55, 0.95, 1.0])
    right = np.array([True, False, True, True])
    assert scores.calibration(confidence, right) == (
        (pytest.approx(0.53), 0.5, 2),
        (pytest.approx(0.975), 1.0, 2),
    )
