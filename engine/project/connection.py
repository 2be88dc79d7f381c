"""The one place that opens connections to a project file.

`synchronous`, `foreign_keys` and the timeout belong to a connection, not to the file, so every
connection has to come from here. A process that holds a connection must never open the file in
any other way: closing that descriptor would drop SQLite's POSIX locks, and another process could
then delete a live write-ahead log with committed rows in it. `is_held` knows who holds what.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import Counter
from pathlib import Path
from urllib.parse import quote

_BUSY_MILLISECONDS = 5000
_held: Counter[str] = Counter()
_held_lock = threading.Lock()


class _HeldConnection(sqlite3.Connection):
    """A connection that is counted from its opening to its closing."""

    held_path = ""

    def hold(self, path: Path) -> None:
        self.held_path = _key(path)
        with _held_lock:
            _held[self.held_path] += 1

    def close(self) -> None:
        super().close()
        with _held_lock:
            if self.held_path:
                _held[self.held_path] -= 1
                self.held_path = ""


def open_writer(path: Path, *, wal: bool = True) -> sqlite3.Connection:
    """Open the writing connection; there may be only one in all processes (see `lock`).

    The connection never begins a transaction by itself. `wal` False keeps the rollback journal,
    which a project has while it is created.

    Raises:
        sqlite3.Error: if the file cannot be opened or is not a database.
    """
    connection = _connect(path, "rw")
    try:
        if wal:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -65536")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """Open a connection that can only read, for one thread; close it before the writer.

    Raises:
        sqlite3.Error: if the file cannot be opened or is not a database.
    """
    connection = _connect(path, "ro")
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA cache_size = -32768")
    return connection


def is_held(path: Path) -> bool:
    """Return whether this process has a connection to the file open."""
    with _held_lock:
        return _held[_key(path)] > 0


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"file:{quote(path.absolute().as_posix())}?mode={mode}"
    connection = sqlite3.connect(
        uri,
        uri=True,
        isolation_level=None,  # transactions are begun explicitly, with BEGIN IMMEDIATE
        timeout=_BUSY_MILLISECONDS / 1000,
        factory=_HeldConnection,
    )
    assert isinstance(connection, _HeldConnection)
    connection.hold(path)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _key(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))
