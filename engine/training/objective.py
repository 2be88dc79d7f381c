"""The loss of a classifier, with weights for labels that are rare."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional

IMBALANCE = 3.0
"""From this ratio of the most frequent to the rarest label on, ``class_weights=auto`` weighs."""
LARGEST_WEIGHT = 10.0
"""One text of a label with a single example must not outshout a whole batch."""

Objective = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def label_weights(targets: np.ndarray, labels: int, wish: str) -> np.ndarray | None:
    """Return one weight a label, float32 (labels,), or None where all count the same.

    For one label a text the weights balance the labels (scikit-learn's "balanced"); for several
    they weigh the texts that have a label against those that do not (`pos_weight`). `wish` is
    "on", "off" or "auto".
    """
    several = targets.ndim == 2
    counts = targets.sum(axis=0) if several else np.bincount(targets, minlength=labels)
    present = counts > 0
    if wish == "off" or present.sum() < 2:
        return None
    if wish == "auto" and counts[present].max() < IMBALANCE * counts[present].min():
        return None
    weights = np.ones(labels)
    if several:
        weights[present] = (len(targets) - counts[present]) / counts[present]
        return np.clip(weights, 1.0, LARGEST_WEIGHT).astype(np.float32)
    weights[present] = counts[present].sum() / (present.sum() * counts[present])
    weights = np.minimum(weights, LARGEST_WEIGHT * weights[present].min())
    return weights.astype(np.float32)


def make_objective(weights: np.ndarray | None, several: bool, device: torch.device) -> Objective:
    """Return the loss of logits (texts, labels) against targets, as a mean over texts.

    Cross-entropy for one label a text (targets int64), binary cross-entropy for several (float32).
    """
    tensor = None if weights is None else torch.from_numpy(weights).to(device)

    def loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        if several:
            return functional.binary_cross_entropy_with_logits(
                logits.float(), targets, pos_weight=tensor
            )
        return functional.cross_entropy(logits.float(), targets, weight=tensor)

    return loss
