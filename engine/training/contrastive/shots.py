"""A few texts of every label, drawn at random: what a model learns from a handful of labels."""

from __future__ import annotations

import numpy as np


def draw_shots(targets: np.ndarray, shots: int, seed: int) -> np.ndarray:
    """Return the rows of `shots` texts of each label, ascending; all rows where `shots` is 0.

    `targets` is int64 (n,) or float32 (n, labels). A label with fewer texts gives all it has. A
    text with several labels counts for each of them, so the rarest label is served first.
    """
    if not shots:
        return np.arange(len(targets))
    random = np.random.default_rng(seed)
    matrix = targets > 0 if targets.ndim == 2 else targets[:, None] == np.unique(targets)
    chosen = np.zeros(len(targets), bool)
    for label in np.argsort(matrix.sum(axis=0), kind="stable"):
        having = matrix[:, label]
        missing = shots - int((chosen & having).sum())
        others = np.flatnonzero(having & ~chosen)
        if missing > 0:
            chosen[random.permutation(others)[:missing]] = True
    if targets.ndim == 2:
        without = np.flatnonzero(~matrix.any(axis=1))
        chosen[random.permutation(without)[:shots]] = True
    return np.flatnonzero(chosen)


def short_labels(targets: np.ndarray, labels: tuple[str, ...], shots: int) -> list[str]:
    """Return the labels that have texts, but fewer than `shots` of them."""
    counts = (
        targets.sum(axis=0).astype(int)
        if targets.ndim == 2
        else np.bincount(targets, minlength=len(labels))
    )
    return [label for label, count in zip(labels, counts, strict=True) if 0 < count < shots]
