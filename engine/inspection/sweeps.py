"""The sweeps of a project: F1 and time against one setting, as far as they have come."""

from __future__ import annotations

import sqlite3
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.project.jobs import get_job, list_job_events
from engine.project.training_rows import JobInfo, SweepInfo, SweepPoint


def get_sweep(connection: sqlite3.Connection, job_id: int | None = None) -> SweepInfo | None:
    """Return the sweep of a job; None is the newest, and there may be none.

    Raises:
        KnownError: if that job is no sweep, or there is none.
    """
    if job_id is None:
        row = connection.execute(
            "SELECT id FROM jobs WHERE kind = 'sweep' ORDER BY id DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        (job_id,) = row
    job = get_job(connection, job_id)
    if job.kind != "sweep":
        raise KnownError(tr("Job {number} is no sweep.", number=job_id))
    plan = job.spec["settings"]
    return SweepInfo(
        job=job,
        over=plan["over"],
        values=tuple(plan["values"]),
        seeds=tuple(plan["seeds"]),
        base_model=job.spec["base_model_name"],
        blocks=job.spec["request"]["blocks"],
        points=_points(connection, job, plan),
    )


def _points(
    connection: sqlite3.Connection, job: JobInfo, plan: dict[str, Any]
) -> tuple[SweepPoint, ...]:
    """Return the finished points in the order of the plan; of one that ran twice, the last."""
    events = list_job_events(connection, job.id)
    told = [event.data for event in events if event.kind == "point"]
    found = {(one["value"], one["seed"]): sweep_point(one) for one in told}
    order = [(value, seed) for value in plan["values"] for seed in plan["seeds"]]
    return tuple(found[key] for key in order if key in found)


def sweep_point(data: dict[str, Any]) -> SweepPoint:
    """Return a point as the worker reported it."""
    metrics = data["metrics"]
    return SweepPoint(
        data["value"], data["seed"], metrics["f1"], metrics["macro_f1"], data["seconds"]
    )
