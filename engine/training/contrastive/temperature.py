"""How sure a head may be: its logits, divided by a temperature.

A regression on vectors of length 1 gives flat probabilities where there are many labels (0.5 for
the right one of ten intents that it gets right in 96 of 100 texts), since its penalty keeps the
weights small. The temperature changes how sure the head is, never what it decides.
"""

from __future__ import annotations

import numpy as np

from engine.inference.setfit_head import Head
from engine.training.contrastive.head import fit_head
from engine.training.evaluation import decide
from engine.training.loop import log_loss
from engine.training.partition import partition

COOLEST, HOTTEST = 0.05, 5.0
_CANDIDATES = np.geomspace(COOLEST, HOTTEST, 93)
FOLDS = 5
FEWEST = 10
"""Below so many texts nothing can be said of how sure a head may be."""
ENOUGH = 2000
"""Texts that say enough about it."""


def find_temperature(targets: np.ndarray, probabilities: np.ndarray) -> float:
    """Return what to divide logits by so that probabilities of texts unseen in training are true.

    It is the temperature of the least log loss (Guo et al., arXiv 1706.04599), between 0.05 and 5.
    `targets` is int64 (n,), or float32 (n, labels); `probabilities`, float32 (n, labels).
    """
    several = targets.ndim == 2
    losses = [log_loss(targets, tempered(probabilities, t, several)) for t in _CANDIDATES]
    return float(_CANDIDATES[int(np.argmin(losses))])


def guess_temperature(
    untrained: np.ndarray, targets: np.ndarray, head: Head, trained: np.ndarray
) -> float:
    """Return a temperature where no text is left that training did not see.

    What cross-validation on the encoder's vectors before training gets right is a careful guess of
    what the model will get right. The texts it learned from lie closer to their labels than others
    ever will; the head may be as sure of them as half way from there to certainty. `untrained` and
    `trained` are vectors of the same texts, float32 (n, dimensions). 1 where there are too few
    texts.
    """
    share = _right_without_training(untrained, targets, len(head.bias))
    if share is None:
        return 1.0
    probabilities = head.probabilities(trained)
    wanted = (1 + share) / 2
    missed = [
        abs(_sureness(tempered(probabilities, t, head.several), head.several) - wanted)
        for t in _CANDIDATES
    ]
    return float(_CANDIDATES[int(np.argmin(missed))])


def _sureness(probabilities: np.ndarray, several: bool) -> float:
    """Return the mean probability of what is decided."""
    each = np.maximum(probabilities, 1 - probabilities) if several else probabilities.max(axis=1)
    return float(each.mean())


def _right_without_training(vectors: np.ndarray, targets: np.ndarray, labels: int) -> float | None:
    """Return the share of decisions that are right in cross-validation; None for too few texts."""
    if len(targets) < FEWEST:
        return None
    folds = partition(targets, np.arange(len(targets)), [1 / FOLDS] * FOLDS, seed=0)
    found = np.zeros((len(targets), labels), np.float32)
    for fold in np.unique(folds):
        seen = folds != fold
        if len(np.unique(targets[seen], axis=0)) < 2:
            return None
        head = fit_head("logistic", vectors[seen], targets[seen], labels, "auto")
        found[~seen] = head.probabilities(vectors[~seen])
    return float((decide(found, targets.ndim == 2) == targets).mean())


def tempered(probabilities: np.ndarray, temperature: float, several: bool) -> np.ndarray:
    """Return the probabilities, float32 (n, labels), with their logits divided by `temperature`.

    The likeliest label, and on which side of one half a probability lies, stay the same.
    """
    p = np.clip(probabilities.astype(np.float64), 1e-12, 1 - 1e-12)
    if several:
        logits = (np.log(p) - np.log1p(-p)) / temperature
        return (1 / (1 + np.exp(-logits))).astype(np.float32)
    logits = np.log(p) / temperature
    found = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (found / found.sum(axis=1, keepdims=True)).astype(np.float32)
