"""What a key press does: label texts, skip them, flag them, comment on them.

Each function is one transaction and one undoable step, for one text or a hundred thousand. What
would change nothing makes no step.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr, trn
from engine.core.times import utc_now
from engine.project.images import touch
from engine.project.journal import recording
from engine.project.rows import Step, TaskInfo
from engine.project.tasks import read_task

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

_ORIGINS = ("person", "bulk", "suggestion accepted")

# Texts that have exactly these labels already. A person's own decision takes over from an import,
# a bulk action or a suggestion with the same labels; the other way round nothing changes.
_LABELLED_SO = """
DELETE FROM temp.touched WHERE EXISTS (
    SELECT 1 FROM annotations a
    WHERE a.text_id = touched.text_id AND a.task_id = :task_id
    AND (a.origin = :origin OR :origin <> 'person')
    AND :label_ids = (SELECT json_group_array(label_id) FROM (
        SELECT l.label_id FROM annotation_labels l
        WHERE l.text_id = a.text_id AND l.task_id = a.task_id ORDER BY l.label_id))
    AND NOT EXISTS (SELECT 1 FROM states s
        WHERE s.text_id = a.text_id AND s.task_id = a.task_id AND s.skipped))
"""

# Texts that have these labels (or, to take them off, have none of them) already.
_GIVEN_ALREADY = """
DELETE FROM temp.touched WHERE NOT EXISTS (
    SELECT 1 FROM json_each(:label_ids) l WHERE l.value NOT IN (
        SELECT label_id FROM annotation_labels al
        WHERE al.text_id = touched.text_id AND al.task_id = :task_id))
"""
_TAKEN_ALREADY = """
DELETE FROM temp.touched WHERE NOT EXISTS (
    SELECT 1 FROM annotation_labels al WHERE al.text_id = touched.text_id
    AND al.task_id = :task_id AND al.label_id IN (SELECT value FROM json_each(:label_ids)))
