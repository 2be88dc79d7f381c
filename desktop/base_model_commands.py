"""Base models come to this machine: a folder, a zip, or, if a person asks for it, a download."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.dialogs import file_choice
from desktop.dialogs.download_dialog import DownloadDialog
from desktop.models.words import size_words
from engine.api import (
    AddBaseModel,
    BaseModel,
    DownloadBaseModel,
    DownloadProgressed,
    StopDownload,
    tr,
)

if TYPE_CHECKING:
    from desktop.window import MainWindow

UNPACKING = "base_model.zip"
DOWNLOAD = "base_model.download"


class BaseModelCommands(QObject):
    """Binds the commands, wherever they are asked for, and carries them out."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = window.bridge
        self._strip = window.strip
        self._downloading = False
        bind = window.actions_.bind
        bind("base_model.add", self._choose_folder)
        bind("base_model.add_zip", self._choose_zip)
        bind("base_model.download", self.ask_what_to_download, lambda: not self._downloading)
        self._bridge.on(DownloadProgressed, self._progressed)

    # --- from this machine ----------------------------------------------------------------------

    def _choose_folder(self) -> None:
        file_choice.choose_folder(
            self._window, self._window.settings, tr("Add a base model"), self.add_folder
        )

    def add_folder(self, folder: Path) -> None:
        """Take a folder into the library; it stays where it is."""
        self._bridge.send(AddBaseModel(str(folder)), self._added)

    def _choose_zip(self) -> None:
        file_choice.choose_file(
            self._window,
            self._window.settings,
            tr("Add a base model from a zip"),
            file_choice.ZIPS,
            self.add_zip,
        )

    def add_zip(self, archive: Path) -> None:
        """Have a zip checked and unpacked, and what is in it taken into the library."""
        self._strip.show_progress(UNPACKING, tr("unpacking {file}", file=archive.name), None)
        self._bridge.send(AddBaseModel(str(archive)), self._unpacked, self._not_unpacked)

    def _unpacked(self, model: BaseModel) -> None:
        self._strip.end_progress(UNPACKING)
        self._added(model)

    def _not_unpacked(self, error: Exception) -> None:
        self._strip.end_progress(UNPACKING)
        self._bridge.tell(error)

    def _added(self, model: BaseModel) -> None:
        self._strip.show_message(
            tr("The base model {model} can be trained from now.", model=model.name)
        )

    # --- over the network -----------------------------------------------------------------------

    def ask_what_to_download(self) -> None:
        """Ask for the name of a model; nothing is sent anywhere before the person agrees."""
        view = self._window.view
        dialog = DownloadDialog(self._window, view.wanted_model() if view else "")
        dialog.chosen.connect(self.download)
        dialog.open()

    def download(self, hub_name: str) -> None:
        """Fetch this model and take it into the library."""
        self._downloading = True
        self._window.actions_.refresh()
        words = tr("asking for {model}", model=hub_name)
        self._strip.show_progress(DOWNLOAD, words, None, self._stop)
        self._bridge.send(DownloadBaseModel(hub_name), self._arrived, self._not_arrived)

    def _stop(self) -> None:
        self._bridge.send(StopDownload())

    def _progressed(self, event: DownloadProgressed) -> None:
        if not event.running:
            self._strip.end_progress(DOWNLOAD)
        elif self._downloading:
            words = tr(
                "downloading {model} · {size}", model=event.hub_name, size=size_words(event.total)
            )
            fraction = event.done / event.total if event.total else None
            self._strip.show_progress(DOWNLOAD, words, fraction, self._stop)

    def _arrived(self, model: BaseModel) -> None:
        self._end()
        self._added(model)

    def _not_arrived(self, error: Exception) -> None:
        self._end()
        self._bridge.tell(error)

    def _end(self) -> None:
        self._downloading = False
        self._strip.end_progress(DOWNLOAD)
        self._window.actions_.refresh()
