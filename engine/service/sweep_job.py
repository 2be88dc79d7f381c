"""A sweep: trainings with several values of one setting, of which the scores alone are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.jobs.spec import JobSpec
from engine.service.job_kinds import JobKind, Run
from engine.service.slices import SlicedWork
from engine.service.train_job import snapshot_for
from engine.service.training_commands import StartSweep
from engine.service.training_material import base_to_train, require_material

if TYPE_CHECKING:
    from engine.service.session import Session

METHOD = "fine-tune"


def sweep_spec(session: Session, command: StartSweep) -> JobSpec:
    """Return what a `StartSweep` asks for, checked.

    Raises:
        KnownError: for a setting that cannot be swept, a value that is not one of it, an unknown
            base model, or too few labels.
    """
    from engine.training.sweep_plan import make_plan

    task = session.task(command.task_id)
    if task.kind == "spans":
        raise KnownError(
            tr(
                "A sweep tries settings of fine-tuning, which learns labels of whole texts, and "
                "this task marks passages in them."
            )
        )
    require_material(session.project.connection, METHOD, task)
    base_model, parent_id = base_to_train(session, command.base_model)
    blocks = 0 if base_model.architecture == "albert" else base_model.layers
    plan = make_plan(command.over, command.values, command.seeds, command.settings, blocks)
    first = plan.settings_at(*next(plan.points()))
    return JobSpec(
        job_id=0,
        kind="sweep",
        folder="",
        snapshot="",
        labels=tuple(label.name for label in task.labels),
        multi_label=task.multi_label,
        method=METHOD,
        base_model=str(base_model.folder),
        base_model_name=base_model.name,
        name=tr("sweep over {setting}", setting=command.over),
        settings=plan.to_json(),
        seed=first.seed,
        threads=first.threads,
        request={
            "task_id": task.id,
            "parent_id": parent_id,
            "blocks": blocks,
            "asked": [list(command.values), command.base_model],
        },
    )


def _prepare(session: Session, run: Run) -> SlicedWork:
    """Write the label snapshot as the project is at this moment."""
    spec = yield from snapshot_for(session, run, run.spec)
    # The cache lies beside the output, although there will be none.
    output = session.project.models_folder / f"{run.job.id:04d}-sweep"
    return replace(spec, output=str(output))


def _store(session: Session, run: Run) -> SlicedWork:
    """Keep nothing but the result that every job has."""
    yield from ()


def _tell(session: Session, run: Run, model_id: int | None) -> None:
    """There is nothing to tell beside that the job is done."""


SWEEP = JobKind(lane="train", prepare=_prepare, store=_store, tell=_tell)
