"""How a running job speaks to whoever started it, and how it learns that it should stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from engine.jobs.spec import JobEvent

PROGRESS_INTERVAL = 0.1
"""Seconds between two progress events: a window repaints ten times a second, not more."""


class Cancelled(Exception):  # noqa: N818 - a request that was granted, not an error
    """Someone asked the job to stop. Raised at the next step; only the worker's main catches it."""


class Reporter:
    """Sends the events of one job, and thins its progress out to ten a second.

    `write` receives every `JobEvent`. `cancelled` answers whether someone asked the job to stop;
    long loops call `check` at every step.
    """

    def __init__(
        self,
        job_id: int,
        write: Callable[[JobEvent], None],
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self.job_id = job_id
        self._write = write
        self._cancelled = cancelled
        self._phase = ""
        self._next_progress = 0.0

    def send(self, kind: str, **data: Any) -> None:
        """Send one event of the kinds that `JobEvent` lists."""
        self._write(JobEvent(self.job_id, kind, data))

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

    def check(self) -> None:
        """Raise `Cancelled` when someone asked the job to stop."""
        if self._cancelled():
            raise Cancelled
