"""When to stop: the loss of a step is noisy, so a few of them decide together."""

from __future__ import annotations

from collections import deque

from engine.training.resuming.state import State

RECENT = 5
"""Steps whose mean loss is looked at."""
LEARNED = 0.01
"""The mean loss at which pairs are as their labels want them: cosines are off by a tenth."""
STANDSTILL = 12
"""Steps over which a loss that no longer falls is a loss that will not fall."""
FALL = 0.98


class Convergence:
    """Says when the loss of a run has converged: it is small, or it has stopped falling."""

    def __init__(self, first: int) -> None:
        """Judge from step `first` on: the rate still rises before."""
        self._first = first
        self._losses: deque[float] = deque(maxlen=2 * STANDSTILL)
        self._steps = 0

    def state(self) -> State:
        """Return the losses that were noted."""
        return State(facts={"losses": list(self._losses), "steps": self._steps})

    def restore(self, state: State) -> None:
        """Go on from what `state` returned."""
        self._losses.extend(state.facts["losses"])
        self._steps = state.facts["steps"]

    def settled(self, loss: float) -> bool:
        """Note the loss of one more step; return whether the run may end."""
        self._steps += 1
        if self._steps <= self._first:
            return False
        self._losses.append(loss)
        losses = list(self._losses)
        if len(losses) >= RECENT and sum(losses[-RECENT:]) < LEARNED * RECENT:
            return True
        if len(losses) < 2 * STANDSTILL:
            return False
        return sum(losses[STANDSTILL:]) > FALL * sum(losses[:STANDSTILL])
