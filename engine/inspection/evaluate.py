"""What a model is worth against today's labels: scores, the texts behind them, comparisons.

Nothing here is stored: correcting a label changes the next answer.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.inspection import scores
from engine.inspection.judged import Judged, judge
from engine.inspection.notes import evaluation_note
from engine.project.text_rows import EXCERPT, excerpt_of
from engine.project.training_rows import Comparison, Evaluation, LabelScores, PredictedRow

_MOST_FLIPPED = 1000


def get_evaluation(
    connection: sqlite3.Connection, models_folder: Path, model_id: int, split: str = "test"
) -> Evaluation:
    """Return a model's scores on a split, or on "cross-validation" for out-of-fold predictions.

    Raises:
        KnownError: if there is no such model or split.
    """
    judged = judge(connection, models_folder, model_id, split)
    gold, predicted = judged.gold, judged.predicted
    labelwise = scores.label_scores(gold, predicted)
    macro = scores.macro_f1(gold, predicted)
    low, high = scores.macro_f1_interval(gold, predicted)
    single = not judged.task.multi_label
    has_positive = single and len(judged.label_ids) == 2
    return Evaluation(
        model_id=model_id,
        split=split,
        texts=len(judged.text_ids),
        label_ids=judged.label_ids,
        confusion=_tuples(scores.confusion(gold, predicted)) if single else (),
        per_label=tuple(
            LabelScores(
                label_id=label_id,
                precision=float(labelwise.precision[column]),
                recall=float(labelwise.recall[column]),
                f1=float(labelwise.f1[column]),
                support=int(labelwise.support[column]),
                predicted=int(labelwise.predicted[column]),
            )
            for column, label_id in enumerate(judged.label_ids)
        ),
        accuracy=scores.accuracy(gold, predicted),
        macro_f1=macro,
        f1=float(labelwise.f1[1]) if has_positive else macro,
        f1_low=low,
        f1_high=high,
        calibration=_calibration(judged),
        note=evaluation_note(judged.model, split, judged.labels_removed),
        missing=judged.missing,
    )


def list_predicted_rows(
    connection: sqlite3.Connection,
    models_folder: Path,
    model_id: int,
    split: str = "test",
    *,
    gold: int | None = None,
    predicted: int | None = None,
    errors_only: bool = True,
    limit: int = 1000,
) -> list[PredictedRow]:
    """Return labelled texts with gold and prediction, those the model was surest of first.

    `gold` and `predicted` (label ids) keep texts that have this label; None is any.

    Raises:
        KnownError: if there is no such model or split, or the label is none of the task's.
    """
    judged = judge(connection, models_folder, model_id, split)
    keep = ~judged.right if errors_only else np.ones(len(judged.text_ids), dtype=bool)
    if gold is not None:
        keep &= judged.gold[:, _column(judged, gold)]
    if predicted is not None:
        keep &= judged.predicted[:, _column(judged, predicted)]
    return _rows(connection, judged, np.flatnonzero(keep), limit)


def compare_models(
    connection: sqlite3.Connection,
    models_folder: Path,
    model_id: int,
    against_id: int,
    split: str = "test",
) -> Comparison:
    """Return how two models differ on the texts that both have predicted.

    `won` and `lost` hold the first thousand texts each. They show the prediction that is wrong:
    that of `against_id` in `won`, that of `model_id` in `lost`.

    Raises:
        KnownError: if there is no such model or split.
    """
    first = judge(connection, models_folder, model_id, split)
    second = judge(connection, models_folder, against_id, split)
    if first.task.id != second.task.id:
        raise KnownError(tr("These models belong to different tasks and cannot be compared."))
    _, ours, theirs = np.intersect1d(first.text_ids, second.text_ids, return_indices=True)
    right, other_right = first.right[ours], second.right[theirs]
    won, lost = right & ~other_right, ~right & other_right
    return Comparison(
        model_id=model_id,
        against_id=against_id,
        split=split,
        texts=len(ours),
        accuracy=float(right.mean()) if len(ours) else 0.0,
        against_accuracy=float(other_right.mean()) if len(ours) else 0.0,
        macro_f1=scores.macro_f1(first.gold[ours], first.predicted[ours]),
        against_macro_f1=scores.macro_f1(second.gold[theirs], second.predicted[theirs]),
        won=tuple(_rows(connection, second, theirs[won], _MOST_FLIPPED)),
        lost=tuple(_rows(connection, first, ours[lost], _MOST_FLIPPED)),
        p_value=scores.mcnemar_p(int(won.sum()), int(lost.sum())),
    )


def _calibration(judged: Judged) -> tuple[tuple[float, float, int], ...]:
    """Return the calibration of the answers; of a multi-label task, of every yes or no."""
    if not judged.task.multi_label:
        return scores.calibration(judged.confidence, judged.right)
    sure = np.where(judged.predicted, judged.probabilities, 1 - judged.probabilities)
    return scores.calibration(sure.ravel(), (judged.gold == judged.predicted).ravel())


def _column(judged: Judged, label_id: int) -> int:
    if label_id not in judged.label_ids:
        raise KnownError(tr("That label is not in this task any more."))
    return judged.label_ids.index(label_id)


def _rows(
    connection: sqlite3.Connection, judged: Judged, places: NDArray[np.int64], limit: int
) -> list[PredictedRow]:
    """Return the texts at these places of the matrices, highest confidence first."""
    confidence = judged.confidence
    places = places[np.argsort(-confidence[places], kind="stable")][:limit]
    facts = _facts(connection, judged.task.id, judged.text_ids[places].tolist())
    return [
        PredictedRow(
            text_id=text_id,
            excerpt=facts[text_id][0],
            gold=_ids(judged.label_ids, judged.gold[place]),
            predicted=_ids(judged.label_ids, judged.predicted[place]),
            confidence=float(confidence[place]),
            probabilities=tuple(judged.probabilities[place].tolist()),
            flagged=facts[text_id][1],
            comment=facts[text_id][2],
        )
        for place in places.tolist()
        for text_id in [int(judged.text_ids[place])]
    ]


def _facts(
    connection: sqlite3.Connection, task_id: int, text_ids: Sequence[int]
) -> Mapping[int, tuple[str, bool, str]]:
    """Return excerpt, flag and comment of each text."""
    rows = connection.execute(
        f"""SELECT t.id, substr(t.content, 1, {EXCERPT}), coalesce(s.flagged, 0),
                coalesce(s.comment, '')
            FROM json_each(:ids) j CROSS JOIN texts t ON t.id = j.value
            LEFT JOIN states s ON s.text_id = t.id AND s.task_id = :task_id""",
        {"ids": json.dumps(text_ids), "task_id": task_id},
    ).fetchall()
    return {
        text_id: (excerpt_of(start), bool(flagged), comment)
        for text_id, start, flagged, comment in rows
    }


def _ids(label_ids: Sequence[int], chosen: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(label_ids[column] for column in np.flatnonzero(chosen).tolist())


def _tuples(matrix: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in matrix.tolist())
