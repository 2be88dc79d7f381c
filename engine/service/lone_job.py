"""Run one job in a worker process of its own, without any project, and wait for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from engine.core.errors import BugError, KnownError
from engine.core.language import tr
from engine.jobs.spec import JobEvent, JobSpec
from engine.jobs.supervisor import WorkerEnd, WorkerProcess

JOB_ID = 1
_TURN = 0.2  # seconds


def run_lone_job(
    spec: JobSpec,
    subject: str,
    *,
    on_event: Callable[[JobEvent], None] = lambda event: None,
    cancelled: Callable[[], bool] = lambda: False,
    online: bool = False,
) -> dict[str, Any]:
    """Return the data of the job's "finished" event; blocks until then.

    `subject` names the work where a sentence begins with it, such as "The prediction". `on_event`
    gets every other event; `cancelled` is asked several times a second. Only a download
    is `online`.

    Raises:
        KnownError: if the world is at fault, or it was cancelled.
        BugError: if the program is.
    """
    heard: SimpleQueue[JobEvent | WorkerEnd] = SimpleQueue()
    log = Path(spec.folder) / "worker.log"
    worker = WorkerProcess(heard.put, heard.put, log, online=online)
    try:
        worker.run(spec)
        while True:
            if cancelled():
                raise KnownError(
                    tr("{subject} was cancelled; nothing was written.", subject=subject)
                )
            try:
                event = heard.get(timeout=_TURN)
            except Empty:
                continue
            if isinstance(event, WorkerEnd):
                raise KnownError(
                    tr(
                        "{subject} failed because {why}; nothing was written.",
                        subject=subject,
                        why=event.words,
                    ),
                    details=event.last_lines,
                )
            if event.kind == "finished":
                return event.data
            if event.kind == "failed":
                if event.data["known"]:
                    raise KnownError(event.data["message"], details=event.data["details"])
                raise BugError(f"{event.data['message']} {event.data['details']}")
            on_event(event)
    finally:
        worker.close()
