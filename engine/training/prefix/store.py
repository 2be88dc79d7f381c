"""The cache of hidden states beside a project's models: one file a prefix and set of texts.

A file holds rows of numbers without padding, and behind them in which row each text begins. Its
manifest is written last and has its hash: without one that fits, a file does not count. The whole
lies in the hidden folder `FOLDER` of the models folder and can be removed at any time: hidden
states say much about a text, so they stay where the texts are.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np

from engine.core.errors import KnownError
from engine.core.files import explain_os_error
from engine.core.hashing import file_sha256
from engine.core.language import tr
from engine.training.prefix.draft import (
    FORMAT,
    MANIFEST,
    PARTIAL,
    Draft,
    StoredStates,
    hash_of,
    nothing_kept,
    paths_of,
    remove,
)

FOLDER = ".cache"
LIMIT = 8_000_000_000
"""Bytes that a project's cache may have; what was not used for longest goes first."""
RESERVE = 1_000_000_000
"""Bytes that stay free on the disk."""


class Damaged(Exception):  # noqa: N818 - it is computed anew, and nobody has to do anything
    """A file of the cache is not what its manifest says."""


class StateStore:
    """The files of one cache folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, key: str) -> StoredStates | None:
        """Return what is kept under a key, mapped into memory; None if nothing is.

        Every byte is checked first.

        Raises:
            Damaged: if it is not whole; it is removed then.
        """
        manifest, states = paths_of(self.folder, key)
        if not manifest.exists():
            return None
        try:
            found = self._checked(manifest, states, key)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            remove(self.folder, key)
            raise Damaged(str(error)) from error
        with suppress(OSError):
            os.utime(manifest)  # used last: now
        return found

    def draft(self, key: str, dtype: str, width: int, rows: int, texts: int) -> Draft:
        """Return a new file to be filled with `rows` rows, for which there is room.

        Raises:
            KnownError: if there is none, or the disk does not allow it.
        """
        size = rows * width * np.dtype(dtype).itemsize + 8 * texts
        if size > LIMIT:
            raise KnownError(
                tr(
                    "Keeping what the frozen blocks compute would take {size:.1f} GB, and the "
                    "cache may have {limit:.0f} GB.",
                    size=size / 1e9,
                    limit=LIMIT / 1e9,
                )
            )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._make_room(size, key)
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise explain_os_error(error, nothing_kept(self.folder)) from error
        if free < size + RESERVE:
            raise KnownError(
                tr(
                    "Keeping what the frozen blocks compute takes {size:.1f} GB, and the disk with "
                    "{folder} has only {free:.1f} GB free.",
                    size=size / 1e9,
                    folder=self.folder,
                    free=free / 1e9,
                )
            )
        return Draft(self.folder, key, dtype, width)

    def has(self, key: str) -> bool:
        """Return whether something is kept under a key, whole or not."""
        return all(path.exists() for path in paths_of(self.folder, key))

    def forget(self, key: str) -> None:
        """Remove what is kept under a key."""
        remove(self.folder, key)

    def tidy(self, key: str) -> None:
        """Remove what was left half written, but for this key; only one job may use the cache."""
        for path in self.folder.glob(f"*{PARTIAL}"):
            if path.stem != key:
                with suppress(OSError):
                    path.unlink()

    def _checked(self, manifest: Path, states: Path, key: str) -> StoredStates:
        raw = json.loads(manifest.read_text(encoding="utf-8"))
        if raw.pop("sha256") != hash_of(raw) or raw["format"] != FORMAT or raw["key"] != key:
            raise ValueError(f"{manifest.name} has another hash than it says, or format")
        if file_sha256(states) != raw["states_sha256"]:
            raise ValueError(f"{states.name} has another hash than its manifest says")
        dtype, shape = np.dtype(raw["dtype"]), (raw["rows"], raw["width"])
        behind = shape[0] * shape[1] * dtype.itemsize
        starts = np.fromfile(states, np.int64, offset=behind)
        return StoredStates(np.memmap(states, dtype, "r", shape=shape), starts)

    def _make_room(self, size: int, key: str) -> None:
        """Remove files until the new one fits, those that were not used for longest first."""
        kept = [path for path in self.folder.glob(f"*{MANIFEST}") if path.stem != key]
        kept.sort(key=lambda path: path.stat().st_mtime)
        total = size + sum(_size(paths_of(self.folder, path.stem)) for path in kept)
        for path in kept:
            if total <= LIMIT:
                return
            total -= _size(paths_of(self.folder, path.stem))
            remove(self.folder, path.stem)


def empty_cache(models_folder: Path) -> int:
    """Remove all that frozen blocks computed beside the models of a project; return the bytes.

    A training that reads it just now goes on.
    """
    freed = 0
    for path in cache_folder(models_folder).glob("*"):
        with suppress(OSError):
            size = path.stat().st_size
            path.unlink()
            freed += size
    return freed


def cache_folder(models_folder: Path) -> Path:
    """Return the folder of the cache that belongs to a folder of models."""
    return models_folder / FOLDER


def _size(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.exists())
