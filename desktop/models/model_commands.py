"""What can be done with the chosen model."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu, QWidget

from desktop.dialogs import file_choice
from desktop.models.catalogue import Catalogue
from desktop.models.kinds import LABELS, LANGUAGE, PASSAGES, comparable, kind_of
from desktop.models.lineage import base_key, model_key
from desktop.models.predict_dialog import PredictDialog
from desktop.preferences import search_encoder, set_search_encoder
from desktop.widgets.view import Context
from engine.api import (
    AddBaseModel,
    BaseModel,
    DeleteModel,
    ExportModel,
    ModelInfo,
    PredictFile,
    RemoveBaseModel,
    RenameModel,
    RestoreModel,
    UseForSuggestions,
    tr,
)

ASKED_BY = "models"
EXPORT = "models.export"  # the key of its progress in the strip


class ModelCommands(QObject):
    """Binds the commands of the view and carries them out."""

    def __init__(self, context: Context, catalogue: Catalogue, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._bridge = context.bridge
        self._strip = context.strip
        self._catalogue = catalogue
        self._window = window
        self._deleted: list[ModelInfo] = []
        self._others = QMenu(window)
        self._others.setObjectName("models.others")

    def bind(self, edit_name: Callable[[], None], below_compare: Callable[[], QPoint]) -> None:
        """Bind the actions; `edit_name` lets the chosen model's name be written over."""
        bind, has, usable = self._context.actions.bind, self._has_model, self._usable
        texts = partial(self._is, LABELS, PASSAGES)
        bind(
            "models.suggest",
            self._suggest,
            lambda: usable() and texts() and not self._suggests(),
        )
        bind("models.stop_suggesting", self._stop, self._any_suggests)
        bind("models.inspect", self.inspect, texts)
        bind("models.compare", lambda: self._compare(below_compare()), self._has_other)
        bind("models.search_with", self._search_with, self._can_search_with)
        bind("models.rename", edit_name, has)
        bind("models.export", self._choose_export, usable)
        bind(
            "models.export_setfit",
            lambda: self._choose_export("setfit"),
            lambda: usable() and self._model is not None and self._model.method == "setfit",
        )
        bind("models.predict_file", self._choose_file, lambda: usable() and texts())
        bind("models.training", self._show_training, has)
        bind("models.folder", self._show_folder, usable)
        bind("models.delete", self._delete, has)
        bind("models.restore", self._restore_last, lambda: bool(self._deleted))
        bind("models.remove_base", self._remove_base, self._has_added_base)

    def forget(self) -> None:
        """Another project is open: what was deleted in the former one does not come back here."""
        self._deleted.clear()

    # --- what is possible -----------------------------------------------------------------------

    @property
    def _model(self) -> ModelInfo | None:
        return self._catalogue.model

    def _has_model(self) -> bool:
        return self._model is not None

    def _usable(self) -> bool:
        return self._model is not None and self._model.present

    def _is(self, *kinds: str) -> bool:
        return self._model is not None and kind_of(self._model) in kinds

    def _others_to_compare(self) -> list[ModelInfo]:
        model = self._model
        if model is None:
            return []
        return [other for other in self._catalogue.models if comparable(model, other)]

    def _suggests(self) -> bool:
        return self._model is not None and self._catalogue.suggests(self._model)

    def _any_suggests(self) -> bool:
        project = self._catalogue.project
        return project is not None and project.suggestion_model_id is not None

    def _has_other(self) -> bool:
        return bool(self._others_to_compare())

    def _has_added_base(self) -> bool:
        return self._added_base() is not None

    def _added_base(self) -> BaseModel | None:
        chosen = self._catalogue.chosen
        base = chosen.base if chosen is not None else None
        return base if base is not None and base.origin != "starter" else None

    def _encoder(self) -> str:
        """The name of the chosen model if texts can be compared with it, else ""."""
        chosen = self._catalogue.chosen
        if self._model is not None:
            found = self._model.present and kind_of(self._model) == LANGUAGE
            return self._model.name if found else ""
        base = chosen.base if chosen is not None else None
        return base.name if base is not None and base.present else ""

    def _can_search_with(self) -> bool:
        project, name = self._catalogue.project, self._encoder()
        if project is None or not name:
            return False
        current = search_encoder(self._context.settings, project.uuid)
        return name != (current or self._catalogue.starter)

    def _search_with(self) -> None:
        project, name = self._catalogue.project, self._encoder()
        if project is None or not name:
            return
        chosen = "" if name == self._catalogue.starter else name
        set_search_encoder(self._context.settings, project.uuid, chosen)
        self._context.actions.refresh()
        self._strip.show_message(
            tr(
                "Texts are compared with {name} from now on; they are read anew at the next "
                "search.",
                name=name,
            )
        )

    # --- suggestions, names ---------------------------------------------------------------------

    def _suggest(self) -> None:
        if self._model is not None:
            name = self._model.name
            if self._is(PASSAGES):
                words = tr("{name} suggests passages in Annotate from now on.", name=name)
            else:
                words = tr("{name} suggests labels in Annotate from now on.", name=name)
            self._bridge.send(
                UseForSuggestions(self._model.id, asked_by=ASKED_BY), partial(self._say, words)
            )

    def _stop(self) -> None:
        self._bridge.send(
            UseForSuggestions(None, asked_by=ASKED_BY),
            partial(self._say, tr("No model suggests labels any more.")),
        )

    def rename(self, model_id: int, name: str) -> None:
        """Give a model another name."""
        self._bridge.send(
            RenameModel(model_id, name, asked_by=ASKED_BY), failed=self._rename_refused
        )

    def _rename_refused(self, error: Exception) -> None:
        self._bridge.tell(error)
        self._catalogue.reload()

    # --- looking --------------------------------------------------------------------------------

    def inspect(self) -> None:
        """Show the model's mistakes."""
        if self._model is not None:
            self._context.navigate("inspect", model_id=self._model.id)

    def _compare(self, where: QPoint) -> None:
        if self._model is None:
            return
        others = self._others_to_compare()
        if len(others) == 1:
            self._compare_with(self._model.id, others[0].id)
            return
        self._others.clear()
        for other in reversed(others):
            self._others.addAction(
                tr("against {name}", name=other.name),
                partial(self._compare_with, self._model.id, other.id),
            )
        self._others.popup(where)

    def _compare_with(self, model_id: int, against_id: int) -> None:
        self._context.navigate("inspect", model_id=model_id, against_id=against_id)

    def _show_training(self) -> None:
        if self._model is not None:
            self._context.navigate("train", job_id=self._model.job_id)

    def _show_folder(self) -> None:
        if self._model is not None:
            _open_folder(Path(self._model.folder))

    # --- files ----------------------------------------------------------------------------------

    def _choose_export(self, format: str = "folder") -> None:
        model = self._model
        if model is not None:
            file_choice.choose_folder(
                self._window,
                self._context.settings,
                tr("Export {name} into which folder?", name=model.name),
                partial(self.export, model, format=format),
            )

    def export(self, model: ModelInfo, parent: Path, format: str = "folder") -> None:
        """Copy a model into a new folder inside `parent`; `format` is "folder" or "setfit"."""
        folder = free_folder(parent, model.name)
        self._strip.show_progress(EXPORT, tr("exporting {name}", name=model.name), None, None)
        self._bridge.send(
            ExportModel(model.id, str(folder), format, asked_by=ASKED_BY),
            partial(self._exported, model.name, folder),
            self._export_failed,
        )

    def _exported(self, name: str, folder: Path, _: object) -> None:
        self._strip.end_progress(EXPORT)
        self._strip.show_message(
            tr("{name} was copied to {folder}.", name=name, folder=folder),
            action=(tr("Show"), partial(_open_folder, folder)),
        )

    def _export_failed(self, error: Exception) -> None:
        self._strip.end_progress(EXPORT)
        self._bridge.tell(error)

    def _choose_file(self) -> None:
        model = self._model
        if model is not None:
            file_choice.choose_file(
                self._window,
                self._context.settings,
                tr("Predict a file with {name}", name=model.name),
                file_choice.TEXTS,
                partial(self.ask_how_to_predict, model),
            )

    def ask_how_to_predict(self, model: ModelInfo, path: Path) -> None:
        """Ask which column holds the texts and where the result goes, then predict the file."""
        dialog = PredictDialog(self._context, model, path, self._window)
        dialog.chosen.connect(self._predict)
        dialog.open()

    def _predict(self, command: PredictFile) -> None:
        self._bridge.send(command)

    # --- delete and restore ---------------------------------------------------------------------

    def _delete(self) -> None:
        if self._model is not None:
            self._bridge.send(
                DeleteModel(self._model.id, asked_by=ASKED_BY),
                partial(self._was_deleted, self._model),
            )

    def _was_deleted(self, model: ModelInfo, _: object) -> None:
        self._deleted.append(model)
        self._context.actions.refresh()
        self._strip.show_message(
            tr("{name} was deleted.", name=model.name),
            action=(tr("Restore"), partial(self._restore, model)),
        )

    def _restore_last(self) -> None:
        if self._deleted:
            self._restore(self._deleted[-1])

    def _restore(self, model: ModelInfo) -> None:
        self._catalogue.want(model_key(model.id))
        self._bridge.send(
            RestoreModel(model.id, asked_by=ASKED_BY), partial(self._was_restored, model)
        )

    def _was_restored(self, model: ModelInfo, _: object) -> None:
        self._deleted = [other for other in self._deleted if other.id != model.id]
        self._context.actions.refresh()
        self._strip.show_message(tr("{name} is back.", name=model.name))

    # --- base models ----------------------------------------------------------------------------

    def _remove_base(self) -> None:
        base = self._added_base()
        if base is not None:
            self._bridge.send(
                RemoveBaseModel(base.name, asked_by=ASKED_BY), partial(self._base_removed, base)
            )

    def _base_removed(self, base: BaseModel, _: object) -> None:
        self._strip.show_message(
            tr("{name} is off the list; its folder stays.", name=base.name),
            action=(tr("Restore"), partial(self._add_again, base)) if base.present else None,
        )

    def _add_again(self, base: BaseModel) -> None:
        self._catalogue.want(base_key(base.name))
        self._bridge.send(AddBaseModel(base.folder, base.name, asked_by=ASKED_BY))

    def _say(self, words: str, _: object) -> None:
        self._strip.show_message(words)


def free_folder(parent: Path, name: str) -> Path:
    """Return a folder in `parent`, called like the model, that does not exist yet."""
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]+', "-", name).strip(" .") or "model"
    return file_choice.free_place(parent / plain)


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
