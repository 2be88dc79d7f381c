"""What the views ask of a whole project: its facts, and lists of ids by filter and order.

These functions take any connection and fetch everything before they return, so that no cursor is
left open. Lists are ``array('q')``: eight bytes a text, and cheap to hand to another thread.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.project.journal import undo_words
from engine.project.rows import SPLITS, STATES, ProjectInfo, TextFilter
from engine.project.searching import search_condition
from engine.project.tasks import read_tasks

_STATE_CONDITIONS = {
    "all": "",
    "labelled": "p.text_id IN (SELECT text_id FROM annotations WHERE task_id = :task_id)",
    "not labelled": "p.text_id NOT IN (SELECT text_id FROM annotations WHERE task_id = :task_id)",
    "skipped": "p.text_id IN (SELECT text_id FROM states WHERE task_id = :task_id AND skipped)",
    "flagged": "p.text_id IN (SELECT text_id FROM states WHERE task_id = :task_id AND flagged)",
    "commented": (
        "p.text_id IN (SELECT text_id FROM states WHERE task_id = :task_id AND comment <> '')"
    ),
}
_FIRST_LABEL = """(SELECT min(l.position) FROM annotation_labels al JOIN labels l
    ON l.id = al.label_id WHERE al.text_id = p.text_id AND al.task_id = :task_id)"""
_ORDERS = {
    "imported": "p.text_id {way}",
    "length": "p.length {way}, p.text_id",
    "split": "p.split = 'test' {way}, p.split = 'validation' {way}, p.text_id",
    # Texts without a label stand below the others in either direction.
    "label": _FIRST_LABEL + " IS NULL, " + _FIRST_LABEL + " {way}, p.text_id",
}


def project_info(connection: sqlite3.Connection, path: Path) -> ProjectInfo:
    """Return what is true of the whole project at `path`."""
    name, uuid, annotator, suggestion_model_id = connection.execute(
        "SELECT name, uuid, annotator, suggestion_model_id FROM project"
    ).fetchone()
    (texts,) = connection.execute(
        "SELECT coalesce(sum(n), 0) FROM counters WHERE task_id = 0 AND kind = 'texts'"
    ).fetchone()
    undo, redo = undo_words(connection)
    return ProjectInfo(
        path=str(path),
        name=name,
        uuid=uuid,
        tasks=read_tasks(connection),
        texts=texts,
        annotator=annotator,
        suggestion_model_id=suggestion_model_id,
        undo=undo,
        redo=redo,
        models_folder=str(models_folder(path)),
    )


def models_folder(path: Path) -> Path:
    """Return the folder for the weights of a project's models: beside it, by its name."""
    return path.with_name(f"{path.stem}.models")


def list_text_ids(
    connection: sqlite3.Connection,
    task_id: int,
    filter: TextFilter | None = None,
    order: str = "imported",
    *,
    descending: bool = False,
) -> array[int]:
    """Return the ids of all texts that the filter keeps, in order.

    `order` is "imported", "random" (by the project's seed: the same at every call, and new texts
    do not disturb the order of the others), "length", "label" or "split".
    """
    filter = filter or TextFilter()
    if order != "random" and order not in _ORDERS:
        raise ValueError(f"order is one of {(*_ORDERS, 'random')}, not {order!r}")
    conditions, values = _conditions(task_id, filter)
    query = "SELECT p.text_id FROM placements p"
    if conditions:
        query += f" WHERE {' AND '.join(f'({condition})' for condition in conditions)}"
    by = _ORDERS.get(order, "p.text_id {way}").format(way="DESC" if descending else "ASC")
    cursor = connection.execute(f"{query} ORDER BY {by}", values)
    ids = fetch_ids(cursor)
    if order == "random":
        ids = shuffled(connection, ids)
        if descending:
            ids.reverse()
    return ids


def keep_ids(
    connection: sqlite3.Connection, task_id: int, filter: TextFilter, text_ids: Sequence[int]
) -> set[int]:
    """Return those of some texts that are in the project and that the filter keeps."""
    conditions, values = _conditions(task_id, filter)
    query = "SELECT p.text_id FROM json_each(:wanted) j CROSS JOIN placements p "
    query += " AND ".join(["ON p.text_id = j.value", *(f"({each})" for each in conditions)])
    return {
        text_id
        for (text_id,) in connection.execute(
            query, {**values, "wanted": json.dumps(list(text_ids))}
        ).fetchall()
    }


def fetch_ids(cursor: Iterable[tuple[int]]) -> array[int]:
    """Return the first column of all rows as an array."""
    return array("q", [text_id for (text_id,) in cursor])


def shuffled(connection: sqlite3.Connection, ids: array[int]) -> array[int]:
    """Return the ids in the project's random order, in which each id has its own fixed place."""
    import numpy as np

    (seed,) = connection.execute("SELECT seed FROM project").fetchone()
    keys = np.frombuffer(ids, dtype=np.int64).astype(np.uint64)
    # splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014)
    keys += np.uint64(int(seed, 16))
    keys *= np.uint64(0x9E3779B97F4A7C15)
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    keys ^= keys >> np.uint64(31)
    result: array[int] = array("q")
    result.frombytes(np.frombuffer(ids, dtype=np.int64)[np.argsort(keys, kind="stable")].tobytes())
    return result


def _conditions(task_id: int, filter: TextFilter) -> tuple[list[str], dict[str, object]]:
    """Return the filter as SQL conditions on ``placements p``, and their parameters."""
    if filter.state not in STATES:
        raise ValueError(f"state is one of {STATES}, not {filter.state!r}")
    if filter.split is not None and filter.split not in SPLITS:
        raise ValueError(f"split is one of {SPLITS}, not {filter.split!r}")
    conditions: list[str] = []
    values: dict[str, object] = {"task_id": task_id}
    if _STATE_CONDITIONS[filter.state]:
        conditions.append(_STATE_CONDITIONS[filter.state])
    if filter.label_ids:
        numbers = ", ".join(str(int(label_id)) for label_id in filter.label_ids)
        conditions.append(
            f"p.text_id IN (SELECT text_id FROM annotation_labels WHERE label_id IN ({numbers}))"
        )
    if filter.split is not None:
        conditions.append("p.split = :split")
        values["split"] = filter.split
    if filter.duplicates_only:
        conditions.append(
            "p.group_id IN (SELECT group_id FROM placements GROUP BY group_id HAVING count(*) > 1)"
        )
    condition, search_values = search_condition(filter.search)
    if condition:
        conditions.append(condition)
        values |= search_values
    return conditions, values
