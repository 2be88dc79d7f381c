"""The annotation queue: which text comes next."""

from __future__ import annotations

import sqlite3
from array import array

from engine.project.reading import fetch_ids, list_text_ids, shuffled
from engine.project.rows import ORDERS, TextFilter
from engine.project.waiting import prediction_table

_RANDOM_EVERY = 5
# What a model found under a label that was removed since is not suggested, and does not count.
_CERTAINTY = {
    "predictions": "x.margin",
    "span_predictions": """coalesce((SELECT min(j.value ->> 3) FROM json_each(x.spans) j
        WHERE m.label_ids ->> CAST(j.value ->> 2 AS INTEGER) IN (SELECT id FROM labels)), 1.0)""",
}


def list_queue(
    connection: sqlite3.Connection,
    task_id: int,
    order: str = "imported",
    state: str = "not labelled",
) -> array[int]:
    """Return the ids of a queue in the order they should be labelled.

    `state` "not labelled" leaves out skipped texts; the other states of rows.STATES are taken as
    they are. `order` is "imported", "random", or "least certain": the texts on top whose best two
    probabilities by the suggestion model lie closest (multi-label: that come closest to a
    threshold). Where passages are marked, it is the text whose least certain suggested passage has
    the lowest confidence; texts in which the model finds nothing come behind all of these. Test
    texts are never on top for their score, so that the model does not choose its own examination;
    every fifth place is a random draw from all, test texts included. Texts without a prediction
    follow as imported.
    """
    if order not in ORDERS:
        raise ValueError(f"order is one of {ORDERS}, not {order!r}")
    if state == "not labelled":
        ids = list_unlabelled(connection, task_id)
    else:
        ids = list_text_ids(connection, task_id, TextFilter(state=state))
    if order == "imported":
        return ids
    if order == "random":
        return shuffled(connection, ids)
    return _least_certain_first(connection, task_id, ids)


def list_unlabelled(connection: sqlite3.Connection, task_id: int) -> array[int]:
    """Return the ids of the texts that are neither labelled nor skipped, as imported."""
    return fetch_ids(
        connection.execute(
            """SELECT p.text_id FROM placements p
               WHERE NOT EXISTS (SELECT 1 FROM annotations a
                   WHERE a.text_id = p.text_id AND a.task_id = :task_id)
               AND p.text_id NOT IN (SELECT text_id FROM states
                   WHERE task_id = :task_id AND skipped)
               ORDER BY p.text_id""",
            {"task_id": task_id},
        )
    )


def _least_certain_first(
    connection: sqlite3.Connection, task_id: int, ids: array[int]
) -> array[int]:
    waiting = set(ids)
    table = prediction_table(connection, task_id)
    by_score = [
        text_id
        for text_id in fetch_ids(
            connection.execute(
                f"""SELECT x.text_id FROM project
                    JOIN models m ON m.id = project.suggestion_model_id AND m.task_id = ?
                    JOIN {table} x ON x.model_id = m.id AND x.fold = -1
                    JOIN placements p ON p.text_id = x.text_id
                    WHERE p.split <> 'test' ORDER BY {_CERTAINTY[table]}, x.text_id""",
                (task_id,),
            )
        )
        if text_id in waiting
    ]
    draws = iter(shuffled(connection, ids))
    queue: array[int] = array("q")
    for text_id in by_score:
        if text_id not in waiting:
            continue  # it was drawn
        if len(queue) % _RANDOM_EVERY == _RANDOM_EVERY - 1:
            drawn = next(draw for draw in draws if draw in waiting)
            waiting.discard(drawn)
            queue.append(drawn)
            if drawn == text_id:
                continue
        waiting.discard(text_id)
        queue.append(text_id)
    queue.extend(text_id for text_id in ids if text_id in waiting)
    return queue
