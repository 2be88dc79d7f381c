"""Copies of a project file that are known to be good before they get their name."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.files import explain_os_error, sync_folder
from engine.core.language import tr
from engine.project.faults import explain_sqlite_error


def back_up(connection: sqlite3.Connection, target: Path) -> None:
    """Copy the open project to `target`, replacing what was there only by a copy proven whole.

    The copy is made by SQLite's backup API under a temporary name, checked with integrity_check,
    written through to the disk, and then renamed.

    Raises:
        KnownError: if the disk is full or the copy is not whole; an older backup stays.
    """
    temporary = target.with_name(f".{target.name}.partial")
    try:
        temporary.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(temporary, isolation_level=None)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            (verdict,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise KnownError(
                tr(
                    "The backup {name} was not written, because the project is damaged "
                    "({verdict}); older backups are untouched.",
                    name=target.name,
                    verdict=verdict,
                )
            )
        _sync_file(temporary)
        temporary.replace(target)
        sync_folder(target.parent)
    except sqlite3.Error as error:
        known = explain_sqlite_error(error, target.name)
        if known is None:
            raise
        raise known from error
    except OSError as error:
        raise explain_os_error(
            error, tr("The backup {name} could not be written", name=target.name)
        ) from error
    finally:
        for leftover in (temporary, temporary.with_name(f"{temporary.name}-journal")):
            with contextlib.suppress(OSError):
                leftover.unlink(missing_ok=True)


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
