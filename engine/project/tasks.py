"""The labelling task and its labels: read them, add, edit and remove them, all undoable."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.project import labels as rules
from engine.project.images import touch
from engine.project.journal import recording
from engine.project.labels import RESERVED_KEYS as RESERVED_KEYS
from engine.project.rows import LabelInfo, Step, TaskInfo

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

_LABEL_COLUMNS = "id, task_id, name, key, color, guideline, position, identifier"


def read_tasks(connection: sqlite3.Connection) -> tuple[TaskInfo, ...]:
    """Return the project's tasks, each with its labels in order."""
    labels = [
        LabelInfo(*row)
        for row in connection.execute(
            f"SELECT {_LABEL_COLUMNS} FROM labels ORDER BY task_id, position, id"
        )
    ]
    tasks = connection.execute(
        "SELECT id, name, kind, multi_label, guideline FROM tasks ORDER BY position, id"
    ).fetchall()
    return tuple(
        TaskInfo(
            task_id,
            name,
            kind,
            bool(multi_label),
            guideline,
            tuple(label for label in labels if label.task_id == task_id),
        )
        for task_id, name, kind, multi_label, guideline in tasks
    )


def read_task(connection: sqlite3.Connection, task_id: int) -> TaskInfo:
    """Return one task.

    Raises:
        KnownError: if the project has no such task.
    """
    for task in read_tasks(connection):
        if task.id == task_id:
            return task
    raise KnownError(tr("That task is not in this project."))


def insert_task(
    connection: sqlite3.Connection,
    *,
    name: str,
    kind: str,
    multi_label: bool,
    guideline: str,
    labels: Sequence[str],
    label_guidelines: Sequence[str],
    identifiers: Sequence[str] = (),
) -> int:
    """Write a new task with its labels inside the caller's transaction; return its id.

    Raises:
        KnownError: if a label's name is no good.
    """
    task_id = connection.execute(
        "INSERT INTO tasks (name, kind, multi_label, guideline, position) "
        "VALUES (?, ?, ?, ?, (SELECT count(*) FROM tasks))",
        (name, kind, multi_label, guideline),
    ).lastrowid
    assert task_id is not None
    others: list[LabelInfo] = []
    for index, label in enumerate(labels):
        words = label_guidelines[index] if index < len(label_guidelines) else ""
        kind = identifiers[index] if index < len(identifiers) else "direct"
        others.append(
            insert_label(connection, task_id, others, label, guideline=words, identifier=kind)
        )
    return task_id


def insert_label(
    connection: sqlite3.Connection,
    task_id: int,
    others: Iterable[LabelInfo],
    name: str,
    *,
    key: str = "",
    color: str = "",
    guideline: str = "",
    identifier: str = "direct",
) -> LabelInfo:
    """Write a new label inside the caller's transaction; `others` are the task's labels so far.

    Raises:
        KnownError: if name, key or colour is no good.
    """
    others = list(others)
    values = (
        task_id,
        rules.checked_name(name, others),
        rules.checked_key(key, others) if key else rules.next_key(others),
        rules.checked_color(color) if color else rules.next_color(others),
        guideline.strip(),
        max((other.position for other in others), default=-1) + 1,
        rules.checked_identifier(identifier),
    )
    row_id = connection.execute(
        f"INSERT INTO labels ({_LABEL_COLUMNS}) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", values
    ).lastrowid
    assert row_id is not None
    return LabelInfo(row_id, *values)


def add_label(
    project: ProjectFile,
    task_id: int,
    name: str,
    *,
    key: str = "",
    color: str = "",
    guideline: str = "",
    identifier: str = "direct",
) -> tuple[LabelInfo, Step]:
    """Add a label to a task; without `key` or `color` the next free one is taken.

    Raises:
        KnownError: if the name is empty, too long or taken, or the key reserved or taken.
    """
    with project.transaction() as connection:
        task = read_task(connection, task_id)
        label = insert_label(
            connection,
            task_id,
            task.labels,
            name,
            key=key,
            color=color,
            guideline=guideline,
            identifier=identifier,
        )
        touch(connection, ())
        words = tr("Added the label {label}", label=label.name)
        with recording(project, task_id, lambda _: words) as record:
            record.row("labels", label.id, None, asdict(label))
    return label, record.step


