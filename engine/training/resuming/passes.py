"""Where a run stands in its passes over the texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from engine.training.resuming.state import State, generator_state, set_generator

T = TypeVar("T")


class Passes:
    """Counts passes and the batches read in the present one, and keeps the generator of both.

    The order of a pass is not kept: it is drawn again from where the generator stood before it.
    """

    def __init__(self, random: np.random.Generator) -> None:
        self.number = 1
        self.read = 0
        self._random = random
        self._before = generator_state(random)
        self._within: dict[str, object] | None = None

    def draw(self, make: Callable[[np.random.Generator], T]) -> T:
        """Return what `make` draws for the present pass, the same again for a run that goes on."""
        if self._within is not None:
            set_generator(self._random, self._before)
        self._before = generator_state(self._random)
        made = make(self._random)
        if self._within is not None:
            set_generator(self._random, self._within)
            self._within = None
        return made

    def next(self) -> None:
        """Go on to the next pass."""
        self.number += 1
        self.read = 0

    def state(self) -> State:
        """Return where the run stands."""
        return State(
            facts={
                "number": self.number,
                "read": self.read,
                "before": self._before,
                "within": generator_state(self._random),
            }
        )

    def restore(self, state: State) -> None:
        """Go on where the run stood."""
        facts = state.facts
        self.number, self.read = facts["number"], facts["read"]
        self._before, self._within = facts["before"], facts["within"]
