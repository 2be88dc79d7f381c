"""The labels and marked passages of an import while its texts lie on the shelf."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from engine.core.times import utc_now
from engine.project.rows import TaskInfo
from engine.project.tasks import insert_label, read_task

if TYPE_CHECKING:
    from engine.project.texts import ImportedRow

_TABLES = ("shelved_annotation_labels", "shelved_spans")


def shelve_labels(
    connection: sqlite3.Connection, task: TaskInfo, rows: Sequence[tuple[int, ImportedRow]]
) -> int:
    """Write what rows say of their texts, given with the texts' ids; return how many say something.

    In a task of one label a text, a row without a label says nothing.
    """
    at = utc_now()
    labelled = [(text_id, row) for text_id, row in rows if _says_something(row, task)]
    connection.executemany(
        "INSERT INTO shelved_annotations (text_id, task_id, origin, annotator, at) "
        "VALUES (?, ?, 'import', '', ?)",
        ((text_id, task.id, at) for text_id, _ in labelled),
    )
    connection.executemany(
        "INSERT INTO shelved_annotation_labels (text_id, task_id, label_id) VALUES (?, ?, ?)",
        (
            (text_id, task.id, label_id)
            for text_id, row in labelled
            for label_id in sorted({*(row.label_ids or ()), *(span[2] for span in row.spans or ())})
        ),
    )
    connection.executemany(
        'INSERT INTO shelved_spans (text_id, task_id, start, "end", label_id, origin, annotator, '
        "at, entity) VALUES (?, ?, ?, ?, ?, 'import', '', ?, ?)",
        (
            (text_id, task.id, *span, at, row.entities.get(span, ""))
            for text_id, row in labelled
            for span in sorted(set(row.spans or ()))
        ),
    )
    return len(labelled)


def settle_labels(
    connection: sqlite3.Connection, task_id: int, import_id: int, new_labels: Mapping[str, int]
) -> tuple[dict[int, dict[str, Any]], int]:
    """Create the labels that the import adds, and put them in the place of their placeholders.

    Labels that were removed while the import ran are taken off its rows. Returns the new labels as
    rows by id, and how many texts are not labelled any more.
    """
    added: dict[int, dict[str, Any]] = {}
    mine = "text_id IN (SELECT text_id FROM shelved_placements WHERE import_id = :import_id)"
    values: dict[str, object] = {"import_id": import_id, "task_id": task_id}
    for name, placeholder in new_labels.items():
        task = read_task(connection, task_id)
        label = next((x for x in task.labels if x.name.casefold() == name.casefold()), None)
        if label is None:
            label = insert_label(connection, task_id, task.labels, name)
            added[label.id] = asdict(label)
        for table in _TABLES:
            connection.execute(
                f"UPDATE OR REPLACE {table} SET label_id = :label_id "
                f"WHERE label_id = :placeholder AND {mine}",
                {**values, "label_id": label.id, "placeholder": placeholder},
            )
    gone = 0
    for table in _TABLES:
        gone += connection.execute(
            f"DELETE FROM {table} WHERE label_id NOT IN (SELECT id FROM labels) AND {mine}", values
        ).rowcount
    if not gone:
        return added, 0
    unlabelled = connection.execute(
        f"""DELETE FROM shelved_annotations WHERE task_id = :task_id AND {mine}
            AND NOT EXISTS (SELECT 1 FROM shelved_annotation_labels l
                WHERE l.text_id = shelved_annotations.text_id
                AND l.task_id = shelved_annotations.task_id)""",
        values,
    ).rowcount
    return added, unlabelled


def _says_something(row: ImportedRow, task: TaskInfo) -> bool:
    if task.kind == "spans":
        return row.spans is not None
    return bool(row.label_ids) or (row.label_ids is not None and task.multi_label)
