"""What can be known of a file before SQLite touches it, and the refusals that follow from it."""

from __future__ import annotations

import os
import stat
import struct
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.files import explain_os_error
from engine.project.connection import is_held
from engine.project.schema import APPLICATION_ID, VERSION

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100


def refuse_unless_project(path: Path, *, for_writing: bool = True) -> None:
    """Return quietly if `path` is a project file that this program may open (and write).

    Raises:
        KnownError: if it is missing, empty, not a project, from a newer version, read-only, or
            already open in this process (whose locks reading the header would drop).
    """
    if is_held(path):
        raise KnownError(f"{path.name} is already open in this program; close it there first.")
    header = _read_header(path)
    if not header:
        raise KnownError(
            f"{path.name} is empty, so it is not a Glossator project; take a backup or create a "
            "new project under another name."
        )
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
        raise KnownError(
            f"{path.name} is not a Glossator project; to bring texts in, create a project and "
            "import the file into it."
        )
    version, application = struct.unpack_from(">I4xI", header, 60)
    if application != APPLICATION_ID:
        raise KnownError(
            f"{path.name} is a database of another program, not a Glossator project; it was not "
            "changed."
        )
    refuse_newer(path, version)
    if for_writing and not (_writable(path) and _writable(path.parent)):
        raise KnownError(
            f"{path.name} or its folder is read-only, and labels could not be saved; allow "
            "writing, or copy the project to a folder of yours."
        )


def refuse_newer(path: Path, version: int) -> None:
    """Raise KnownError if a file of this version is from a newer program than this one."""
    if version > VERSION:
        raise KnownError(
            f"{path.name} was made by a newer Glossator (file version {version}, this program "
            f"knows up to {VERSION}); update Glossator to open it. The file was not changed."
        )


def _read_header(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise KnownError(f"{path.name} is a folder, not a Glossator project.")
        with path.open("rb") as file:
            return file.read(_HEADER_BYTES)
    except FileNotFoundError as error:
        missing = "project" if path.parent.is_dir() else "folder"
        words = {
            "project": f"There is no project {path.name} in {path.parent}; check the name, or "
            "create the project first.",
            "folder": f"There is no folder {path.parent}; check the path.",
        }
        raise KnownError(words[missing]) from error
    except OSError as error:
        raise explain_os_error(error, f"{path.name} could not be read") from error


def _writable(path: Path) -> bool:
    # The mode is looked at as well, since the superuser may write what was meant to be read-only.
    return os.access(path, os.W_OK) and bool(path.stat().st_mode & (stat.S_IWUSR | 0o022))
