"""The labels that models give to texts: stored in bulk."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.project.project import ProjectFile


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
