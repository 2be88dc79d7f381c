"""What a task says of a text, as one JSON value: taken before and after a change, put back by undo.

An image holds the annotation with its labels and the state; a text that is neither labelled,
skipped, flagged nor commented has the image NULL. In a task of spans the image holds those too, and
the suggested passages that were left out, if there are any; elsewhere it has no such key, so that
it equals what a journal of file version 1 says. Images are made and put back by SQL alone, so that
a step over a hundred thousand texts takes a second or two.

The texts a change is about stand in ``temp.touched``, which belongs to the writing connection.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

_TEMPORARY_TABLES = """
CREATE TEMP TABLE touched (text_id INTEGER PRIMARY KEY);
CREATE TEMP TABLE images (text_id INTEGER PRIMARY KEY, before TEXT);
"""

_LABELS_AND_STATE = """
json_object(
    'labels', json(CASE WHEN a.text_id IS NOT NULL THEN (
        SELECT json_group_array(label_id) FROM (
            SELECT l.label_id FROM annotation_labels l
            WHERE l.text_id = a.text_id AND l.task_id = a.task_id ORDER BY l.label_id)) END),
    'origin', a.origin, 'annotator', a.annotator, 'at', a.at, 'model', a.model_id,
    'skipped', coalesce(s.skipped, 0), 'flagged', coalesce(s.flagged, 0),
    'comment', coalesce(s.comment, ''))
"""
_SPANS = """
json((SELECT json_group_array(json(span)) FROM (
    SELECT json_array(x.start, x."end", x.label_id, x.origin, x.annotator, x.at, x.model_id,
        x.entity) AS span
    FROM spans x WHERE x.text_id = a.text_id AND x.task_id = a.task_id
    ORDER BY x.start, x."end", x.label_id)))
"""
_DISMISSED = """
json((SELECT json_group_array(json(span)) FROM (
    SELECT json_array(d.start, d."end", d.label_id) AS span FROM dismissed_spans d
    WHERE d.text_id = t.text_id AND d.task_id = :task_id ORDER BY d.start, d."end", d.label_id)))
"""
_SOMETHING_DISMISSED = """
EXISTS (SELECT 1 FROM dismissed_spans d WHERE d.text_id = t.text_id AND d.task_id = :task_id)
"""
_IMAGE = f"""
CASE WHEN {_SOMETHING_DISMISSED}
        THEN json_set({_LABELS_AND_STATE}, '$.spans', {_SPANS}, '$.dismissed', {_DISMISSED})
    WHEN a.text_id IS NULL AND s.text_id IS NULL THEN NULL
    WHEN (SELECT kind FROM tasks WHERE id = :task_id) = 'spans'
        THEN json_set({_LABELS_AND_STATE}, '$.spans', {_SPANS})
    ELSE {_LABELS_AND_STATE} END
"""


def prepare(connection: sqlite3.Connection) -> None:
    """Create the temporary tables; once for each writing connection."""
    connection.executescript(_TEMPORARY_TABLES)


def touch(connection: sqlite3.Connection, text_ids: Iterable[int]) -> None:
    """Let the change be about those of `text_ids` that are in the project."""
    connection.execute("DELETE FROM temp.touched")
    connection.execute(
        "INSERT OR IGNORE INTO temp.touched SELECT p.text_id FROM json_each(?) j "
        "JOIN placements p ON p.text_id = j.value",
        (json.dumps(list(text_ids)),),
    )


def take_before(connection: sqlite3.Connection, task_id: int) -> None:
    """Keep the images of the touched texts as they are now, for `keep_changes` to compare with."""
    connection.execute("DELETE FROM temp.images")
    connection.execute(f"INSERT INTO temp.images {image_query()}", {"task_id": task_id})


def keep_changes(connection: sqlite3.Connection, step_id: int, task_id: int) -> int:
    """Store before and after of every touched text that changed with a step; return how many."""
    return connection.execute(
        f"""INSERT INTO journal_texts (step_id, text_id, task_id, before, after)
            SELECT :step_id, n.text_id, :task_id, b.before, n.image
            FROM ({image_query()}) n JOIN temp.images b ON b.text_id = n.text_id
            WHERE b.before IS NOT n.image""",
        {"step_id": step_id, "task_id": task_id},
    ).rowcount


def put_back(connection: sqlite3.Connection, step_id: int, side: str) -> None:
    """Make the touched texts what the images of a step say; `side` is "before" or "after"."""
    for table in ("annotations", "states", "dismissed_spans"):
        connection.execute(
            f"DELETE FROM {table} WHERE (text_id, task_id) IN "
            "(SELECT text_id, task_id FROM journal_texts WHERE step_id = ?)",
            (step_id,),
        )
    image = f"j.{side}"
    connection.execute(
        f"""INSERT INTO annotations (text_id, task_id, origin, annotator, at, model_id)
            SELECT j.text_id, j.task_id, json_extract({image}, '$.origin'),
                json_extract({image}, '$.annotator'), json_extract({image}, '$.at'),
                json_extract({image}, '$.model')
            FROM journal_texts j
            WHERE j.step_id = ? AND json_extract({image}, '$.labels') IS NOT NULL""",
        (step_id,),
    )
    connection.execute(
        f"""INSERT INTO annotation_labels (text_id, task_id, label_id)
            SELECT j.text_id, j.task_id, l.value
            FROM journal_texts j, json_each({image}, '$.labels') l
            WHERE j.step_id = ? AND l.value IS NOT NULL""",
        (step_id,),
    )
    connection.execute(
        f"""INSERT INTO spans
                (text_id, task_id, start, "end", label_id, origin, annotator, at, model_id, entity)
            SELECT j.text_id, j.task_id, x.value ->> 0, x.value ->> 1, x.value ->> 2, x.value ->> 3,
                x.value ->> 4, x.value ->> 5, x.value ->> 6, coalesce(x.value ->> 7, '')
            FROM journal_texts j, json_each({image}, '$.spans') x WHERE j.step_id = ?""",
        (step_id,),
    )
    connection.execute(
        f"""INSERT INTO dismissed_spans (text_id, task_id, start, "end", label_id)
            SELECT j.text_id, j.task_id, x.value ->> 0, x.value ->> 1, x.value ->> 2
            FROM journal_texts j, json_each({image}, '$.dismissed') x WHERE j.step_id = ?""",
        (step_id,),
    )
    connection.execute(
        f"""INSERT INTO states (text_id, task_id, skipped, flagged, comment)
            SELECT j.text_id, j.task_id, json_extract({image}, '$.skipped'),
                json_extract({image}, '$.flagged'), json_extract({image}, '$.comment')
            FROM journal_texts j
            WHERE j.step_id = ? AND (json_extract({image}, '$.skipped')
                OR json_extract({image}, '$.flagged') OR json_extract({image}, '$.comment') <> '')
        """,
        (step_id,),
    )


def image_query() -> str:
    """Return a query for (text_id, image) of the touched texts; its parameter is :task_id."""
    return f"""SELECT t.text_id, {_IMAGE} AS image FROM temp.touched t
        LEFT JOIN annotations a ON a.text_id = t.text_id AND a.task_id = :task_id
        LEFT JOIN states s ON s.text_id = t.text_id AND s.task_id = :task_id"""
