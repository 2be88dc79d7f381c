"""The texts and labels of a task as training sees them, a slice at a time."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A text as training sees it; `labels` are positions among the task's labels in order.

    `group` is shared by near-duplicates and texts of one document. `spans` are (start, end,
    position of the label), in code points and the end exclusive, by their place in the text.
    """

    text_id: int
    text: str
    labels: tuple[int, ...]
    labelled: bool
    split: str
    group: int
    spans: tuple[tuple[int, int, int], ...] = ()


def snapshot_slice(
    connection: sqlite3.Connection, task_id: int, after: int = 0, limit: int = 2000
) -> list[SnapshotRow]:
    """Return the next texts after the id `after`, by id; an empty list at the end.

    Slices taken at different times may see different labels; who needs one moment reads them all
    inside one read transaction.
    """
    rows = connection.execute(
        """SELECT p.text_id, t.content, a.text_id IS NOT NULL, p.split, p.group_id,
               (SELECT group_concat(al.label_id) FROM annotation_labels al
                WHERE al.text_id = p.text_id AND al.task_id = :task_id)
           FROM placements p CROSS JOIN texts t ON t.id = p.text_id
           LEFT JOIN annotations a ON a.text_id = p.text_id AND a.task_id = :task_id
           WHERE p.text_id > :after ORDER BY p.text_id LIMIT :limit""",
        {"task_id": task_id, "after": after, "limit": limit},
    ).fetchall()
    order = {
        str(label_id): position
        for position, (label_id,) in enumerate(
            connection.execute(
                "SELECT id FROM labels WHERE task_id = ? ORDER BY position, id", (task_id,)
            ).fetchall()
        )
    }
    spans = _spans(connection, task_id, [row[0] for row in rows], order)
    return [
        SnapshotRow(
            text_id=text_id,
            text=content,
            labels=tuple(
                sorted(order[label_id] for label_id in (label_ids or "").split(",") if label_id)
            ),
            labelled=bool(labelled),
            split=split,
            group=group_id,
            spans=tuple(spans.get(text_id, ())),
        )
        for text_id, content, labelled, split, group_id, label_ids in rows
    ]


def _spans(
    connection: sqlite3.Connection, task_id: int, text_ids: list[int], order: dict[str, int]
) -> dict[int, list[tuple[int, int, int]]]:
    found: dict[int, list[tuple[int, int, int]]] = {}
    for text_id, start, end, label_id in connection.execute(
        'SELECT text_id, start, "end", label_id FROM spans WHERE task_id = ? AND text_id IN '
        '(SELECT value FROM json_each(?)) ORDER BY text_id, start, "end", label_id',
        (task_id, json.dumps(text_ids)),
    ):
        found.setdefault(text_id, []).append((start, end, order[str(label_id)]))
    return found
