"""Divide labelled texts into parts that keep the share of each label and never cut a group.

The method is the iterative stratification of Sechidis, Tsoumakas and Vlahavas (2011), with whole
groups in the place of single texts: the group whose labels are rarest is placed first, in the part
that lacks those labels most.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def partition(
    targets: np.ndarray, groups: np.ndarray, shares: Sequence[float], seed: int
) -> np.ndarray:
    """Return the part of each text, int64 (n,) with values 0 … len(shares) - 1.

    `targets` is int64 (n,) or a 0/1 matrix (n, labels); `shares` sum to 1.
    """
    counts = _indicator(targets)
    names, group_of = np.unique(groups, return_inverse=True)
    members = np.zeros((len(names), counts.shape[1]))
    np.add.at(members, group_of, counts)
    wanted = np.outer(np.asarray(shares), counts.sum(axis=0))
    random = np.random.default_rng(seed)
    rarity = 1.0 / np.maximum(counts[:, :-1].sum(axis=0), 1)
    tie = random.permutation(len(names))
    rarest = np.where(members[:, :-1] > 0, rarity, 0).max(axis=1, initial=0)
    # Rare labels first, then large groups: what is hardest to place finds the most room.
    order = np.lexsort((tie, -members[:, -1], -rarest))
    part_of = np.zeros(len(names), np.int64)
    for group in order:
        present = members[group, :-1] > 0
        need = wanted[:, -1]
        if present.any():
            rarest_label = np.argmax(np.where(present, rarity, 0))
            # Among parts that lack the rarest label equally, the one that lacks most texts.
            need = wanted[:, rarest_label] + need / (2 * len(counts))
        best = np.flatnonzero(np.isclose(need, need.max()))
        part = best[random.integers(len(best))]
        part_of[group] = part
        wanted[part] -= members[group]
    return part_of[group_of]


def _indicator(targets: np.ndarray) -> np.ndarray:
    """Return (n, labels + 1): which labels each text has, and a last column of ones."""
    if targets.ndim == 1:
        labels = int(targets.max(initial=0)) + 1
        matrix = np.eye(labels)[targets]
    else:
        matrix = targets.astype(float)
    return np.hstack([matrix, np.ones((len(matrix), 1))])
