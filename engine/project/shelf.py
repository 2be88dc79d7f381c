"""The shelf: where the rows of an import lie while it runs, and after it was undone.

On the shelf, texts have their content, their place in the full-text index and their fingerprint,
but no placement, so that nothing else in the program sees them. Finishing or redoing an import
places its rows; undoing it puts them back. Since undo goes strictly backwards, everything that
people did with the texts is taken back before the import itself is.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

_SLICE = 2000


def touch_import(connection: sqlite3.Connection, import_id: int, *, shelved: bool = False) -> None:
    """Let the change be about the placed (or the shelved) texts of an import."""
    connection.execute("DELETE FROM temp.touched")
    connection.execute(
        f"INSERT INTO temp.touched SELECT text_id FROM {'shelved_' if shelved else ''}placements "
        "WHERE import_id = ?",
        (import_id,),
    )


def place(connection: sqlite3.Connection, import_id: int) -> None:
    """Move the rows of an import from the shelf into the project."""
    touch_import(connection, import_id, shelved=True)
    _move(connection, "shelved_placements", "placements")
    _move(connection, "shelved_annotations", "annotations")
    _move(connection, "shelved_annotation_labels", "annotation_labels")
    _move(connection, "shelved_spans", "spans")


def shelve(connection: sqlite3.Connection, import_id: int) -> None:
    """Move the rows of an import from the project to the shelf."""
    touch_import(connection, import_id)
    _move(connection, "spans", "shelved_spans")
    _move(connection, "annotation_labels", "shelved_annotation_labels")
    _move(connection, "annotations", "shelved_annotations")
    _move(connection, "placements", "shelved_placements")


def discard(project: ProjectFile, import_id: int) -> None:
    """Delete everything of a shelved import, in transactions of two thousand texts."""
    while True:
        with project.transaction() as connection:
            connection.execute("DELETE FROM temp.touched")
            found = connection.execute(
                "INSERT INTO temp.touched SELECT text_id FROM shelved_placements "
                "WHERE import_id = ? ORDER BY text_id LIMIT ?",
                (import_id, _SLICE),
            ).rowcount
            connection.execute(
                "INSERT INTO texts_fts (texts_fts, rowid, content) SELECT 'delete', id, content "
                "FROM texts WHERE id IN (SELECT text_id FROM temp.touched)"
            )
            for table in (
                "shelved_spans",
                "dismissed_spans",
                "redaction_decisions",
                "shelved_annotation_labels",
                "shelved_annotations",
                "shelved_placements",
                "fingerprints",
                "predictions",
                "span_predictions",
                "embeddings",
            ):
                connection.execute(
                    f"DELETE FROM {table} WHERE text_id IN (SELECT text_id FROM temp.touched)"
                )
            connection.execute("DELETE FROM texts WHERE id IN (SELECT text_id FROM temp.touched)")
            if found < _SLICE:
                connection.execute(
                    "UPDATE imports SET status = 'abandoned' WHERE id = ? AND status = 'running'",
                    (import_id,),
                )
                return


def discard_leftovers(project: ProjectFile) -> None:
    """Delete what lies on the shelf for nothing: imports that a crash cut off, and undone ones
    that can no longer be redone."""
    leftovers = project.connection.execute(
        """SELECT i.id FROM imports i
           WHERE i.status = 'running' OR (i.status = 'done' AND EXISTS (
                   SELECT 1 FROM shelved_placements s WHERE s.import_id = i.id)
               AND NOT EXISTS (
                   SELECT 1 FROM undo_stack u JOIN journal j ON j.id = u.step_id
                   WHERE j.import_id = i.id))"""
    ).fetchall()
    for (import_id,) in leftovers:
        discard(project, import_id)


def _move(connection: sqlite3.Connection, source: str, target: str) -> None:
    """Move the rows of the touched texts from one table to another with the same columns."""
    touched = "text_id IN (SELECT text_id FROM temp.touched)"
    connection.execute(f"INSERT INTO {target} SELECT * FROM {source} WHERE {touched}")
    connection.execute(f"DELETE FROM {source} WHERE {touched}")
