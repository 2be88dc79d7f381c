"""Commands about trained models and the base-model library of this machine."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.project.training_rows import ModelInfo
from engine.registry.base_models import BaseModel
from engine.service import commands as c
from engine.service import training_commands as t
from engine.service.events import BaseModelsChanged, ModelsChanged
from engine.service.predict_job import labelling_model, usable_model
from engine.service.slices import SlicedWork

if TYPE_CHECKING:
    from engine.service.session import Session


def use_for_suggestions(session: Session, command: t.UseForSuggestions) -> None:
    """Let a model suggest labels or passages, or none."""
    from engine.project.models import set_suggestion_model

    if command.model_id is not None:
        labelling_model(session, command.model_id)
    set_suggestion_model(session.project, command.model_id)
    session.tell_change(command.asked_by)
    session.suggestions.choose(command.model_id)


def request_suggestions(session: Session, command: t.RequestSuggestions) -> None:
    """Have these texts predicted before all others."""
    session.suggestions.hurry(command.text_ids)


def rename_model(session: Session, command: t.RenameModel) -> ModelInfo:
    """Give a model another name; its folder keeps its own."""
    from engine.project.models import rename_model as rename

    if command.name.strip() in session.jobs.names():
        raise KnownError(
            tr('A job in the queue will make a model named "{name}".', name=command.name.strip())
        )
    model = rename(session.project, command.model_id, command.name)
    session.emit(ModelsChanged((model.id,), asked_by=command.asked_by))
    return model


def empty_cache(session: Session, command: t.EmptyCache) -> int:
    """Remove what frozen layers computed; return the bytes that became free."""
    from engine.training.prefix.store import empty_cache as empty

    return empty(session.project.models_folder)


def delete_model(session: Session, command: t.DeleteModel) -> None:
    """Put a model aside; its folder waits in the project's bin until the project is closed."""
    from engine.project.models import get_model, mark_deleted
    from engine.registry.bin import move_to_bin

    project = session.project
    model = get_model(project.connection, project.models_folder, command.model_id)
    if model.deleted:
        raise KnownError(tr('The model "{name}" is deleted already.', name=model.name))
    session.embedding.forget(model.folder)
    session.warm_worker.forget(model.folder)
    if model.present:
        move_to_bin(Path(model.folder))
    mark_deleted(project, model.id)
    _tell(session, model, command)


def restore_model(session: Session, command: t.RestoreModel) -> None:
    """Take a model out of the bin again."""
    from engine.project.models import get_model, mark_deleted
    from engine.registry.bin import restore_from_bin

    project = session.project
    model = get_model(project.connection, project.models_folder, command.model_id)
    if not model.deleted:
        raise KnownError(tr('The model "{name}" is not deleted.', name=model.name))
    restore_from_bin(Path(model.folder))
    mark_deleted(project, model.id, False)
    _tell(session, model, command)


def _tell(session: Session, model: ModelInfo, command: c.Command) -> None:
    before = session.info.suggestion_model_id
    session.tell_change(command.asked_by)
    if session.info.suggestion_model_id != before:
        session.suggestions.choose(session.info.suggestion_model_id)
    session.emit(ModelsChanged((model.id,), asked_by=command.asked_by))


def export_model(session: Session, command: t.ExportModel) -> SlicedWork:
    """Copy a model's folder to a new place, as it is or as another library wants it."""
    from engine.registry.publish import export_model as export
    from engine.service.setfit_export import export_as_setfit

    model, target = usable_model(session, command.model_id), Path(command.folder)
    match command.format:
        case "folder":
            yield session.aside(lambda: export(Path(model.folder), target))
        case "setfit":
            yield session.aside(lambda: export_as_setfit(model, target))
        case _:
            raise KnownError(
                tr(
                    'A model cannot be exported as "{format}"; the formats are {formats}.',
                    format=command.format,
                    formats=", ".join(t.EXPORT_FORMATS),
                )
            )


def fill_mask(session: Session, command: t.FillMask) -> SlicedWork:
    """Have a language model guess the words in the gaps of sentences."""
    from engine.service.fill_mask import fill_mask as fill

    model = usable_model(session, command.model_id)
    found = yield session.aside(lambda: fill(model.folder, command.sentences))
    return found


def add_base_model(session: Session, command: t.AddBaseModel) -> SlicedWork:
    """Add a folder, or the model in a zip, to the base-model library."""
    from engine.registry.base_models import add_base_model as add
    from engine.registry.model_zip import add_zipped_model

    path = Path(command.folder).expanduser()
    if path.is_file():
        base_model = yield session.aside(lambda: add_zipped_model(path, command.name))
    else:
        base_model = yield session.aside(lambda: add(path, command.name or None))
    session.emit(BaseModelsChanged(asked_by=command.asked_by))
    return base_model


def download_base_model(session: Session, command: t.DownloadBaseModel) -> Future[BaseModel]:
    """Fetch a model from the hub, beside everything else."""
    return session.downloads.start(command.hub_name, command.name, command.asked_by)


def stop_download(session: Session, command: t.StopDownload) -> None:
    """Give the download up."""
    session.downloads.stop()


def remove_base_model(session: Session, command: t.RemoveBaseModel) -> None:
    """Take an added base model off the library."""
    from engine.registry.base_models import remove_base_model as remove

    remove(command.name)
    session.emit(BaseModelsChanged(asked_by=command.asked_by))
