"""What can be saved of a damaged project: a new file with every row that can still be read."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.core.errors import KnownError
from engine.core.files import explain_os_error, sync_folder
from engine.core.language import tr
from engine.project import counters, images
from engine.project.check import Finding, check_project
from engine.project.connection import open_reader, open_writer
from engine.project.faults import explain_sqlite_error
from engine.project.header import refuse_unless_project
from engine.project.lock import ProjectLock
from engine.project.project import open_project
from engine.project.schema import create_tables
from engine.project.spans import carry_labels

# The full-text index is built anew, the sums are counted anew, SQLite keeps its own tables.
_DERIVED = ("counters",)
_UNREADABLE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def repair_project(path: Path, out: Path) -> list[Finding]:
    """Write a recovered copy of a project and return what is still wrong with it.

    Every table is read from the front and, past damage, from the back; rows whose partner is lost
    are left out. The project itself is only read. Models stay where they are.

    Raises:
        KnownError: if the project is missing, not ours or open elsewhere, `out` exists, the disk
            is full, or nothing of the project can be read.
    """
    path, out = path.absolute(), out.absolute()
    refuse_unless_project(path, for_writing=False)
    if out.exists():
        raise KnownError(
            tr(
                "{name} exists already in {folder}; choose another name.",
                name=out.name,
                folder=out.parent,
            )
        )
    temporary = out.with_name(f".{out.name}.partial")
    lock = ProjectLock(path)
    try:
        temporary.unlink(missing_ok=True)
        with temporary.open("xb"):
            pass
        with (
            contextlib.closing(open_reader(path)) as damaged,
            contextlib.closing(open_writer(temporary, wal=False)) as copy,
        ):
            create_tables(copy)
            _copy(damaged, copy)
        temporary.rename(out)
        sync_folder(out.parent)
    except sqlite3.Error as error:
        if (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _UNREADABLE:
            raise KnownError(
                tr("Nothing of {name} can be read any more; take a backup.", name=path.name)
            ) from error
        known = explain_sqlite_error(error, out.name)
        if known is None:
            raise
        raise known from error
    except OSError as error:
        raise explain_os_error(error, tr("{name} could not be written", name=out.name)) from error
    finally:
        lock.release()
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    with open_project(out) as project:
        return check_project(project)


def _copy(damaged: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    images.prepare(copy)
    copy.execute("PRAGMA foreign_keys = OFF")
    copy.execute("BEGIN IMMEDIATE")
    tables = copy.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND name NOT LIKE 'texts_fts%'"
    ).fetchall()
    for (table,) in tables:
        if table in _DERIVED:
            continue
        # In quotation marks, because the end of a span has the name of an SQL keyword.
        columns = [f'"{row[1]}"' for row in copy.execute(f"PRAGMA table_info({table})").fetchall()]
        places = ", ".join("?" for _ in columns)
        copy.executemany(
            f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({places})",
            _readable_rows(damaged, table, columns),
        )
    if copy.execute("SELECT count(*) FROM project").fetchone() == (0,):
        raise KnownError(tr("Nothing of the project can be read any more; take a backup."))
    _drop_widows(copy)
    _carry_labels_of_spans(copy)
    counters.recount(copy)
    copy.execute("INSERT INTO texts_fts (texts_fts) VALUES ('rebuild')")
    copy.execute("COMMIT")


def _carry_labels_of_spans(copy: sqlite3.Connection) -> None:
    """Let each text carry the labels of just those passages that were saved."""
    copy.execute("INSERT INTO temp.touched SELECT text_id FROM placements")
    for (task_id,) in copy.execute("SELECT id FROM tasks WHERE kind = 'spans'").fetchall():
        carry_labels(copy, task_id)


def _readable_rows(
    damaged: sqlite3.Connection, table: str, columns: list[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table up to the first damage, then those back to the last damage."""
    known = damaged.execute(f"PRAGMA table_info({table})").fetchall()
    if not known:
        return  # the project is of a file version that does not have this table
    keys = [f'"{row[1]}"' for row in known if row[5] > 0]
    query = f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED ORDER BY "
    for way in ("ASC", "DESC"):
        cursor = damaged.execute(query + ", ".join(f"{key} {way}" for key in keys))
        try:
            yield from cursor  # row by row: an error would swallow a slice that is half read
        except sqlite3.DatabaseError:
            continue
        return


def _drop_widows(copy: sqlite3.Connection) -> None:
    """Delete rows that need a row that is lost, until none is left; forget what they only name."""
    while broken := copy.execute("PRAGMA foreign_key_check").fetchall():
        for table in {row[0] for row in broken}:
            required = {
                row[1]
                for row in copy.execute(f"PRAGMA table_info({table})").fetchall()
                if row[3] or row[5]
            }
            references: dict[int, list[tuple[str, str, str]]] = {}
            for number, _, parent, child, key, *_ in copy.execute(
                f"PRAGMA foreign_key_list({table})"
            ).fetchall():
                references.setdefault(number, []).append((parent, child, key))
            for parts in references.values():
                children = [child for _, child, _ in parts]
                match = " AND ".join(f"p.{key} = {table}.{child}" for _, child, key in parts)
                change = f"DELETE FROM {table}"
                if not required & set(children):
                    forget = ", ".join(f"{child} = NULL" for child in children)
                    change = f"UPDATE {table} SET {forget}"
                copy.execute(
                    f"{change} WHERE {' AND '.join(f'{child} IS NOT NULL' for child in children)} "
                    f"AND NOT EXISTS (SELECT 1 FROM {parts[0][0]} p WHERE {match})"
                )
