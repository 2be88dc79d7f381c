"""Real workers under supervision, and what comes from them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from engine.jobs.spec import JobEvent
from engine.jobs.supervisor import WorkerEnd, WorkerProcess

WAIT = 90.0


class Supervised:
    """A worker and what came from it."""

    def __init__(self, folder: Path) -> None:
        self.heard: SimpleQueue[JobEvent | WorkerEnd] = SimpleQueue()
        self.worker = WorkerProcess(self.heard.put, self.heard.put, folder / "worker.log")

    def wait_for(self, *kinds: str) -> JobEvent:
        """The next event of one of these kinds."""
        deadline = time.monotonic() + WAIT
        while True:
            try:
                event = self.heard.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                raise AssertionError(f"no {kinds} within {WAIT} s") from None
            assert isinstance(event, JobEvent), f"the worker ended: {event}"
            if event.kind in kinds:
                return event

    def wait_for_end(self) -> WorkerEnd:
        """How the worker ended."""
        while True:
            event = self.heard.get(timeout=WAIT)
            if isinstance(event, WorkerEnd):
                return event


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[[], Supervised]]:
    """Start a worker; it is ended after the test."""
    started: list[Supervised] = []

    def start() -> Supervised:
        started.append(Supervised(tmp_path))
        return started[-1]

    yield start
    for one in started:
        one.worker.close()


@pytest.fixture
def supervised(supervise: Callable[[], Supervised]) -> Supervised:
    """A worker that has just been started."""
    return supervise()
