"""The folder of base models that arrived in a zip or over the network, in the program's own folder.

A model arrives in a hidden folder, is examined there as any other, and only then gets its name: a
model is there as a whole or not at all.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePath

import psutil

from engine.core.errors import KnownError
from engine.core.files import explain_os_error, make_folder, sync_folder
from engine.core.language import tr
from engine.core.places import data_folder
from engine.registry.base_models import BaseModel, add_base_model
from engine.registry.model_folder import PICKLES, examine_folder

PARTS = ("*.safetensors", "*.json", "*.txt", "*.md", "*.model", "LICENSE*", "NOTICE*")
"""What a model is made of: weights, settings, word lists, and words about it."""
OTHER_FORMS = ("onnx", "openvino", "coreml", "tensorflow", "gguf")
"""Folders with the same model for other programs."""
SPARE = 200_000_000
"""Bytes that are left free on the disk."""
_PARTIAL = ".partial-"


@dataclass(slots=True)
class Arrival:
    """A model on its way: what belongs to it is written into `folder`, which becomes `target`."""

    folder: Path
    target: Path
    source: str

    def require_room(self, size: int) -> None:
        """Raise KnownError if the disk has not room for `size` more bytes."""
        require_room(self.folder, size, self.source)

    def add(self, name: str) -> BaseModel:
        """Add the model that has arrived to the library; if that fails, it is gone again."""
        try:
            return add_base_model(self.target, name)
        except BaseException:
            shutil.rmtree(self.target, ignore_errors=True)
            raise


def arrivals_folder() -> Path:
    """Return the folder that holds the models which arrived, each in a folder of its name."""
    return data_folder() / "base-models"


def is_part(path: PurePath) -> bool:
    """Whether a file belongs to a model, by its place in the model's folder."""
    if path.parts[0] in OTHER_FORMS or any(part.startswith(".") for part in path.parts):
        return False
    return any(fnmatch(path.name, pattern) for pattern in PARTS)


def has_pickled_name(name: str) -> bool:
    """Whether a file of this name is a pickle."""
    return any(fnmatch(name, pattern) for pattern in PICKLES)


def free_name(wanted: str) -> str:
    """Return a name for a new folder among the arrivals, as like `wanted` as a file system takes.

    A model that was taken off the list leaves its folder, which is not written over.
    """
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]+', "-", wanted).strip(" .-") or "model"
    name, number = plain, 2
    while (arrivals_folder() / name).exists():
        name = f"{plain}-{number}"
        number += 1
    return name


def require_room(folder: Path, size: int, source: str) -> None:
    """Raise KnownError if the disk with `folder` has not room for `size` bytes from `source`."""
    free = shutil.disk_usage(folder).free
    if free < size + SPARE:
        raise KnownError(
            tr(
                "The model from {source} needs {size:,.0f} MB, and the disk with {folder} has "
                "{free:,.0f} MB left; free some space and try again.",
                source=source,
                size=size / 1e6,
                folder=folder.parent,
                free=free / 1e6,
            )
        )


@contextmanager
def arriving(name: str, source: str) -> Iterator[Arrival]:
    """Yield an `Arrival`; when the block ends well, its folder is there under its `name`.

    `source` is where the model comes from, as sentences call it.

    Raises:
        KnownError: if it is no model that can be trained, the disk is full, or the folder cannot be
            written; then nothing is left behind.
    """
    folder = arrivals_folder()
    make_folder(folder, tr("The base models"))
    _remove_orphans(folder)
    # A zip and a download of the same model may be under way at once.
    partial = folder / f".{name}{_PARTIAL}{secrets.token_hex(4)}-{os.getpid()}"
    arrival = Arrival(partial, folder / name, source)
    try:
        partial.mkdir()
        yield arrival
        _examine(arrival)
        _force_to_disk(partial)
        partial.rename(arrival.target)
        sync_folder(folder)
    except OSError as error:
        what = tr("The model from {source} was not added", source=source)
        raise explain_os_error(error, what) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _examine(arrival: Arrival) -> None:
    try:
        examine_folder(arrival.folder)
    except KnownError as error:
        # The hidden folder is gone when somebody reads this.
        message = error.message.replace(str(arrival.folder), arrival.source)
        raise KnownError(message, details=error.details) from error


def _remove_orphans(folder: Path) -> None:
    """Remove what processes left that were killed on the way."""
    for path in folder.glob(f".*{_PARTIAL}*"):
        number = path.name.rpartition("-")[2]
        if number.isdigit() and not psutil.pid_exists(int(number)):
            shutil.rmtree(path, ignore_errors=True)


def _force_to_disk(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            with path.open("rb+") as stream:
                os.fsync(stream.fileno())
        else:
            sync_folder(path)
    sync_folder(folder)
