"""Pairs of texts, drawn one batch at a time: no list of all pairs is ever made.

The number of pairs grows with the square of the texts; what is kept here grows with the texts.
"""

from __future__ import annotations

import numpy as np

TRIES = 200
"""Rounds in which a pair without a common label is looked for before there is taken to be none."""


class PairStream:
    """Draws pairs that share a label and pairs that share none, equally many of both.

    Every pair of a kind is drawn with the same probability, with replacement, as setfit's
    "oversampling" does in the mean; a text is never paired with itself. As there, texts with
    several labels count as alike when they have one in common. `targets` is int64 (n,), or
    float32 (n, labels).
    """

    def __init__(self, targets: np.ndarray, random: np.random.Generator) -> None:
        self._targets = targets
        self._random = random
        columns = targets.T if targets.ndim == 2 else targets == np.unique(targets)[:, None]
        groups = [np.flatnonzero(column) for column in columns]
        self._groups = [rows for rows in groups if len(rows) > 1]
        pairs = np.array([len(rows) * (len(rows) - 1) for rows in self._groups], float)
        self._shares = pairs / pairs.sum() if len(pairs) else pairs
        self._any_unlike = True

    def take(self, pairs: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return rows, rows and wanted similarities of `pairs` pairs, each array (pairs,).

        Alike and unlike ones take turns; where there is none of a kind, the other fills its place.
        """
        kinds = np.arange(pairs) % 2 == 0
        if not self._groups:
            kinds[:] = False
        unlike = self._unlike(int((~kinds).sum()))
        if len(unlike) < (~kinds).sum():
            kinds[np.flatnonzero(~kinds)[len(unlike) :]] = True
        found = np.zeros((pairs, 2), np.int64)
        found[kinds] = self._alike(int(kinds.sum()))
        found[~kinds] = unlike
        return found[:, 0], found[:, 1], kinds.astype(np.float32)

    def _alike(self, count: int) -> np.ndarray:
        found = np.zeros((count, 2), np.int64)
        if not count:
            return found
        chosen = self._random.choice(len(self._groups), count, p=self._shares)
        for place, group in enumerate(chosen):
            rows = self._groups[group]
            first = int(self._random.integers(len(rows)))
            other = int(self._random.integers(len(rows) - 1))
            found[place] = rows[first], rows[other + (other >= first)]
        return found

    def _unlike(self, count: int) -> np.ndarray:
        """Draw pairs of texts and keep those with no label in common."""
        kept = np.zeros((0, 2), np.int64)
        tries = TRIES if self._any_unlike else 0
        while len(kept) < count and tries:
            tries -= 1
            drawn = self._random.integers(len(self._targets), size=(max(64, 4 * count), 2))
            drawn = drawn[drawn[:, 0] != drawn[:, 1]]
            kept = np.concatenate([kept, drawn[~self._share(drawn)]])
        self._any_unlike = bool(len(kept)) or not count
        return kept[:count]

    def _share(self, pairs: np.ndarray) -> np.ndarray:
        first, second = self._targets[pairs[:, 0]], self._targets[pairs[:, 1]]
        return first == second if first.ndim == 1 else (first * second).any(axis=1)