"""

_TOUCHED = "task_id = :task_id AND text_id IN (SELECT text_id FROM temp.touched)"


def set_labels(
    project: ProjectFile,
    task_id: int,
    text_ids: Sequence[int],
    label_ids: Sequence[int],
    *,
    origin: str = "person",
    model_id: int | None = None,
) -> Step:
    """Give each of these texts exactly these labels, replacing what it had; a skip is lifted.

    `origin` is "person", "bulk" or "suggestion accepted" (with `model_id`). In a multi-label task
    `label_ids` may be empty: the texts are labelled with none.

    Raises:
        KnownError: if a label is not the task's, or the task takes one label and got another
            number; nothing was changed.
    """
    if origin not in _ORIGINS:
        raise ValueError(f"origin is one of {_ORIGINS}, not {origin!r}")
    with project.transaction() as connection:
        task = _task_of_labels(connection, task_id)
        chosen = sorted(set(label_ids))
        names = _names_of(task, chosen)

        def words(n: int) -> str:
            if not names:
                return trn(
                    "Labelled {n:,} text as none of the labels",
                    "Labelled {n:,} texts as none of the labels",
                    n,
                )
            return trn(
                "Labelled {n:,} text as {labels}",
                "Labelled {n:,} texts as {labels}",
                n,
                labels=names,
            )

        touch(connection, text_ids)
        values = {
            "task_id": task_id,
            "origin": origin,
            "annotator": project.annotator,
            "at": utc_now(),
            "model_id": model_id if origin == "suggestion accepted" else None,
            "label_ids": json.dumps(chosen, separators=(",", ":")),
        }
        connection.execute(_LABELLED_SO, values)
        with recording(project, task_id, words) as record:
            connection.execute(f"DELETE FROM annotations WHERE {_TOUCHED}", values)
            connection.execute(
                "INSERT INTO annotations (text_id, task_id, origin, annotator, at, model_id) "
                "SELECT text_id, :task_id, :origin, :annotator, :at, :model_id FROM temp.touched",
                values,
            )
            connection.execute(
                "INSERT INTO annotation_labels (text_id, task_id, label_id) "
                "SELECT t.text_id, :task_id, l.value FROM temp.touched t, json_each(:label_ids) l",
                values,
            )
            set_state(connection, task_id, "skipped", 0)
    return record.step


def give_labels(
    project: ProjectFile, task_id: int, text_ids: Sequence[int], label_ids: Sequence[int]
) -> Step:
    """Give each of these texts these labels beside those it has; a skip is lifted.

    Raises:
        KnownError: if a label is not the task's, or the task takes only one; nothing was changed.
    """
    with project.transaction() as connection:
        names, values = _several(project, task_id, label_ids)

        def words(n: int) -> str:
            return trn(
                "Gave {n:,} text also {labels}", "Gave {n:,} texts also {labels}", n, labels=names
            )

        touch(connection, text_ids)
        connection.execute(_GIVEN_ALREADY, values)
        with recording(project, task_id, words) as record:
            connection.execute(
                "INSERT INTO annotations (text_id, task_id, origin, annotator, at) "
                "SELECT text_id, :task_id, 'bulk', :annotator, :at FROM temp.touched WHERE true "
                "ON CONFLICT (text_id, task_id) DO UPDATE SET origin = excluded.origin, "
                "annotator = excluded.annotator, at = excluded.at, model_id = NULL",
                values,
            )
            connection.execute(
                "INSERT INTO annotation_labels (text_id, task_id, label_id) "
                "SELECT t.text_id, :task_id, l.value FROM temp.touched t, json_each(:label_ids) l "
                "WHERE true ON CONFLICT DO NOTHING",
                values,
            )
            set_state(connection, task_id, "skipped", 0)
    return record.step


def take_labels(
    project: ProjectFile, task_id: int, text_ids: Sequence[int], label_ids: Sequence[int]
) -> Step:
    """Take these labels off each of these texts; a text left with none is not labelled any more.

    Raises:
        KnownError: if a label is not the task's, or the task takes only one; nothing was changed.
    """
    with project.transaction() as connection:
        names, values = _several(project, task_id, label_ids)

        def words(n: int) -> str:
            return trn(
                "Took {labels} off {n:,} text", "Took {labels} off {n:,} texts", n, labels=names
            )

        touch(connection, text_ids)
        connection.execute(_TAKEN_ALREADY, values)
        with recording(project, task_id, words) as record:
            connection.execute(
                f"DELETE FROM annotation_labels WHERE {_TOUCHED} "
                "AND label_id IN (SELECT value FROM json_each(:label_ids))",
                values,
            )
            connection.execute(
                f"DELETE FROM annotations WHERE {_TOUCHED} AND NOT EXISTS ("
                "SELECT 1 FROM annotation_labels al WHERE al.text_id = annotations.text_id "
                "AND al.task_id = annotations.task_id)",
                values,
            )
            connection.execute(
                f"UPDATE annotations SET origin = 'bulk', annotator = :annotator, at = :at, "
                f"model_id = NULL WHERE {_TOUCHED}",
                values,
            )
    return record.step


def clear_labels(project: ProjectFile, task_id: int, text_ids: Sequence[int]) -> Step:
    """Make these texts not labelled again."""
    with project.transaction() as connection:
        task = read_task(connection, task_id)

        def words(n: int) -> str:
            if task.kind == "spans":
                return trn("Took the marks off {n:,} text", "Took the marks off {n:,} texts", n)
            return trn("Took the labels off {n:,} text", "Took the labels off {n:,} texts", n)

        touch(connection, text_ids)
        with recording(project, task_id, words) as record:
            connection.execute(f"DELETE FROM annotations WHERE {_TOUCHED}", {"task_id": task_id})
    return record.step


def set_skipped(
    project: ProjectFile, task_id: int, text_ids: Sequence[int], skipped: bool = True
) -> Step:
    """Skip these texts, or take the skip back. Labels stay as they are."""

    def words(n: int) -> str:
        if skipped:
            return trn("Skipped {n:,} text", "Skipped {n:,} texts", n)
        return trn("Took the skip off {n:,} text", "Took the skip off {n:,} texts", n)

    return _change_state(project, task_id, text_ids, "skipped", skipped, words)


def set_flagged(
    project: ProjectFile, task_id: int, text_ids: Sequence[int], flagged: bool = True
) -> Step:
    """Flag these texts for a second look, or take the flag off."""

    def words(n: int) -> str:
        if flagged:
            return trn("Flagged {n:,} text", "Flagged {n:,} texts", n)
        return trn("Took the flag off {n:,} text", "Took the flag off {n:,} texts", n)

    return _change_state(project, task_id, text_ids, "flagged", flagged, words)


def set_comment(project: ProjectFile, task_id: int, text_id: int, comment: str) -> Step:
    """Write a comment on a text; an empty one removes it."""
    comment = comment.strip()

    def words(n: int) -> str:
        if comment:
            return trn("Commented on {n:,} text", "Commented on {n:,} texts", n)
        return trn("Took the comment off {n:,} text", "Took the comment off {n:,} texts", n)

    return _change_state(project, task_id, (text_id,), "comment", comment, words)


def _task_of_labels(connection: sqlite3.Connection, task_id: int) -> TaskInfo:
    task = read_task(connection, task_id)
    if task.kind == "spans":
        raise KnownError(
            tr(
                "In this task passages are marked, and whole texts get no label; nothing was "
                "changed."
            )
        )
    return task


def _several(
    project: ProjectFile, task_id: int, label_ids: Sequence[int]
) -> tuple[str, dict[str, object]]:
    """Return the labels' names and what a change of some labels of many texts needs to know."""
    task = _task_of_labels(project.connection, task_id)
    if not task.multi_label:
        raise KnownError(tr("This task takes exactly one label a text; nothing was changed."))
    chosen = sorted(set(label_ids))
    return _names_of(task, chosen), {
        "task_id": task_id,
        "annotator": project.annotator,
        "at": utc_now(),
        "label_ids": json.dumps(chosen, separators=(",", ":")),
    }


