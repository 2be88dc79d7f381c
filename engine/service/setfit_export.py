"""Export a model as the library setfit keeps its own, in a process that may load that library."""

from __future__ import annotations

import tempfile
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.jobs.spec import JobSpec
from engine.project.training_rows import ModelInfo
from engine.service.lone_job import JOB_ID, run_lone_job


def export_as_setfit(model: ModelInfo, target: Path) -> None:
    """Write a model that SetFit trained to the new folder `target`; blocks until it is there.

    ``SetFitModel.from_pretrained(target)`` loads it. Its head is a pickle, as setfit wants it.

    Raises:
        KnownError: if another method trained the model, or `target` cannot be written.
    """
    if model.method != "setfit":
        raise KnownError(
            tr(
                'The model "{name}" was not trained with SetFit, so it cannot be exported as a '
                "SetFit folder; export it as it is.",
                name=model.name,
            )
        )
    with tempfile.TemporaryDirectory(prefix="glossator-") as folder:
        spec = JobSpec(
            job_id=JOB_ID,
            kind="export",
            folder=folder,
            snapshot="",
            labels=(),
            model=str(Path(model.folder).absolute()),
            output=str(target.absolute()),
        )
        run_lone_job(spec, tr("The export"))
