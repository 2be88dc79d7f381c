"""The passages that models find in texts: stored in bulk, read text by text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.project.rows import SpanSuggestion

if TYPE_CHECKING:
    from engine.project.project import ProjectFile


@dataclass(frozen=True, slots=True)
class SpanPrediction:
    """A model's passages of a text: (start, end, position of the label among the model's,
    confidence) each. `fold` is as in `predictions.Prediction`."""

    text_id: int
    spans: Sequence[tuple[int, int, int, float]]
    fold: int = -1


def store_span_predictions(
    project: ProjectFile, model_id: int, predictions: Sequence[SpanPrediction]
) -> int:
    """Store predictions in one transaction, in place of older ones; return how many.

    Predictions of texts that are no longer in the project are dropped.
    """
    with project.transaction() as connection:
        stored = connection.executemany(
            "INSERT OR REPLACE INTO span_predictions (text_id, model_id, fold, spans) "
            "SELECT text_id, ?, ?, ? FROM placements WHERE text_id = ?",
            (
                (
                    model_id,
                    prediction.fold,
                    json.dumps([list(span) for span in prediction.spans], separators=(",", ":")),
                    prediction.text_id,
                )
                for prediction in predictions
            ),
        )
        return stored.rowcount


def read_model_suggestions(
    connection: sqlite3.Connection, task_id: int, text_id: int
) -> list[SpanSuggestion]:
    """Return what the suggestion model finds in a text, under labels that the task has today.

    The list is empty where the model has not read the text yet, or there is none for this task.
    """
    found = connection.execute(
        """SELECT m.id, m.label_ids, x.spans FROM project
           JOIN models m ON m.id = project.suggestion_model_id AND m.task_id = ?
           JOIN span_predictions x ON x.model_id = m.id AND x.text_id = ? AND x.fold = -1""",
        (task_id, text_id),
    ).fetchone()
    if found is None:
        return []
    model_id, stored_labels, stored = found
    label_ids = json.loads(stored_labels)
    today = {
        label_id
        for (label_id,) in connection.execute(
            "SELECT id FROM labels WHERE task_id = ?", (task_id,)
        ).fetchall()
    }
    return [
        SpanSuggestion(start, end, label_ids[position], confidence, "model", model_id)
        for start, end, position, confidence in json.loads(stored)
        if label_ids[position] in today
    ]