def _change_state(
    project: ProjectFile,
    task_id: int,
    text_ids: Sequence[int],
    column: str,
    value: int | str,
    words: Callable[[int], str],
) -> Step:
    with project.transaction() as connection:
        read_task(connection, task_id)
        touch(connection, text_ids)
        with recording(project, task_id, words) as record:
            set_state(connection, task_id, column, value)
    return record.step


def set_state(connection: sqlite3.Connection, task_id: int, column: str, value: int | str) -> None:
    """Set one column of the touched texts' states; a state that says nothing has no row."""
    values = {"task_id": task_id, "value": value}
    if value:
        connection.execute(
            f"""INSERT INTO states (text_id, task_id, {column})
                SELECT text_id, :task_id, :value FROM temp.touched WHERE true
                ON CONFLICT (text_id, task_id) DO UPDATE SET {column} = excluded.{column}""",
            values,
        )
        return
    connection.execute(f"UPDATE states SET {column} = :value WHERE {_TOUCHED}", values)
    connection.execute(
        f"DELETE FROM states WHERE {_TOUCHED} AND NOT skipped AND NOT flagged AND comment = ''",
        values,
    )


def _names_of(task: TaskInfo, label_ids: Sequence[int]) -> str:
    """Return the labels' names for the journal, after checking that the task allows them."""
    known = {label.id: label.name for label in task.labels}
    if not set(label_ids) <= known.keys():
        raise KnownError(tr("That label is not in this task any more; nothing was changed."))
    if not task.multi_label and len(label_ids) != 1:
        raise KnownError(tr("This task takes exactly one label a text; nothing was changed."))
    return ", ".join(known[label_id] for label_id in label_ids)
