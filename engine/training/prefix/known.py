"""The states of a frozen prefix, read batch by batch while the blocks behind it train."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import torch

from engine.training.prefix.draft import StoredStates
from engine.training.prefix.sequences import UniqueSequences


class Frozen(Protocol):
    """The part of a model that does not train, from the beginning on: see `Prefix`."""

    precision: str
    """The type of numbers in which its states are kept."""
    name: str
    """What tells its states from those of other parts."""

    def of(self, model: Any, /) -> Frozen:
        """Return the same part of another model."""
        ...

    def compute(self, ids: torch.Tensor, mask: torch.Tensor | None, /) -> torch.Tensor:
        """Return its states, (texts, tokens or fewer, width)."""
        ...

    def recall(
        self, states: Callable[[], torch.Tensor], shape: Callable[[], torch.Size], /
    ) -> None:
        """Have it answer with `states()`, in batches of `shape()` (texts, tokens)."""
        ...

    def compute_again(self) -> None:
        """Have it compute as before."""
        ...


class KnownStates:
    """The kept states of n sequences; those of the current batch are at hand.

    `counts` are the rows of each different sequence, int64 (kinds,).
    """

    def __init__(self, stored: StoredStates, unique: UniqueSequences, counts: np.ndarray) -> None:
        self._stored = stored
        self._unique = unique
        self._counts = counts
        self._kinds = np.zeros(0, np.int64)
        self._batch: torch.Tensor | None = None

    @property
    def most_rows(self) -> int:
        """The most rows that a sequence has."""
        return int(self._counts.max())

    def turn_to(self, numbers: np.ndarray) -> None:
        """Make these sequences the current batch."""
        self._kinds, self._batch = self._unique.kinds[numbers], None

    def shape(self) -> torch.Size:
        """Return sequences and tokens of the current batch, as it is padded."""
        return torch.Size((len(self._kinds), int(self._unique.lengths[self._kinds].max())))

    def states(self, device: torch.device) -> torch.Tensor:
        """Return the states of the current batch, float32 (sequences, most rows, width).

        Rows behind the last of a sequence are zero.
        """
        if self._batch is None:
            self._batch = torch.from_numpy(self._gathered()).to(device).float()
        return self._batch

    def _gathered(self) -> np.ndarray:
        starts, counts = self._stored.starts[self._kinds], self._counts[self._kinds]
        rows = self._stored.rows
        found = np.zeros((len(counts), int(counts.max()), rows.shape[1]), rows.dtype)
        for place, (start, count) in enumerate(zip(starts, counts, strict=True)):
            found[place, :count] = rows[start : start + count]
        return found


class KnownPrefix:
    """What a frozen prefix makes of all sequences, for every model that has this prefix."""

    def __init__(self, prefix: Frozen, states: KnownStates) -> None:
        self._prefix = prefix
        self._states = states

    @property
    def rows_a_text(self) -> int:
        """The most rows of states that a text has."""
        return self._states.most_rows

    def turn_to(self, numbers: np.ndarray) -> None:
        """Say which sequences the next forward pass reads."""
        self._states.turn_to(numbers)

    def recall(self, model: torch.nn.Module, device: torch.device) -> Frozen:
        """Have a model read the kept states; returns the prefix, which can compute again."""
        prefix = self._prefix.of(model)
        prefix.recall(lambda: self._states.states(device), self._states.shape)
        return prefix
