"""An engine as a command uses it: commands and questions one after another, events as they come.

Waiting is done in short turns, because on Windows a Ctrl-C does not end a wait without a limit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

from engine.api import (
    CancelJob,
    Command,
    Engine,
    Event,
    JobInfo,
    JobsChanged,
    KnownError,
    ListJobs,
    OpenProject,
    PauseJob,
    Query,
)

_TURN = 0.2  # seconds
_OVER = frozenset({"done", "failed", "cancelled", "interrupted", "paused"})
OnEvent = Callable[[Event], None]


class Shell:
    """An engine for one command; a context manager.

    Args:
        project: the project file to open, or None for none.
    """

    def __init__(self, project: Path | None = None) -> None:
        self._path = project
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._engine = Engine(on_event=self._events.put, suggestions=False, resume_jobs=False)

    def __enter__(self) -> Self:
        self._engine.start()
        try:
            if self._path is not None:
                self.do(OpenProject(str(self._path)))
        except BaseException:
            self._engine.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engine.close()

    def do(self, command: Command, on_event: OnEvent | None = None) -> Any:
        """Carry out a command and return its result; `on_event` sees what happens meanwhile."""
        return self._await(self._engine.submit(command), on_event)

    def ask(self, query: Query) -> Any:
        """Return the answer to a query."""
        return self._await(self._engine.ask(query), None)

    def run_job(self, command: Command, on_event: OnEvent | None = None) -> JobInfo:
        """Submit a command that starts a job, and return the job when it is over.

        A Ctrl-C cancels the job, waits until it is gone, and goes on as KeyboardInterrupt.

        Raises:
            KnownError: with the job's own sentence, if it failed or was interrupted.
        """
        job_id = self.do(command)
        return self.wait_for_jobs([job_id], on_event)[0]

    def wait_for_jobs(
        self,
        job_ids: Sequence[int],
        on_event: OnEvent | None = None,
        stop: type[CancelJob] | type[PauseJob] = CancelJob,
    ) -> list[JobInfo]:
        """Return jobs of the queue, in their order there, when all of them are over.

        A Ctrl-C cancels them, or what else `stop` says, waits until they are gone, and goes on as
        KeyboardInterrupt.

        Raises:
            KnownError: with the job's own sentence, if one failed or was interrupted; those behind
                it are cancelled then.
        """
        waiting = list(job_ids)
        found = []
        try:
            while waiting:
                job = self._until_over(waiting[0], on_event)
                # What it had computed is not given up with those behind it.
                del waiting[0]
                found.append(self._successful(job))
        except (KeyboardInterrupt, KnownError):
            for job_id in reversed(waiting):
                self.do(stop(job_id))
            self._until_gone(set(waiting))
            raise
        return found

    def _successful(self, job: JobInfo) -> JobInfo:
        if job.status == "cancelled":
            raise KnownError(f"Job {job.id} was cancelled; nothing was changed.")
        if job.status != "done":
            raise KnownError(job.message or f"Job {job.id} {job.status}.")
        return job

    def _until_over(self, job_id: int, on_event: OnEvent | None) -> JobInfo:
        while True:
            try:
                event = self._events.get(timeout=_TURN)
            except Empty:
                continue
            if isinstance(event, JobsChanged):
                if event.job.id == job_id and event.job.status in _OVER:
                    return event.job
            elif on_event is not None and getattr(event, "job_id", None) == job_id:
                on_event(event)

    def _until_gone(self, job_ids: set[int]) -> None:
        while any(job.id in job_ids and job.status not in _OVER for job in self.ask(ListJobs())):
            time.sleep(_TURN)

    def _await(self, future: Future[Any], on_event: OnEvent | None) -> Any:
        # Without a listener the events stay where they are, for the job that they may be about.
        while True:
            try:
                result = future.result(timeout=_TURN)
            except TimeoutError:
                if future.done():
                    raise
            else:
                self._pass_on(on_event)
                return result
            self._pass_on(on_event)

    def _pass_on(self, on_event: OnEvent | None) -> None:
        while on_event is not None and not self._events.empty():
            on_event(self._events.get())
