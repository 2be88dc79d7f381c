"""Which texts still wait for what a model says of them.

What a model says lies in `predictions`, or in `span_predictions` where the task marks passages.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

_TABLES = {"classification": "predictions", "spans": "span_predictions"}
_UNLABELLED = """
NOT EXISTS (SELECT 1 FROM annotations a WHERE a.text_id = p.text_id AND a.task_id = :task_id)
AND NOT EXISTS (SELECT 1 FROM states s
    WHERE s.text_id = p.text_id AND s.task_id = :task_id AND s.skipped)
"""


def count_suggestions(
    connection: sqlite3.Connection, task_id: int, model_id: int
) -> tuple[int, int]:
    """Return how many of the texts that are neither labelled nor skipped the model has predicted,
    and how many there are."""
    values = {"task_id": task_id, "model_id": model_id}
    (predicted,) = connection.execute(
        f"SELECT count(*) FROM {prediction_table(connection, task_id)} x "
        "JOIN placements p ON p.text_id = x.text_id "
        f"WHERE x.model_id = :model_id AND x.fold = -1 AND {_UNLABELLED}",
        values,
    ).fetchone()
    (waiting,) = connection.execute(
        f"SELECT count(*) FROM placements p WHERE {_UNLABELLED}", values
    ).fetchone()
    return predicted, waiting


def ids_without_prediction(
    connection: sqlite3.Connection,
    task_id: int,
    model_id: int,
    limit: int,
    *,
    text_ids: Sequence[int] | None = None,
    labelled_too: bool = False,
) -> list[tuple[int, int]]:
    """Return (id, length) of texts that the model has not predicted, at most `limit`.

    These are texts that are neither labelled nor skipped, or all of them with `labelled_too`.
    `text_ids` narrows to some texts, and their order is kept.
    """
    source, order = "placements p", "p.text_id"
    if text_ids is not None:
        source, order = (
            "json_each(:text_ids) j CROSS JOIN placements p ON p.text_id = j.value",
            "j.id",
        )
    return connection.execute(
        f"""SELECT p.text_id, p.length FROM {source}
            WHERE {"TRUE" if labelled_too else _UNLABELLED} AND NOT EXISTS (
                SELECT 1 FROM {prediction_table(connection, task_id)} x
                WHERE x.text_id = p.text_id AND x.model_id = :model_id AND x.fold = -1)
            ORDER BY {order} LIMIT :limit""",
        {
            "task_id": task_id,
            "model_id": model_id,
            "text_ids": None if text_ids is None else json.dumps(list(text_ids)),
            "limit": limit,
        },
    ).fetchall()


def texts_without_prediction(
    connection: sqlite3.Connection,
    task_id: int,
    model_id: int,
    limit: int,
    *,
    text_ids: Sequence[int] | None = None,
    labelled_too: bool = False,
    characters: int | None = None,
) -> list[tuple[int, str]]:
    """Return (id, content) of texts that the model has not predicted: see `ids_without_prediction`.

    With `characters` they have no more than that together, unless the first alone has.
    """
    found = ids_without_prediction(
        connection, task_id, model_id, limit, text_ids=text_ids, labelled_too=labelled_too
    )
    kept: list[int] = []
    room = characters
    for text_id, length in found:
        if room is not None:
            room -= length
            if room < 0 and kept:
                break
        kept.append(text_id)
    return connection.execute(
        "SELECT t.id, t.content FROM json_each(?) j CROSS JOIN texts t ON t.id = j.value "
        "ORDER BY j.id",
        (json.dumps(kept),),
    ).fetchall()


def prediction_table(connection: sqlite3.Connection, task_id: int) -> str:
    """Return the name of the table that holds what models say in a task."""
    (kind,) = connection.execute("SELECT kind FROM tasks WHERE id = ?", (task_id,)).fetchone()
    return _TABLES[kind]
