"""The queue of jobs and their history, as the project file keeps them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.core.times import utc_now
from engine.project.training_rows import JobInfo, StoredJobEvent

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

ENDED = ("done", "failed", "cancelled", "interrupted")
"""The statuses of a job that will not go on."""

# Of a job that is well over nobody asks where it stood.
_COLUMNS = (
    "id, kind, method, name, status, created, started, finished, message, model_id, spec, result, "
    "CASE WHEN status NOT IN ('done', 'cancelled') THEN (SELECT data FROM job_events "
    "WHERE job_id = jobs.id AND kind IN ('checkpoint', 'resumed') ORDER BY id DESC LIMIT 1) END"
)


def add_job(
    project: ProjectFile, *, kind: str, method: str, name: str, spec: dict[str, Any]
) -> int:
    """Put a job into the queue and return its id; its status is "queued"."""
    with project.transaction():
        table = project.database.table("jobs").insert(
            {
                "kind": kind,
                "method": method,
                "name": name,
                "status": "queued",
                "created": utc_now(),
                "spec": json.dumps(spec, ensure_ascii=False),
            }
        )
    job_id = table.last_pk
    assert isinstance(job_id, int)
    return job_id


def set_spec(project: ProjectFile, job_id: int, spec: dict[str, Any]) -> None:
    """Store what a job is to do, before it runs."""
    _update(project, job_id, {"spec": json.dumps(spec, ensure_ascii=False)})


def set_status(project: ProjectFile, job_id: int, status: str, message: str = "") -> JobInfo:
    """Say where a job stands; "running" notes when it started, an end when it finished.

    Raises:
        KnownError: if there is no such job.
    """
    # A pause is an interruption that is no end. So an older program can read the file, too.
    values = {"status": "interrupted" if status == "paused" else status, "message": message}
    values["finished"] = utc_now() if status in ENDED else ""
    if status == "running":
        values["started"] = utc_now()
    _update(project, job_id, values)
    return get_job(project.connection, job_id)


def set_result(
    project: ProjectFile, job_id: int, result: dict[str, Any], *, model_id: int | None = None
) -> None:
    """Store what a job reported at its end, and the model it made."""
    _update(
        project, job_id, {"result": json.dumps(result, ensure_ascii=False), "model_id": model_id}
    )


def add_events(
    project: ProjectFile, job_id: int, events: Sequence[tuple[str, dict[str, Any]]]
) -> None:
    """Append (kind, data) to a job's history, all in one transaction."""
    at = utc_now()
    with project.transaction() as connection:
        connection.executemany(
            "INSERT INTO job_events (job_id, at, kind, data) VALUES (?, ?, ?, ?)",
            ((job_id, at, kind, json.dumps(data, ensure_ascii=False)) for kind, data in events),
        )


def forget_events(project: ProjectFile, job_id: int, checkpoint: int = 0) -> None:
    """Take back what a job reported behind a checkpoint, up to when it was started last.

    Its curve and its log then go on as if it had not been stopped. Without a checkpoint (0) nothing
    that it reported before that start is left.
    """
    with project.transaction() as connection:
        connection.execute(
            "DELETE FROM job_events WHERE job_id = :job "
            "AND kind IN ('measured', 'log', 'preview', 'checkpoint') "
            "AND id > coalesce((SELECT max(id) FROM job_events WHERE job_id = :job "
            "AND kind = 'checkpoint' AND json_extract(data, '$.checkpoint') = :checkpoint), "
            "CASE WHEN :checkpoint THEN 9e18 ELSE 0 END) "
            "AND id < (SELECT max(id) FROM job_events WHERE job_id = :job AND kind = 'started')",
            {"job": job_id, "checkpoint": checkpoint},
        )


def interrupt_running(project: ProjectFile) -> list[int]:
    """Mark jobs that were running when the program ended as interrupted; return their ids.

    Queued jobs stay queued.
    """
    running = [
        job_id
        for (job_id,) in project.connection.execute("SELECT id FROM jobs WHERE status = 'running'")
    ]
    if running:
        with project.transaction() as connection:
            connection.execute(
                "UPDATE jobs SET status = 'interrupted', finished = ?, message = ? "
                "WHERE status = 'running'",
                (
                    utc_now(),
                    tr("The program ended while this job was running."),
                ),
            )
    return running


def get_job(connection: sqlite3.Connection, job_id: int) -> JobInfo:
    """Return one job.

    Raises:
        KnownError: if there is no such job.
    """
    row = connection.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        raise KnownError(tr("There is no job {job} in this project.", job=job_id))
    return _job(row)


def list_jobs(connection: sqlite3.Connection, limit: int = 100) -> list[JobInfo]:
    """Return the jobs, newest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM jobs ORDER BY id DESC LIMIT ?", (limit,)
    ).fetchall()
    return [_job(row) for row in rows]


def queued_jobs(connection: sqlite3.Connection) -> list[JobInfo]:
    """Return the jobs that wait for their turn, in the order of their turns."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM jobs WHERE status = 'queued' ORDER BY id"
    ).fetchall()
    return [_job(row) for row in rows]


def stopped_jobs(connection: sqlite3.Connection) -> list[JobInfo]:
    """Return the jobs that were stopped and can go on, oldest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM jobs WHERE status IN ('failed', 'interrupted') ORDER BY id"
    ).fetchall()
    return [job for job in map(_job, rows) if job.resumable]


def list_job_events(connection: sqlite3.Connection, job_id: int) -> list[StoredJobEvent]:
    """Return a job's history in order, without its progress."""
    rows = connection.execute(
        "SELECT at, kind, data FROM job_events WHERE job_id = ? AND kind <> 'progress' ORDER BY id",
        (job_id,),
    ).fetchall()
    return [StoredJobEvent(job_id, at, kind, json.loads(data)) for at, kind, data in rows]


def _update(project: ProjectFile, job_id: int, values: dict[str, Any]) -> None:
    get_job(project.connection, job_id)
    with project.transaction():
        project.database.table("jobs").update(job_id, values)


def _job(row: tuple[Any, ...]) -> JobInfo:
    status, finished, checkpoint = row[4], row[7], json.loads(row[12] or "{}")
    return JobInfo(
        id=row[0],
        kind=row[1],
        method=row[2],
        name=row[3],
        status="paused" if status == "interrupted" and not finished else status,
        created=row[5],
        started=row[6],
        finished=finished,
        message=row[8],
        model_id=row[9],
        spec=json.loads(row[10]),
        result=json.loads(row[11]),
        checkpoint=checkpoint if checkpoint.get("checkpoint") else {},
    )
