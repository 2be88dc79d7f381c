"""The arithmetic of scores, on 0/1 matrices of shape (texts, labels), with numpy alone.

A single-label task is the case of one 1 in each row. The numbers equal scikit-learn's with
``zero_division=0``; it is left out because the reader thread must answer in milliseconds, and
importing it takes a second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.bool_]
Floats = NDArray[np.float64]

_RESAMPLES = 1000
_BINS = 10


@dataclass(frozen=True, slots=True)
class LabelwiseScores:
    """Precision, recall, F1, gold texts and predicted texts: one number a label each."""

    precision: Floats
    recall: Floats
    f1: Floats
    support: NDArray[np.int64]
    predicted: NDArray[np.int64]


def label_scores(gold: Matrix, predicted: Matrix) -> LabelwiseScores:
    """Return the scores of each label; what would divide by zero is 0."""
    hits = (gold & predicted).sum(axis=0)
    support, found = gold.sum(axis=0), predicted.sum(axis=0)
    return LabelwiseScores(
        precision=_ratio(hits, found),
        recall=_ratio(hits, support),
        f1=_ratio(2 * hits, support + found),
        support=support,
        predicted=found,
    )


def macro_f1(gold: Matrix, predicted: Matrix) -> float:
    """Return the mean F1 of the labels that occur in gold or prediction; 0 if none does."""
    scores = label_scores(gold, predicted)
    occurs = (scores.support + scores.predicted) > 0
    return float(scores.f1[occurs].mean()) if occurs.any() else 0.0


def accuracy(gold: Matrix, predicted: Matrix) -> float:
    """Return the share of texts whose labels are exactly the gold ones; 0 without texts."""
    return float((gold == predicted).all(axis=1).mean()) if len(gold) else 0.0


def confusion(gold: Matrix, predicted: Matrix) -> NDArray[np.int64]:
    """Return counts of shape (labels, labels), rows gold, columns predicted (single-label)."""
    labels = gold.shape[1]
    cells = gold.argmax(axis=1) * labels + predicted.argmax(axis=1)
    return np.bincount(cells, minlength=labels * labels).reshape(labels, labels)


def macro_f1_interval(gold: Matrix, predicted: Matrix, seed: int = 0) -> tuple[float, float]:
    """Return the bounds of the 95 % bootstrap interval of macro F1 (percentile method).

    Texts are drawn with replacement a thousand times (Efron, 1979). Texts with the same gold and
    prediction are alike, so what is drawn is how often each such kind comes: one multinomial draw
    stands for drawing all the texts.
    """
    if not len(gold):
        return 0.0, 0.0
    kinds, counts = np.unique(
        np.packbits(np.hstack((gold, predicted)), axis=1), axis=0, return_counts=True
    )
    labels = gold.shape[1]
    bits = np.unpackbits(kinds, axis=1, count=2 * labels).astype(np.float64)
    gold_kinds, predicted_kinds = bits[:, :labels], bits[:, labels:]
    draws = np.random.default_rng(seed).multinomial(
        len(gold), counts / counts.sum(), size=_RESAMPLES
    )
    together = draws @ (gold_kinds + predicted_kinds)
    f1 = _ratio(2 * (draws @ (gold_kinds * predicted_kinds)), together)
    occurring = np.maximum((together > 0).sum(axis=1), 1)
    means = f1.sum(axis=1) / occurring  # the F1 of a label that does not occur is 0
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def calibration(confidence: Floats, right: Matrix) -> tuple[tuple[float, float, int], ...]:
    """Return (mean confidence, accuracy, texts) of the ten equal-width bins that have texts.

    `confidence` is each text's probability of what was predicted, `right` whether it was right.
    The bins are those of the expected calibration error (Naeini, Cooper, Hauskrecht, 2015).
    """
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    found = []
    for number in np.unique(bins):
        inside = bins == number
        found.append(
            (
                float(confidence[inside].mean()),
                float(right[inside].mean()),
                int(inside.sum()),
            )
        )
    return tuple(found)


def mcnemar_p(only_first: int, only_second: int) -> float:
    """Return the p-value of McNemar's exact test, two-sided.

    `only_first` texts are right with the first model alone, `only_second` with the second alone
    (McNemar, 1947). Without such texts the models do not differ, and the value is 1.
    """
    trials, fewer = only_first + only_second, min(only_first, only_second)
    if not trials:
        return 1.0
    log_half = trials * math.log(0.5)
    tail = math.fsum(
        math.exp(
            math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + log_half
        )
        for k in range(fewer + 1)
    )
    return min(1.0, 2 * tail)


def _ratio(above: NDArray[Any], below: NDArray[Any]) -> Floats:
    counts, whole = above.astype(np.float64), below.astype(np.float64)
    return np.divide(counts, whole, out=np.zeros_like(counts), where=whole > 0)
