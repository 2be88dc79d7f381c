"""What models say of texts: stored in bulk, and which texts still wait for it."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

_UNLABELLED = """
NOT EXISTS (SELECT 1 FROM annotations a WHERE a.text_id = p.text_id AND a.task_id = :task_id)
AND NOT EXISTS (SELECT 1 FROM states s
    WHERE s.text_id = p.text_id AND s.task_id = :task_id AND s.skipped)
"""
_LABELLED_IN = """
p.split = :split
AND EXISTS (SELECT 1 FROM annotations a WHERE a.text_id = p.text_id AND a.task_id = :task_id)
"""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A model's probabilities for a text, in the order of the model's labels.

    `fold` is the part of a cross-validation that the text was held out in, -1 where the model
    itself has predicted.
    """

    text_id: int
    probabilities: Sequence[float]
    fold: int = -1


def store_predictions(
    project: ProjectFile, model_id: int, predictions: Sequence[Prediction]
) -> int:
    """Store predictions in one transaction, in place of older ones; return how many.

    Predictions of texts that are no longer in the project are dropped.
    """
    with project.transaction() as connection:
        (multi_label,) = connection.execute(
            "SELECT t.multi_label FROM models m JOIN tasks t ON t.id = m.task_id WHERE m.id = ?",
            (model_id,),
        ).fetchone()
        present = {
            text_id
            for (text_id,) in connection.execute(
                "SELECT p.text_id FROM json_each(?) j JOIN placements p ON p.text_id = j.value",
                (json.dumps([prediction.text_id for prediction in predictions]),),
            )
        }
        kept = [prediction for prediction in predictions if prediction.text_id in present]
        connection.executemany(
            "INSERT OR REPLACE INTO predictions (text_id, model_id, fold, margin, probabilities) "
            "VALUES (?, ?, ?, ?, ?)",
            (
                (
                    prediction.text_id,
                    model_id,
                    prediction.fold,
                    margin(prediction.probabilities, multi_label=bool(multi_label)),
                    array("f", prediction.probabilities).tobytes(),
                )
                for prediction in kept
            ),
        )
    return len(kept)


def margin(probabilities: Sequence[float], *, multi_label: bool) -> float:
    """Return how certain a prediction is, from 0 (not at all) to 1.

    Single-label: the distance of the best two probabilities ("smallest margin": Scheffer,
    Decomain, Wrobel, 2001). Multi-label: twice the distance of the closest one from 0.5.
    """
    if multi_label:
        return float(2 * min((abs(each - 0.5) for each in probabilities), default=0.5))
    best, second = sorted((*probabilities, 0.0, 0.0), reverse=True)[:2]
    return float(best - second)


def count_suggestions(
    connection: sqlite3.Connection, task_id: int, model_id: int
) -> tuple[int, int]:
    """Return how many of the texts that are neither labelled nor skipped the model has predicted,
    and how many there are."""
    values = {"task_id": task_id, "model_id": model_id}
    (predicted,) = connection.execute(
        "SELECT count(*) FROM predictions x JOIN placements p ON p.text_id = x.text_id "
        f"WHERE x.model_id = :model_id AND x.fold = -1 AND {_UNLABELLED}",
        values,
    ).fetchone()
    (waiting,) = connection.execute(
        f"SELECT count(*) FROM placements p WHERE {_UNLABELLED}", values
    ).fetchone()
    return predicted, waiting


def texts_without_prediction(
    connection: sqlite3.Connection,
    task_id: int,
    model_id: int,
    limit: int,
    *,
    labelled_in: str | None = None,
    text_ids: Sequence[int] | None = None,
    after: int = 0,
) -> list[tuple[int, str]]:
    """Return (id, content) of texts that the model has not predicted, at most `limit`.

    These are texts that are neither labelled nor skipped, or, with `labelled_in`, the labelled
    ones of that split. `text_ids` narrows to some texts, and their order is kept. `after` goes on
    behind an id, so that walking through a million texts does not begin anew for each batch.
    """
    condition = _UNLABELLED if labelled_in is None else _LABELLED_IN
    source, order = "placements p", "p.text_id"
    if text_ids is not None:
        source, order = (
            "json_each(:text_ids) j CROSS JOIN placements p ON p.text_id = j.value",
            "j.id",
        )
    return connection.execute(
        f"""SELECT p.text_id, t.content FROM {source} CROSS JOIN texts t ON t.id = p.text_id
            WHERE p.text_id > :after AND {condition} AND NOT EXISTS (SELECT 1 FROM predictions x
                WHERE x.text_id = p.text_id AND x.model_id = :model_id AND x.fold = -1)
            ORDER BY {order} LIMIT :limit""",
        {
            "task_id": task_id,
            "model_id": model_id,
            "split": labelled_in,
            "text_ids": None if text_ids is None else json.dumps(list(text_ids)),
            "limit": limit,
            "after": after,
        },
    ).fetchall()
