"""Predicting the labelled texts of a split with a model, for the inspection views."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.jobs.snapshot import write_snapshot
from engine.jobs.spec import JobSpec
from engine.project.rows import SPLITS
from engine.project.training_rows import ModelInfo
from engine.service.events import PredictionsChanged
from engine.service.job_folders import SNAPSHOT
from engine.service.job_kinds import JobKind, Run
from engine.service.keep_predictions import keep_predictions
from engine.service.slices import SlicedWork
from engine.service.split_words import split_words
from engine.service.training_commands import PredictSplit
from engine.service.training_material import BASES, material_slices, no_labels

if TYPE_CHECKING:
    from engine.project.snapshot import SnapshotRow
    from engine.service.session import Session


def predict_split_spec(session: Session, command: PredictSplit) -> JobSpec:
    """Return what a `PredictSplit` asks for, checked.

    Raises:
        KnownError: if there is no such split, or the model's folder is missing.
    """
    if command.split not in SPLITS:
        raise KnownError(
            tr(
                'There is no split "{name}"; there are {names}.',
                name=command.split,
                names=", ".join(SPLITS),
            )
        )
    model = labelling_model(session, command.model_id)
    name = tr("{model} on {texts}", model=model.name, texts=split_words(command.split))
    return prediction_spec(model, name, {"model_id": model.id, "split": command.split})


def usable_model(session: Session, model_id: int) -> ModelInfo:
    """Return a model that can be loaded.

    Raises:
        KnownError: if there is none, it was deleted, or its folder is not in its place.
    """
    from engine.project.models import get_model

    project = session.project
    model = get_model(project.connection, project.models_folder, model_id)
    if model.deleted:
        raise KnownError(tr('The model "{name}" was deleted; restore it first.', name=model.name))
    if not model.present:
        raise KnownError(
            tr(
                'The folder of the model "{name}" is not in {folder}; put it back there, or train '
                "the model again.",
                name=model.name,
                folder=Path(model.folder).parent,
            )
        )
    return model


def labelling_model(session: Session, model_id: int) -> ModelInfo:
    """Return a model that can be loaded and gives labels to texts.

    Raises:
        KnownError: if it cannot be loaded, or only is a base model for other trainings.
    """
    model = usable_model(session, model_id)
    if model.method in BASES:
        raise KnownError(no_labels(model.name))
    return model


def prediction_spec(model: ModelInfo, name: str, request: dict[str, object]) -> JobSpec:
    """Return the spec of a job that predicts with `model`; its texts come later."""
    return JobSpec(
        job_id=0,
        kind="predict",
        folder="",
        snapshot="",
        labels=(),
        model=model.folder,
        name=name,
        request=request,
    )


def device_beside_training(session: Session) -> str:
    """Return the device for predictions: training keeps the GPU for itself."""
    return "cpu" if session.jobs.training else "auto"


def _prepare(session: Session, run: Run) -> SlicedWork:
    model = labelling_model(session, run.request["model_id"])
    connection = session.project.connection

    def of_the_split() -> Iterator[list[SnapshotRow]]:
        for rows in material_slices(connection, model.task_id, model.method):
            yield [row for row in rows if row.split == run.request["split"]]

    snapshot = yield from write_snapshot(run.folder / SNAPSHOT, of_the_split())
    if not snapshot.texts:
        raise KnownError(
            tr(
                "No text of the {part} part has a label yet, so there is nothing to compare "
                "predictions with.",
                part=split_words(run.request["split"]),
            )
        )
    return replace(run.spec, snapshot=str(snapshot.path), device=device_beside_training(session))


def _store(session: Session, run: Run) -> SlicedWork:
    model_id = run.request["model_id"]
    yield from keep_predictions(
        session.project, model_id, Path(run.reported["predictions"]["path"])
    )
    return model_id


def _tell(session: Session, run: Run, model_id: int | None) -> None:
    assert model_id is not None
    session.emit(PredictionsChanged(model_id, split=run.request["split"]))


PREDICT = JobKind(lane="predict", prepare=_prepare, store=_store, tell=_tell)
