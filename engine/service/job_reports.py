"""What a worker reports becomes history in the project and events for whoever listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.inspection.sweeps import sweep_point
from engine.jobs.spec import JobEvent
from engine.project import jobs
from engine.service.events import (
    JobLogged,
    JobMeasured,
    JobPreviewed,
    JobProgressed,
    JobResumed,
    SweepPointScored,
)

if TYPE_CHECKING:
    from engine.service.session import Session

PASSING = frozenset({"progress", "ready"})
"""Kinds of event that are of no interest once they are past."""


def tell(session: Session, job_id: int, event: JobEvent) -> None:
    """Store a worker's event of a job if it is worth keeping, and tell of it."""
    data = event.data
    if event.kind not in PASSING:
        jobs.add_events(session.project, job_id, [(event.kind, data)])
    if event.kind == "progress":
        session.emit(
            JobProgressed(
                job_id, data["phase"], data["done"], data["total"], data.get("seconds_left")
            )
        )
    elif event.kind == "measured":
        session.emit(
            JobMeasured(job_id, data["step"], data["epoch"], data["split"], data["metrics"])
        )
    elif event.kind == "point":
        session.emit(SweepPointScored(job_id, sweep_point(data)))
    elif event.kind == "preview":
        session.emit(JobPreviewed(job_id, data["when"], data["sentences"]))
    elif event.kind == "log":
        session.emit(JobLogged(job_id, data["message"]))
    elif event.kind == "resumed":
        jobs.forget_events(session.project, job_id, data["checkpoint"])
        session.emit(JobResumed(job_id, data["step"]))
