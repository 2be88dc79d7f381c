"""Steps of unique texts in which every label is seen equally often, however rare it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

ALIKE = 2
"""Texts of a label in a step: one alone would have nothing that it is like."""


class BalancedSteps:
    """An endless sequence of steps: row numbers of distinct texts, `texts` of them at most.

    Each label's texts come in a random order, and again in another when all were seen. Of more
    labels than a step can hold two texts of, each step takes other ones in turn. `targets` is int64
    (n,), or float32 (n, labels), where texts without any label count as those of one label more.
    """

    def __init__(self, targets: np.ndarray, texts: int, random: np.random.Generator) -> None:
        self._random = random
        self._texts = min(texts, len(targets))
        self._labels = [_Endless(rows, random) for rows in _rows_by_label(targets)]
        self._turns = _Endless(np.arange(len(self._labels)), random)

    def __iter__(self) -> Iterator[np.ndarray]:
        while True:
            yield self._step()

    def _step(self) -> np.ndarray:
        count = min(len(self._labels), max(1, self._texts // ALIKE))
        labels = [self._labels[turn] for turn in self._turns.take(count)]
        chosen: list[int] = []
        # In rounds, one text of each label at a time: rare labels run out, others fill their place.
        seen: set[int] = set()
        while len(seen) < self._texts:
            before = len(seen)
            for label in labels:
                if len(seen) < self._texts and (row := label.next_but(seen)) is not None:
                    seen.add(row)
                    chosen.append(row)
            if len(seen) == before:
                break
        return np.array(chosen, np.int64)


class _Endless:
    """Rows in a random order, and then again in another."""

    def __init__(self, rows: np.ndarray, random: np.random.Generator) -> None:
        self._rows = rows
        self._random = random
        self._order = np.zeros(0, np.int64)
        self._at = 0

    def take(self, count: int) -> list[int]:
        """Return `count` distinct rows; there are as many."""
        taken: set[int] = set()
        while len(taken) < count:
            taken.add(self._next())
        return sorted(taken)

    def next_but(self, seen: set[int]) -> int | None:
        """Return the next row that is not in `seen`, or None if all are."""
        for _ in range(2 * len(self._rows)):
            row = self._next()
            if row not in seen:
                return row
        return None

    def _next(self) -> int:
        if self._at == len(self._order):
            self._order = self._random.permutation(self._rows)
            self._at = 0
        row = int(self._order[self._at])
        self._at += 1
        return row


def _rows_by_label(targets: np.ndarray) -> list[np.ndarray]:
    if targets.ndim == 1:
        found = [np.flatnonzero(targets == label) for label in np.unique(targets)]
    else:
        found = [np.flatnonzero(column) for column in targets.T]
        found.append(np.flatnonzero(~targets.any(axis=1)))
    return [rows for rows in found if len(rows)]
