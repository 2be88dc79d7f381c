"""Asking for a file without stopping the program; the folder used last is offered again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.api import tr

ALL = tr("All files ({suffixes})", suffixes="*")
PROJECTS = tr("Glossator projects ({suffixes})", suffixes="*.glossator")
TEXTS = ";;".join(
    (
        tr(
            "Texts ({suffixes})",
            suffixes="*.csv *.tsv *.jsonl *.ndjson *.json *.conll *.iob *.bio *.txt",
        ),
        ALL,
    )
)
ZIPS = tr("Zips ({suffixes})", suffixes="*.zip")

Chosen = Callable[[Path], object]


def choose_file(
    parent: QWidget, settings: QSettings, title: str, kinds: str, then: Chosen
) -> QFileDialog:
    """Ask for a file that exists and call `then` with it."""
    dialog = _dialog(parent, settings, title, then)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(kinds.split(";;"))
    dialog.open()
    return dialog


def choose_folder(parent: QWidget, settings: QSettings, title: str, then: Chosen) -> QFileDialog:
    """Ask for a folder and call `then` with it."""
    dialog = _dialog(parent, settings, title, then)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.open()
    return dialog


def choose_new_file(
    parent: QWidget,
    settings: QSettings,
    title: str,
    kinds: str,
    name: str,
    then: Chosen,
) -> QFileDialog:
    """Ask where to write a new file, offering `name`, and call `then` with it."""
    dialog = _dialog(parent, settings, title, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(kinds.split(";;"))
    dialog.selectFile(name)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.open()
    return dialog


def free_place(wanted: Path) -> Path:
    """Return a path called like this, or nearly, that takes nothing's place."""
    place, number = wanted, 2
    while place.exists():
        place = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
        number += 1
    return place


def _dialog(parent: QWidget, settings: QSettings, title: str, then: Chosen) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setObjectName("file_choice")
    folder = settings.value("files_folder")
    if folder:
        dialog.setDirectory(str(folder))

    def chosen(name: str) -> None:
        path = Path(name)
        settings.setValue("files_folder", str(path if path.is_dir() else path.parent))
        then(path)

    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
