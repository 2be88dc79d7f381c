"""How a running job speaks to whoever started it, and how it learns that it should stop."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from engine.jobs.spec import JobEvent

PROGRESS_INTERVAL = 0.1
"""Seconds between two progress events: a window repaints ten times a second, not more."""


class Cancelled(Exception):  # noqa: N818 - a request that was granted, not an error
    """Someone asked the job to stop. Raised at the next step; only the worker's main catches it."""


class Paused(Exception):  # noqa: N818 - a request that was granted, not an error
    """Someone asked the job to wait, and what it needs to go on is on disk; see `Cancelled`."""


class Reporter:
    """Sends the events of one job, and thins its progress out to ten a second.

    `write` receives every `JobEvent`. `cancelled` answers whether someone asked the job to stop,
    and `take_pause` whether someone asked it to wait, once for each request; long loops call
    `check` at every step. `before_pause` is asked to keep what the job needs to go on, and answers
    whether it could.

    A job that goes on from a checkpoint begins as every job does and comes to the same conclusions
    again. What it had said by then, `said`, is handed to `leave_out` and not said twice.
    """

    def __init__(
        self,
        job_id: int,
        write: Callable[[JobEvent], None],
        cancelled: Callable[[], bool] = lambda: False,
        take_pause: Callable[[], bool] = lambda: False,
    ) -> None:
        self.job_id = job_id
        self.before_pause: Callable[[], bool] = lambda: True
        self.said: list[str] = []
        self._write = write
        self._cancelled = cancelled
        self._take_pause = take_pause
        self._left_out: Counter[str] = Counter()
        self._phase = ""
        self._next_progress = 0.0

    def send(self, kind: str, **data: Any) -> None:
        """Send one event of the kinds that `JobEvent` lists."""
        event = JobEvent(self.job_id, kind, data)
        if kind in ("log", "preview") or (kind == "measured" and data["split"] == "validation"):
            line = event.to_json()
            if self._left_out[line]:
                self._left_out[line] -= 1
                return
            self.said.append(line)
        self._write(event)

    def leave_out(self, said: Sequence[str]) -> None:
        """Say none of these events again, each as often as it stands there."""
        self.said = list(said)
        self._left_out = Counter(said)

    def log(self, message: str) -> None:
        """Send one sentence for the log of the run."""
        self.send("log", message=message)

    def progress(
        self, phase: str, done: int, total: int, seconds_left: float | None = None
    ) -> None:
        """Send how far the job is, unless the last progress of this phase is under 0.1 s old.

        The first and the last of a phase (`done` equal to `total`) are always sent.
        """
        now = time.monotonic()
        if phase == self._phase and now < self._next_progress and done != total:
            return
        self._phase = phase
        self._next_progress = now + PROGRESS_INTERVAL
        left = None if seconds_left is None else round(seconds_left, 1)
        self.send("progress", phase=phase, done=done, total=total, seconds_left=left)

    def check(self, *, pausing: bool = True) -> None:
        """Raise `Cancelled` when someone asked the job to stop, or `Paused` when it is to wait.

        With `pausing` false, someone who wants a pause waits for the next call.
        """
        if self._cancelled():
            raise Cancelled
        if pausing and self._take_pause() and self.before_pause():
            raise Paused
