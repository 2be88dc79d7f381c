"""How much of a job is done, in a unit that predicts time: tokens, weighted by what they cost."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

BACKWARD = 2.0
"""A backward pass costs about two forward passes."""
LEAST = 0.02
"""The share of a forward pass that it costs to look up what is known."""
RECENT = 15.0
"""Seconds whose speed predicts the rest: the machine may have become busier or freer."""


class Meter:
    """Measures seconds by part of the job, and predicts the seconds that are left.

    One unit of work is a token's forward pass through the whole encoder. Work is planned with
    `plan` before it starts and reported with `advance` as it is done.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {"load": 0.0, "train": 0.0, "evaluate": 0.0}
        self._planned = 0.0
        self._done = 0.0
        self._marks: deque[tuple[float, float]] = deque()

    def plan(self, units: float) -> None:
        """Add work that is to come."""
        self._planned += units

    def advance(self, units: float) -> None:
        """Say that some of the planned work is done."""
        self._done += units
        now = time.monotonic()
        self._marks.append((now, self._done))
        while len(self._marks) > 2 and now - self._marks[1][0] >= RECENT:
            self._marks.popleft()

    @property
    def seconds_left(self) -> float | None:
        """The seconds until all planned work is done, or None before the first second of work."""
        if not self._marks:
            return None
        then, done_then = self._marks[0]
        now, done_now = self._marks[-1]
        if now - then < 1.0 or done_now <= done_then:
            return None
        return max(0.0, (self._planned - done_now) * (now - then) / (done_now - done_then))

    def state(self) -> dict[str, Any]:
        """Return what was measured so far, as plain JSON."""
        return {"seconds": dict(self.seconds), "planned": self._planned, "done": self._done}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` returned in another process, now that the work is planned."""
        for part, seconds in state["seconds"].items():
            self.seconds[part] = self.seconds.get(part, 0.0) + seconds
        self._planned, self._done = state["planned"], state["done"]
        self._marks.clear()

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Add the time inside the block to `seconds[part]`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[part] = self.seconds.get(part, 0.0) + time.perf_counter() - start


def training_cost(trained_share: float, known_share: float = 0.0) -> float:
    """Return the units that a token costs in a training step.

    `known_share` of the forward pass need not be computed.
    """
    return reading_cost(known_share) + BACKWARD * trained_share


def reading_cost(known_share: float = 0.0) -> float:
    """Return the units that a token costs where nothing is learned from it."""
    return max(1.0 - known_share, LEAST)
