"""Predicting every text of a file with a model of the project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.jobs.spec import JobSpec
from engine.project.training_rows import ModelInfo
from engine.service.events import FileWritten
from engine.service.file_prediction import snapshot_of_file, write_predicted_file
from engine.service.job_folders import SNAPSHOT
from engine.service.job_kinds import JobKind, Run
from engine.service.predict_job import (
    device_beside_training,
    labelling_model,
    prediction_spec,
    usable_model,
)
from engine.service.slices import SlicedWork
from engine.service.training_commands import PredictFile

if TYPE_CHECKING:
    from engine.service.session import Session


def predict_file_spec(session: Session, command: PredictFile) -> JobSpec:
    """Return what a `PredictFile` asks for, checked as far as it goes without reading the file.

    Raises:
        KnownError: if the model or the file is missing, or the result cannot have this name.
    """
    from engine.interchange.file_predictions import check_prediction_path

    model = labelling_model(session, command.model_id)
    path, out = Path(command.path), check_prediction_path(command.out)
    if not path.exists():
        raise KnownError(tr("There is no file {path}.", path=path))
    if out.resolve() == path.resolve():
        raise KnownError(
            tr("The result would take the place of {file}; choose another name.", file=path.name)
        )
    request = {
        "model_id": model.id,
        "path": str(path.absolute()),
        "out": str(out.absolute()),
        "text_column": command.text_column,
    }
    name = tr("{model} on {texts}", model=model.name, texts=path.name)
    return prediction_spec(model, name, request)


def _prepare(session: Session, run: Run) -> SlicedWork:
    usable_model(session, run.request["model_id"])
    snapshot = yield from snapshot_of_file(
        Path(run.request["path"]),
        run.request["text_column"],
        run.folder / SNAPSHOT,
        session.aside,
    )
    return replace(run.spec, snapshot=str(snapshot.path), device=device_beside_training(session))


def _store(session: Session, run: Run) -> SlicedWork:
    model = usable_model(session, run.request["model_id"])
    rows = yield from write_predicted_file(
        Path(run.request["path"]),
        run.request["text_column"],
        Path(run.reported["predictions"]["path"]),
        Path(run.request["out"]),
        _label_names(session, model),
        session.task(model.task_id).multi_label,
        session.aside,
    )
    run.reported["finished"]["rows"] = rows
    return model.id


def _label_names(session: Session, model: ModelInfo) -> list[str]:
    """Return the names of the model's outputs: today's, or those of its training if removed."""
    from engine.registry.manifest import read_manifest

    trained = read_manifest(Path(model.folder))["lineage"]["labels"]
    today = {label.id: label.name for label in session.task(model.task_id).labels}
    return [
        today.get(label_id, name) for label_id, name in zip(model.label_ids, trained, strict=True)
    ]


def _tell(session: Session, run: Run, model_id: int | None) -> None:
    session.emit(FileWritten(run.request["out"], run.reported["finished"]["rows"]))


PREDICT_FILE = JobKind(lane="predict", prepare=_prepare, store=_store, tell=_tell)
