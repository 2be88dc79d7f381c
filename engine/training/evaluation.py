"""Scores of a classifier, computed by scikit-learn from probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

THRESHOLD = 0.5
"""In a task of several labels a text, a label holds from this probability on."""


def classification_metrics(
    targets: np.ndarray, probabilities: np.ndarray, labels: Sequence[str]
) -> dict[str, Any]:
    """Return the scores of n texts as plain JSON values.

    `targets` is int64 (n,) or float32 (n, labels), `probabilities` float32 (n, labels). Keys:
    texts, accuracy (of whole label sets where a text has several), macro_f1 (over the labels that
    occur in gold or prediction), f1 (of the second label where a task has exactly two and a text
    one of them, else macro_f1), per_label {name: {precision, recall, f1, support}}; and confusion
    (rows gold, columns predicted) for one label a text, micro_f1 for several.
    """
    from sklearn.metrics import (
        accuracy_score,
        confusion_matrix,
        f1_score,
        precision_recall_fscore_support,
    )

    several = targets.ndim == 2
    gold = targets.astype(np.int64)
    predicted = decide(probabilities, several)
    positions = list(range(len(labels)))
    precision, recall, f1, support = precision_recall_fscore_support(
        gold, predicted, labels=positions, average=None, zero_division=0
    )
    occurs = (
        gold.any(axis=0) | predicted.any(axis=0)
        if several
        else np.isin(positions, np.concatenate([gold, predicted]))
    )
    macro = float(f1[occurs].mean()) if occurs.any() else 0.0
    metrics: dict[str, Any] = {
        "texts": len(gold),
        "accuracy": float(accuracy_score(gold, predicted)),
        "macro_f1": macro,
        "f1": float(f1[1]) if len(labels) == 2 and not several else macro,
        "per_label": {
            name: {
                "precision": float(precision[at]),
                "recall": float(recall[at]),
                "f1": float(f1[at]),
                "support": int(support[at]),
            }
            for at, name in enumerate(labels)
        },
    }
    if several:
        metrics["micro_f1"] = float(f1_score(gold, predicted, average="micro", zero_division=0))
    else:
        metrics["confusion"] = confusion_matrix(gold, predicted, labels=positions).tolist()
    return metrics


def decide(probabilities: np.ndarray, several: bool) -> np.ndarray:
    """Return the predicted label (n,), or the 0/1 matrix (n, labels) where a text has several."""
    if several:
        return (probabilities >= THRESHOLD).astype(np.int64)
    return probabilities.argmax(axis=1)


def mean_and_spread(
    metrics: Sequence[dict[str, Any]], names: Sequence[str] = ("accuracy", "macro_f1", "f1")
) -> dict[str, dict[str, float]]:
    """Return {name: {mean, spread}} of some scores over folds.

    The spread is the sample standard deviation.
    """
    found = {}
    for name in names:
        values = np.array([fold[name] for fold in metrics])
        spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
        found[name] = {"mean": float(values.mean()), "spread": spread}
    return found
