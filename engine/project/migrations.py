"""From the file version of an older program to this one's, one step at a time.

Before each step a verified backup is written beside the project, and the step itself is one
transaction: whatever happens, there is a file that the older program opens.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.project.backup import back_up
from engine.project.schema import DEIDENTIFICATION, SPANS_AND_EMBEDDINGS


@dataclass(frozen=True, slots=True)
class Migration:
    """A step from file version `version` to the next; `apply` runs inside a transaction."""

    version: int
    apply: Callable[[sqlite3.Connection], None]


def _add_spans_and_embeddings(connection: sqlite3.Connection) -> None:
    """Version 1 to 2: tasks may be of spans, and tables for those and for embeddings."""
    _execute_each(connection, SPANS_AND_EMBEDDINGS)
    # A check that becomes wider may be rewritten where it stands (sqlite.org/lang_altertable.html);
    # making the table anew would need the foreign keys off, which a transaction cannot do.
    connection.execute("PRAGMA writable_schema = ON")
    try:
        connection.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = 'tasks'",
            ("IN ('classification')", "IN ('classification', 'spans')"),
        )
        (cookie,) = connection.execute("PRAGMA schema_version").fetchone()
        connection.execute(f"PRAGMA schema_version = {cookie + 1}")
    finally:
        connection.execute("PRAGMA writable_schema = OFF")


def _add_deidentification(connection: sqlite3.Connection) -> None:
    """Version 2 to 3: dismissed suggestions, what passages mean, rules, policies and aliases."""
    _execute_each(connection, DEIDENTIFICATION)


def _execute_each(connection: sqlite3.Connection, statements: str) -> None:
    """Execute statements one by one: executescript would end the transaction."""
    for statement in statements.split(";"):
        if statement.strip():
            connection.execute(statement)


MIGRATIONS: Sequence[Migration] = (
    Migration(1, _add_spans_and_embeddings),
    Migration(2, _add_deidentification),
)
"""All steps there have been, oldest first; version 1 was the first that people have."""


def migrate(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS
) -> list[Path]:
    """Bring the open project up to date and return the backups that were written.

    The backup before a step from version N is ``<name>.backup-N``.

    Raises:
        KnownError: if there is no step from the file's version, or a backup fails; the file is as
            it was after the last complete step.
    """
    backups: list[Path] = []
    steps = {migration.version: migration for migration in migrations}
    target = max(steps, default=0) + 1
    while (version := file_version(connection)) < target:
        if version not in steps:
            raise KnownError(
                tr(
                    "{name} has file version {version}, which this program cannot bring up to "
                    "date; open it once with the version of Glossator that came before.",
                    name=path.name,
                    version=version,
                )
            )
        backup = path.with_name(f"{path.name}.backup-{version}")
        back_up(connection, backup)
        backups.append(backup)
        connection.execute("BEGIN IMMEDIATE")
        try:
            steps[version].apply(connection)
            connection.execute(f"PRAGMA user_version = {version + 1}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    return backups


def file_version(connection: sqlite3.Connection) -> int:
    """Return the file version that the database gives itself."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
