"""Jobs that were stopped and can go on: what is kept for them, and what they go on with."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr, trc
from engine.jobs.checkpoints import last_position
from engine.jobs.spec import JobSpec
from engine.project import jobs
from engine.project.training_rows import JobInfo
from engine.service.events import JobLogged
from engine.service.job_folders import SNAPSHOT, job_folder, remove_leftovers, remove_output
from engine.service.job_kinds import LEARNING

if TYPE_CHECKING:
    from engine.project.project import ProjectFile
    from engine.service.job_kinds import Run
    from engine.service.session import Session

STOPPED = frozenset({"paused", "interrupted", "failed", "cancelled"})
"""The statuses from which a training can begin again."""


def tidy_up(project: ProjectFile, job: JobInfo) -> JobInfo:
    """Keep of a job without a result what it needs to go on, if it can, and remove the rest.

    Returns the job as it is then: the worker may have written a checkpoint that nobody heard of.
    """
    position = last_position(job_folder(project, job.id)) if job.kind in LEARNING else None
    if job.status == "cancelled" or (position is None and job.status != "paused"):
        remove_leftovers(project, job)
        return job
    remove_output(project, job)
    if position is not None and job.checkpoint != position:
        jobs.add_events(project, job.id, [("checkpoint", position)])
    return jobs.get_job(project.connection, job.id)


def say_where_it_stands(job: JobInfo) -> str:
    """Return why a job stopped, with from where it can go on behind that."""
    why = job.message.rstrip(".")
    step, steps = job.checkpoint.get("step"), job.checkpoint.get("steps")
    if step and steps:
        return tr(
            "{why}; it can go on from step {step} of {steps}.", why=why, step=step, steps=steps
        )
    return tr("{why}; it can go on from where it stood.", why=why)


def require_resumable(session: Session, job: JobInfo, *, anew: bool) -> None:
    """Raise KnownError if a job can neither go on nor, with `anew`, begin again."""
    from engine.project.models import free_model_name

    if not (job.kind in LEARNING and job.status in STOPPED if anew else job.resumable):
        raise KnownError(
            tr(
                "Job {number} is {status} and has nothing to go on from; start another one with "
                "its settings.",
                number=job.id,
                status=_status_words(job.status),
            )
        )
    if job.kind != "train":
        return
    taken = free_model_name(session.project.connection, job.name) != job.name
    if taken or job.name in session.jobs.names(besides=job.id):
        raise KnownError(
            tr(
                'There is another model named "{name}" by now; rename that one, then go on.',
                name=job.name,
            )
        )


def _status_words(status: str) -> str:
    words = {
        "queued": trc("a job", "queued"),
        "running": trc("a job", "running"),
        "done": trc("a job", "done"),
        "failed": trc("a job", "failed"),
        "cancelled": trc("a job", "cancelled"),
        "interrupted": trc("a job", "interrupted"),
        "paused": trc("a job", "paused"),
    }
    return words.get(status, status)


def forget_course(project: ProjectFile, job: JobInfo) -> None:
    """Remove all that a job has computed and told, so that it begins again."""
    shutil.rmtree(job_folder(project, job.id), ignore_errors=True)
    remove_output(project, job)
    jobs.set_spec(project, job.id, {**job.spec, "snapshot": "", "output": ""})
    jobs.add_events(project, job.id, [("started", {}), ("resumed", {"checkpoint": 0})])
    jobs.forget_events(project, job.id)


def spec_to_go_on(session: Session, run: Run) -> JobSpec | None:
    """Return the spec of a job that was stopped, or None where it has to be prepared as a new one.

    It learns from the texts and labels that it began with.
    """
    snapshot = run.folder / SNAPSHOT
    if run.spec.snapshot and snapshot.is_file():
        # The project may have been moved in the meantime.
        output = session.project.models_folder / Path(run.spec.output).name
        return replace(run.spec, snapshot=str(snapshot), output=str(output))
    if run.job.checkpoint:
        sentence = tr("What this training had computed is no longer there, so it begins anew.")
        forget_course(session.project, run.job)
        jobs.add_events(session.project, run.job.id, [("log", {"message": sentence})])
        session.emit(JobLogged(run.job.id, sentence))
    return None
