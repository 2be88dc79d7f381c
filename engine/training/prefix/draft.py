"""A file of hidden states in the making: it counts only when it is whole and has its manifest."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.files import explain_os_error, sync_folder, write_text_atomically
from engine.core.language import tr

FORMAT = 1
STATES, MANIFEST, PARTIAL = ".states", ".json", ".partial"


@dataclass(frozen=True, slots=True)
class StoredStates:
    """Hidden states of n texts: `rows` (all rows, width), and `starts` int64 (n,), where in them
    each text begins."""

    rows: np.ndarray
    starts: np.ndarray


class Draft:
    """A file of the cache in the making. Call `begin_anew` or `go_on` before the first `append`."""

    def __init__(self, folder: Path, key: str, dtype: str, width: int) -> None:
        self._folder = folder
        self._key = key
        self._dtype = np.dtype(dtype)
        self._width = width
        self._partial = folder / f"{key}{PARTIAL}"
        self._rows = 0
        self._hash = hashlib.sha256()
        try:
            self._file = self._partial.open("ab")
        except OSError as error:
            raise explain_os_error(error, nothing_kept(folder)) from error

    def go_on(self, position: dict[str, Any]) -> bool:
        """Go on from a position if what was written up to there is whole; else begin anew."""
        size, self._rows, self._hash = position["bytes"], position["rows"], hashlib.sha256()
        try:
            with self._partial.open("rb") as file:
                self._hash.update(file.read(size))
            if self._hash.hexdigest() == position["sha256"]:
                self._file.truncate(size)
                return True
        except OSError:
            pass
        self.begin_anew()
        return False

    def begin_anew(self) -> None:
        """Forget what was written so far.

        Raises:
            KnownError: if the disk does not allow it.
        """
        self._rows, self._hash = 0, hashlib.sha256()
        try:
            self._file.truncate(0)
        except OSError as error:
            raise explain_os_error(error, nothing_kept(self._folder)) from error

    def position(self) -> dict[str, Any]:
        """Return from where to go on, as plain JSON; all that was written is on disk then.

        Raises:
            KnownError: if it is not.
        """
        self._sync()
        size = self._rows * self._width * self._dtype.itemsize
        return {"bytes": size, "rows": self._rows, "sha256": self._hash.hexdigest()}

    def append(self, rows: np.ndarray) -> None:
        """Write the next rows, (any number, width).

        Raises:
            KnownError: if the disk does not allow it.
        """
        content = np.ascontiguousarray(rows, self._dtype).tobytes()
        self._hash.update(content)
        self._rows += len(rows)
        self._write(content)

    def commit(self, starts: np.ndarray) -> StoredStates:
        """Write where the texts begin, give the file its name and its manifest, and return it.

        Raises:
            KnownError: if the disk does not allow it; nothing of the file is left then.
        """
        content = np.ascontiguousarray(starts, np.int64).tobytes()
        self._hash.update(content)
        self._write(content)
        self._sync()
        self._file.close()
        raw = {
            "format": FORMAT,
            "key": self._key,
            "dtype": self._dtype.name,
            "rows": self._rows,
            "width": self._width,
            "states_sha256": self._hash.hexdigest(),
        }
        manifest, states = paths_of(self._folder, self._key)
        try:
            self._partial.replace(states)
            sync_folder(self._folder)
            write_text_atomically(manifest, json.dumps({**raw, "sha256": hash_of(raw)}))
            shape = (self._rows, self._width)
            return StoredStates(np.memmap(states, self._dtype, "r", shape=shape), starts)
        except OSError as error:
            remove(self._folder, self._key)
            raise explain_os_error(error, nothing_kept(self._folder)) from error

    def discard(self) -> None:
        """Remove what was written."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._partial.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file; a run that was paused goes on with it."""
        with suppress(OSError):
            self._file.close()

    def _write(self, content: bytes) -> None:
        try:
            self._file.write(content)
        except OSError as error:
            raise explain_os_error(error, nothing_kept(self._folder)) from error

    def _sync(self) -> None:
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            if not self._partial.exists():
                raise FileNotFoundError(2, "removed", str(self._partial))
        except OSError as error:
            raise explain_os_error(error, nothing_kept(self._folder)) from error


def paths_of(folder: Path, key: str) -> tuple[Path, Path]:
    """Return the manifest and the file of states of a key."""
    return folder / f"{key}{MANIFEST}", folder / f"{key}{STATES}"


def remove(folder: Path, key: str) -> None:
    """Remove what is kept under a key, the manifest first."""
    for path in paths_of(folder, key):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def hash_of(raw: dict[str, Any]) -> str:
    """Return the hash of a manifest without its hash."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def nothing_kept(folder: Path) -> str:
    """Return the beginning of a sentence about a disk that refuses."""
    return tr("What the frozen blocks compute could not be kept in {folder}", folder=folder)
