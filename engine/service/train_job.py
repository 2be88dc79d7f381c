"""Training: checked when it is asked for, given a label snapshot, and kept as a model."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.jobs.snapshot import write_snapshot
from engine.jobs.spec import METHODS, JobSpec
from engine.service.events import ModelPublished, PredictionsChanged
from engine.service.job_folders import SNAPSHOT
from engine.service.job_kinds import JobKind, Run
from engine.service.keep_predictions import keep_predictions
from engine.service.predict_job import usable_model
from engine.service.slices import SlicedWork
from engine.service.training_commands import StartJob
from engine.service.training_material import (
    BASES,
    Seen,
    base_to_train,
    material_slices,
    require_material,
)

if TYPE_CHECKING:
    from engine.project.snapshot import SnapshotRow
    from engine.service.session import Session


def training_spec(session: Session, command: StartJob) -> JobSpec:
    """Return what a `StartJob` asks for, checked.

    Raises:
        KnownError: for an unknown method, setting or base model, too few labels, or a name that
            another model has.
    """
    from engine.training.method_settings import parse_method_settings

    if command.method not in METHODS:
        raise KnownError(
            tr(
                'There is no training method "{name}"; the methods are {names}.',
                name=command.method,
                names=", ".join(METHODS),
            )
        )
    task = session.task(command.task_id)
    settings = parse_method_settings(command.method, command.settings)
    require_material(session.project.connection, command.method, task)
    base_model, parent_id = base_to_train(session, command.base_model)
    return JobSpec(
        job_id=0,
        kind="train",
        folder="",
        snapshot="",
        labels=tuple(label.name for label in task.labels),
        multi_label=task.multi_label,
        method=command.method,
        base_model=str(base_model.folder),
        base_model_name=base_model.name,
        name=_model_name(session, command),
        settings=dict(command.settings),
        seed=settings.seed,
        threads=settings.threads,
        request={"task_id": task.id, "parent_id": parent_id},
    )


def _model_name(session: Session, command: StartJob) -> str:
    from engine.project.models import free_model_name

    connection = session.project.connection
    taken = session.jobs.names()
    wanted = command.name.strip()
    if wanted:
        if wanted in taken or free_model_name(connection, wanted) != wanted:
            raise KnownError(
                tr('There is already a model named "{name}"; choose another name.', name=wanted)
            )
        return wanted
    number = 1
    while True:
        name = f"{command.method}-{number}"
        if name not in taken and free_model_name(connection, name) == name:
            return name
        number += 1


def _prepare(session: Session, run: Run) -> SlicedWork:
    """Write the label snapshot as the project is at this moment."""
    base = yield from _base_of_job(session, run)
    spec = yield from snapshot_for(session, run, base)
    output = session.project.models_folder / _folder_name(run.job.id, run.spec.name)
    return replace(spec, output=str(output))


def snapshot_for(session: Session, run: Run, spec: JobSpec) -> Generator[Any, Any, JobSpec]:
    """Write the label snapshot into the folder of a job, and return the spec that names it.

    Raises:
        KnownError: if there is too little to learn from.
    """
    from engine.project.connection import open_reader
    from engine.project.tasks import read_task

    project, method = session.project, run.spec.method
    # A connection of its own holds one view of the project while labels go on between slices.
    connection = open_reader(project.path)
    try:
        connection.execute("BEGIN")
        task = read_task(connection, run.request["task_id"])
        seen = Seen(method)

        def slices() -> Iterator[list[SnapshotRow]]:
            for rows in material_slices(connection, task.id, method):
                seen.add(rows)
                yield rows

        snapshot = yield from write_snapshot(run.folder / SNAPSHOT, slices())
    finally:
        connection.close()
    seen.require_enough()
    return replace(
        spec,
        labels=tuple(label.name for label in task.labels),
        snapshot=str(snapshot.path),
        request={
            **spec.request,
            "label_ids": [label.id for label in task.labels],
            "snapshot_sha256": snapshot.sha256,
            "snapshot_texts": snapshot.texts,
        },
    )


def _base_of_job(session: Session, run: Run) -> Generator[Any, Any, JobSpec]:
    """Return the spec with the model of another job as its base, where one was to be waited for.

    Raises:
        KnownError: if that job made none.
    """
    from engine.registry.base_models import find_base_model

    job_id = run.request.get("base_job_id")
    if job_id is None:
        return run.spec
    job = session.jobs.find(job_id)
    if job.model_id is None:
        raise KnownError(
            tr(
                'The training "{name}", from whose result this one was to start, did not finish; '
                "start both again.",
                name=job.name,
            )
        )
    model = usable_model(session, job.model_id)
    # Its weights are read as a whole, to be sure of them.
    base_model = yield session.aside(lambda: find_base_model(model.folder))
    return replace(
        run.spec,
        base_model=base_model.folder,
        base_model_name=model.name,
        request={**run.request, "parent_id": model.id},
    )


def _folder_name(job_id: int, name: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:40]
    return f"{job_id:04d}-{plain}" if plain else f"{job_id:04d}"


def _store(session: Session, run: Run) -> SlicedWork:
    """Keep what the job made: the model once its folder is verified, and its predictions."""
    from engine.project.models import add_model, set_suggestion_model
    from engine.registry.manifest import verify

    project, request, finished = session.project, run.request, run.reported["finished"]
    published = run.reported["published"]
    folder = Path(published["folder"])
    yield session.aside(lambda: verify(folder))
    model = add_model(
        project,
        name=run.spec.name,
        method=run.spec.method,
        task_id=request["task_id"],
        base_model=run.spec.base_model_name,
        job_id=run.job.id,
        folder=folder,
        bytes=published["bytes"],
        label_ids=() if run.spec.method in BASES else request["label_ids"],
        metrics=finished["metrics"],
        evaluation=finished["evaluation"],
        settings=finished["settings"],
        snapshot_sha256=request["snapshot_sha256"],
        snapshot_texts=request["snapshot_texts"],
        seconds=finished["seconds"]["total"],
        manifest_sha256=published["manifest_sha256"],
        parent_id=request.get("parent_id"),
    )
    if "predictions" in run.reported:
        yield from keep_predictions(project, model.id, Path(run.reported["predictions"]["path"]))
    if run.spec.method not in BASES and project.info().suggestion_model_id is None:
        set_suggestion_model(project, model.id)
    return model.id


def _tell(session: Session, run: Run, model_id: int | None) -> None:
    assert model_id is not None
    session.emit(ModelPublished(model_id, run.spec.name, run.job.id))
    if "predictions" in run.reported:
        for split in run.reported["finished"]["metrics"]:
            session.emit(PredictionsChanged(model_id, split=split))
    if session.info.suggestion_model_id != session.refresh().suggestion_model_id:
        session.tell_change()
        session.suggestions.choose(model_id)


TRAIN = JobKind(lane="train", prepare=_prepare, store=_store, tell=_tell)
