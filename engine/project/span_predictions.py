"""The passages that models find in texts: stored in bulk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
