"""What can be known of a file before SQLite touches it, and the refusals that follow from it."""

from __future__ import annotations

import os
import stat
import struct
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.files import explain_os_error
from engine.core.language import tr
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
        raise KnownError(
            tr("{name} is already open in this program; close it there first.", name=path.name)
        )
    header = _read_header(path)
    if not header:
        raise KnownError(
            tr(
                "{name} is empty, so it is not a Glossator project; take a backup or create a new "
                "project under another name.",
                name=path.name,
            )
        )
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
        raise KnownError(
            tr(
                "{name} is not a Glossator project; to bring texts in, create a project and import "
                "the file into it.",
                name=path.name,
            )
        )
    version, application = struct.unpack_from(">I4xI", header, 60)
    if application != APPLICATION_ID:
        raise KnownError(
            tr(
                "{name} is a database of another program, not a Glossator project; it was not "
                "changed.",
                name=path.name,
            )
        )
    refuse_newer(path, version)
    if for_writing and not (_writable(path) and _writable(path.parent)):
        raise KnownError(
            tr(
                "{name} or its folder is read-only, and labels could not be saved; allow writing, "
                "or copy the project to a folder of yours.",
                name=path.name,
            )
        )


def refuse_newer(path: Path, version: int) -> None:
    """Raise KnownError if a file of this version is from a newer program than this one."""
    if version > VERSION:
        raise KnownError(
            tr(
                "{name} was made by a newer Glossator (file version {version}, this program knows "
                "up to {known}); update Glossator to open it. The file was not changed.",
                name=path.name,
                version=version,
                known=VERSION,
            )
        )


def _read_header(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise KnownError(tr("{name} is a folder, not a Glossator project.", name=path.name))
        with path.open("rb") as file:
            return file.read(_HEADER_BYTES)
    except FileNotFoundError as error:
        if not path.parent.is_dir():
            raise KnownError(
                tr("There is no folder {folder}; check the path.", folder=path.parent)
            ) from error
        raise KnownError(
            tr(
                "There is no project {name} in {folder}; check the name, or create the project "
                "first.",
                name=path.name,
                folder=path.parent,
            )
        ) from error
    except OSError as error:
        raise explain_os_error(error, tr("{name} could not be read", name=path.name)) from error


def _writable(path: Path) -> bool:
    # The mode is looked at as well, since the superuser may write what was meant to be read-only.
    return os.access(path, os.W_OK) and bool(path.stat().st_mode & (stat.S_IWUSR | 0o022))
