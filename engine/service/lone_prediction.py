"""Predict the texts of a snapshot with a published model, without any project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.jobs.spec import JobEvent, JobSpec
from engine.service.lone_job import JOB_ID, run_lone_job


def predict_alone(
    model: Path,
    snapshot: Path,
    subject: str,
    *,
    threads: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Return the file with the predictions, which lies beside `snapshot`; blocks until then.

    `subject` names the work where a sentence begins with it. `on_progress` receives the texts done
    and their number; `cancelled` is asked several times a second.

    Raises:
        KnownError: if the model cannot be used, or it was cancelled.
    """
    predictions = ""

    def hear(event: JobEvent) -> None:
        nonlocal predictions
        if event.kind == "progress" and event.data["phase"] == "predict" and on_progress:
            on_progress(event.data["done"], event.data["total"])
        elif event.kind == "predictions":
            predictions = event.data["path"]

    spec = JobSpec(
        job_id=JOB_ID,
        kind="predict",
        folder=str(snapshot.parent),
        snapshot=str(snapshot),
        labels=(),
        model=str(model.absolute()),
        threads=threads,
    )
    run_lone_job(spec, subject, on_event=hear, cancelled=cancelled)
    return Path(predictions)
