"""SQLite's errors that are the world's fault, each as one sentence."""

from __future__ import annotations

import sqlite3

from engine.core.errors import KnownError
from engine.core.language import mark, tr

_REASONS = {
    sqlite3.SQLITE_FULL: mark(
        "The disk is full, so {name} did not change; everything before this step is saved. "
        "Free some space and try again."
    ),
    sqlite3.SQLITE_READONLY: mark(
        "{name} can only be read, so it did not change; allow writing to the file and its folder, "
        "or work on a copy."
    ),
    sqlite3.SQLITE_IOERR: mark(
        "The disk reported an error, so {name} did not change; everything before this step is "
        "saved. Copy the project to another disk."
    ),
    sqlite3.SQLITE_CORRUPT: mark(
        "{name} is damaged; nothing was changed. Write a recovered copy with "
        "“glossator check {name} --repair COPY”, or take a backup."
    ),
    sqlite3.SQLITE_NOTADB: mark(
        "{name} is not a Glossator project, or it is damaged beyond reading."
    ),
    sqlite3.SQLITE_BUSY: mark("{name} is being changed by another program; close that one first."),
    sqlite3.SQLITE_CANTOPEN: mark(
        "{name} cannot be opened; check that the file and its folder allow reading and writing."
    ),
}


def explain_sqlite_error(error: sqlite3.Error, name: str) -> KnownError | None:
    """Return the sentence for an error that the disk or the file is to blame for, else None."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    words = _REASONS.get(code & 0xFF)  # the low byte is the primary code
    if words is None:
        return None
    details = f"{error.sqlite_errorname}: {error}"
    return KnownError(tr(words, name=name), details=details)
