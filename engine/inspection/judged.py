"""A model's stored predictions beside today's gold labels, as arrays."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.inspection.notes import CROSS_VALIDATION
from engine.project.models import get_model
from engine.project.rows import SPLITS, TaskInfo
from engine.project.tasks import read_task
from engine.project.training_rows import ModelInfo

_THRESHOLD = 0.5

_ROWS = """
SELECT p.text_id, x.probabilities, (
    SELECT group_concat(al.label_id) FROM annotation_labels al
    WHERE al.text_id = p.text_id AND al.task_id = :task_id)
FROM annotations a
CROSS JOIN placements p ON p.text_id = a.text_id
CROSS JOIN predictions x ON x.text_id = a.text_id AND x.model_id = :model_id
WHERE a.task_id = :task_id AND {part} ORDER BY p.text_id
"""
_IN_SPLIT = "x.fold = -1 AND p.split = :split"
_OUT_OF_FOLD = "x.fold >= 0"


@dataclass(frozen=True, slots=True)
class Judged:
    """The labelled texts of a split that a model has predicted.

    The matrices have the shape (texts, labels), columns as `label_ids`: the model's labels that
    the task still has, then labels that the task has got since (probability 0, never predicted).
    """

    model: ModelInfo
    task: TaskInfo
    label_ids: tuple[int, ...]
    text_ids: NDArray[np.int64]
    gold: NDArray[np.bool_]
    predicted: NDArray[np.bool_]
    probabilities: NDArray[np.float64]
    labels_removed: int  # labels of the model that the task no longer has
    missing: int  # labelled texts of the split without a prediction

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether each text's predicted labels are exactly the gold ones."""
        return np.asarray((self.gold == self.predicted).all(axis=1))

    @property
    def confidence(self) -> NDArray[np.float64]:
        """How sure the model was of its answer, a number a text.

        Single-label: the probability of the predicted label. Multi-label: of its decisions for or
        against each label, that for the surest wrong one; of a text that is all right, that for
        the least sure one.
        """
        if not self.task.multi_label:
            return np.asarray(self.probabilities.max(axis=1, initial=0.0))
        sure = np.where(self.predicted, self.probabilities, 1 - self.probabilities)
        wrong = self.gold != self.predicted
        surest_wrong = np.where(wrong, sure, -1.0).max(axis=1, initial=-1.0)
        return np.asarray(np.where(surest_wrong >= 0, surest_wrong, sure.min(axis=1, initial=1.0)))


def judge(connection: sqlite3.Connection, models_folder: Path, model_id: int, split: str) -> Judged:
    """Return what a model predicted of the labelled texts of a split.

    `split` is one of rows.SPLITS, or "cross-validation" for out-of-fold predictions.

    Raises:
        KnownError: if there is no such model.
    """
    model = get_model(connection, models_folder, model_id)
    if not model.label_ids:
        raise KnownError(
            tr('The model "{model}" gives no labels, so it has no scores.', model=model.name)
        )
    require_part(split)
    task = read_task(connection, model.task_id)
    if task.kind == "spans":
        raise KnownError(
            tr(
                "The model “{model}” marks passages, and this is about labels of whole texts; "
                "“evaluate” on the command line scores it.",
                model=model.name,
            )
        )
    out_of_fold = split == CROSS_VALIDATION
    rows = connection.execute(
        _ROWS.format(part=_OUT_OF_FOLD if out_of_fold else _IN_SPLIT),
        {"task_id": task.id, "model_id": model_id, "split": split},
    ).fetchall()
    today = [label.id for label in task.labels]
    kept = [at for at, label_id in enumerate(model.label_ids) if label_id in set(today)]
    label_ids = tuple(model.label_ids[at] for at in kept)
    label_ids += tuple(label_id for label_id in today if label_id not in label_ids)
    probabilities = np.zeros((len(rows), len(label_ids)))
    if rows:
        stored = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
        probabilities[:, : len(kept)] = stored.reshape(len(rows), -1)[:, kept]
    return Judged(
        model=model,
        task=task,
        label_ids=label_ids,
        text_ids=np.array([row[0] for row in rows], dtype=np.int64),
        gold=_gold(label_ids, [row[2] for row in rows]),
        predicted=_decisions(probabilities, len(kept), multi_label=task.multi_label),
        probabilities=probabilities,
        labels_removed=len(model.label_ids) - len(kept),
        missing=count_labelled(connection, task.id, None if out_of_fold else split) - len(rows),
    )


def require_part(split: str) -> None:
    """Raise KnownError if predictions cannot be scored on this."""
    if split not in (*SPLITS, CROSS_VALIDATION):
        raise KnownError(
            tr(
                "“{split}” is not a part of the texts; take one of {parts}, or {other}.",
                split=split,
                parts=", ".join(SPLITS),
                other=CROSS_VALIDATION,
            )
        )


def _gold(label_ids: Sequence[int], joined: Sequence[str | None]) -> NDArray[np.bool_]:
    """Return the gold matrix from each text's label ids, joined by commas."""
    columns = {str(label_id): column for column, label_id in enumerate(label_ids)}
    gold = np.zeros((len(joined), len(label_ids)), dtype=bool)
    for row, labels in enumerate(joined):
        for label_id in (labels or "").split(","):
            if label_id:
                gold[row, columns[label_id]] = True
    return gold


def _decisions(
    probabilities: NDArray[np.float64], known: int, *, multi_label: bool
) -> NDArray[np.bool_]:
    if multi_label:
        return np.asarray(probabilities >= _THRESHOLD)
    predicted = np.zeros(probabilities.shape, dtype=bool)
    if known and len(predicted):
        predicted[np.arange(len(predicted)), probabilities[:, :known].argmax(axis=1)] = True
    return predicted


def count_labelled(connection: sqlite3.Connection, task_id: int, split: str | None) -> int:
    """Return how many texts of a split are labelled; None: of all."""
    kind = "kind = 'labelled'" + ("" if split is None else " AND item = :split")
    (texts,) = connection.execute(
        f"SELECT coalesce(sum(n), 0) FROM counters WHERE task_id = :task_id AND {kind}",
        {"task_id": task_id, "split": split},
    ).fetchone()
    return int(texts)
