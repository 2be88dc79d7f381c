"""The folders of jobs, beside the models: what lies in them, and what stays of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from engine.project.training_rows import JobInfo

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

SNAPSHOT = "snapshot.parquet"
"""The texts and labels that a worker was given."""
WORKER_LOG = "worker.log"
"""What a worker wrote to its standard error."""


def jobs_folder(project: ProjectFile) -> Path:
    """Return the folder that holds the jobs' folders."""
    return project.models_folder / ".jobs"


def job_folder(project: ProjectFile, job_id: int) -> Path:
    """Return the folder of a job, whether it exists or not."""
    return jobs_folder(project) / str(job_id)


def keep_snapshot(folder: Path, job: JobInfo) -> None:
    """Empty the folder of a job that is done, but for the labels a model was trained from."""
    kept = {SNAPSHOT} if job.kind == "train" else set()
    _clear(folder, kept)


def remove_leftovers(project: ProjectFile, job: JobInfo) -> None:
    """Remove what a job without a result left: its texts, and a model that nobody knows.

    The log of a worker that failed stays, for whoever has to find out why.
    """
    if job.model_id is not None:
        return
    _clear(job_folder(project, job.id), {WORKER_LOG} if job.status == "failed" else set())
    remove_output(project, job)


def remove_output(project: ProjectFile, job: JobInfo) -> None:
    """Remove the model of a job that did not come to its end."""
    output = job.spec.get("output", "")
    if output and not _is_known(project, Path(output)):
        shutil.rmtree(output, ignore_errors=True)
        # A worker that was killed while it published could not tidy up behind itself.
        for partial in Path(output).parent.glob(f".{Path(output).name}.partial-*"):
            shutil.rmtree(partial, ignore_errors=True)


def _clear(folder: Path, kept: set[str]) -> None:
    for path in folder.glob("*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name not in kept or not path.stat().st_size:
            path.unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _is_known(project: ProjectFile, folder: Path) -> bool:
    from engine.project.models import list_models

    known = list_models(project.connection, project.models_folder, deleted=True)
    return any(Path(model.folder) == folder for model in known)