def edit_label(
    project: ProjectFile,
    label_id: int,
    *,
    name: str | None = None,
    key: str | None = None,
    color: str | None = None,
    guideline: str | None = None,
    identifier: str | None = None,
) -> tuple[LabelInfo, Step]:
    """Change a label; None leaves a field as it is, and `key` "" takes its key away.

    Raises:
        KnownError: as `add_label`, or if there is no such label.
    """
    with project.transaction() as connection:
        old, task = _find_label(connection, label_id)
        others = [label for label in task.labels if label.id != label_id]
        new = LabelInfo(
            old.id,
            old.task_id,
            old.name if name is None else rules.checked_name(name, others),
            old.key if key is None else rules.checked_key(key, others),
            old.color if color is None else rules.checked_color(color),
            old.guideline if guideline is None else guideline.strip(),
            old.position,
            old.identifier if identifier is None else rules.checked_identifier(identifier),
        )
        words = tr("Changed the label {label}", label=old.name)
        if new.name != old.name:
            words = tr("Renamed the label {old} to {new}", old=old.name, new=new.name)
        touch(connection, ())
        with recording(project, task.id, lambda _: words) as record:
            if new != old:
                connection.execute(
                    "UPDATE labels SET name = ?, key = ?, color = ?, guideline = ?, "
                    "identifier = ? WHERE id = ?",
                    (new.name, new.key, new.color, new.guideline, new.identifier, label_id),
                )
                record.row("labels", label_id, asdict(old), asdict(new))
    return new, record.step


def remove_label(project: ProjectFile, label_id: int) -> Step:
    """Remove a label and take it off every text; texts that had only it become not labelled.

    In a task of spans the passages that were marked with it go too.

    Raises:
        KnownError: if there is no such label.
    """
    with project.transaction() as connection:
        label, task = _find_label(connection, label_id)
        having = connection.execute(
            "SELECT text_id FROM annotation_labels WHERE label_id = ?", (label_id,)
        ).fetchall()
        touch(connection, (text_id for (text_id,) in having))
        words = tr("Removed the label {label}", label=label.name)
        with recording(project, task.id, lambda _: words) as record:
            for table in ("spans", "annotation_labels"):
                connection.execute(f"DELETE FROM {table} WHERE label_id = ?", (label_id,))
            connection.execute(
                """DELETE FROM annotations WHERE task_id = :task_id
                   AND text_id IN (SELECT text_id FROM temp.touched)
                   AND NOT EXISTS (SELECT 1 FROM annotation_labels l
                       WHERE l.text_id = annotations.text_id AND l.task_id = :task_id)""",
                {"task_id": task.id},
            )
            connection.execute("DELETE FROM labels WHERE id = ?", (label_id,))
            record.row("labels", label_id, asdict(label), None)
    return record.step


def edit_task(
    project: ProjectFile, task_id: int, *, name: str | None = None, guideline: str | None = None
) -> tuple[TaskInfo, Step]:
    """Change the name or the guideline of a task; None leaves it.

    Raises:
        KnownError: if there is no such task, or the name is empty.
    """
    with project.transaction() as connection:
        old = read_task(connection, task_id)
        if name is not None and not name.strip():
            raise KnownError(tr("A task needs a name; nothing was changed."))
        before = _task_row(connection, task_id)
        after = dict(before)
        if name is not None:
            after["name"] = name.strip()
        if guideline is not None:
            after["guideline"] = guideline.strip()
        touch(connection, ())
        words = tr("Changed the task {task}", task=old.name)
        with recording(project, task_id, lambda _: words) as record:
            if after != before:
                connection.execute(
                    "UPDATE tasks SET name = :name, guideline = :guideline WHERE id = :id", after
                )
                record.row("tasks", task_id, before, after)
        new = read_task(connection, task_id)
    return new, record.step


def _find_label(connection: sqlite3.Connection, label_id: int) -> tuple[LabelInfo, TaskInfo]:
    for task in read_tasks(connection):
        for label in task.labels:
            if label.id == label_id:
                return label, task
    raise KnownError(tr("That label is not in this project any more."))


def _task_row(connection: sqlite3.Connection, task_id: int) -> dict[str, Any]:
    cursor = connection.execute("SELECT * FROM tasks WHERE id = ?", (task_id,))
    return dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
