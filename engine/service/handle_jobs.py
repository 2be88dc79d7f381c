"""Commands that put jobs into the queue, or take them out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.service import training_commands as t
from engine.service.predict_file_job import predict_file_spec
from engine.service.predict_job import predict_split_spec
from engine.service.sweep_job import sweep_spec
from engine.service.train_job import training_spec

if TYPE_CHECKING:
    from engine.service.session import Session


def start_job(session: Session, command: t.StartJob) -> int:
    """Put a training job into the queue."""
    return session.jobs.add(training_spec(session, command), "train")


def start_sweep(session: Session, command: t.StartSweep) -> int:
    """Put a sweep into the queue."""
    return session.jobs.add(sweep_spec(session, command), "sweep")


def predict_split(session: Session, command: t.PredictSplit) -> int:
    """Put a job into the queue that predicts the labelled texts of a split."""
    return session.jobs.add(predict_split_spec(session, command), "predict")


def predict_file(session: Session, command: t.PredictFile) -> int:
    """Put a job into the queue that predicts the texts of a file."""
    return session.jobs.add(predict_file_spec(session, command), "predict-file")


def pause_job(session: Session, command: t.PauseJob) -> None:
    """Have a training wait."""
    session.jobs.pause(command.job_id)


def resume_job(session: Session, command: t.ResumeJob) -> None:
    """Have a training that was stopped go on, or begin again."""
    from engine.training.method_settings import parse_method_settings

    if command.learning_rate is not None:
        job = session.jobs.find(command.job_id)
        if job.kind == "sweep":
            raise KnownError(tr("A sweep goes on with the settings that it was started with."))
        settings = {**job.spec.get("settings", {}), "learning_rate": command.learning_rate}
        parse_method_settings(job.method, settings)
    session.jobs.resume(command.job_id, anew=command.anew, learning_rate=command.learning_rate)


def cancel_job(session: Session, command: t.CancelJob) -> None:
    """Cancel a job."""
    session.jobs.cancel(command.job_id)
