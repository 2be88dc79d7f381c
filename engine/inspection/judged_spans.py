"""The passages that a model found beside those marked today, text by text."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.inspection.judged import count_labelled, require_part
from engine.inspection.notes import CROSS_VALIDATION
from engine.inspection.span_scores import Span
from engine.project.models import get_model
from engine.project.rows import TaskInfo
from engine.project.spans import read_spans
from engine.project.tasks import read_task
from engine.project.training_rows import ModelInfo

_ROWS = """
SELECT p.text_id, x.spans FROM annotations a
CROSS JOIN placements p ON p.text_id = a.text_id
CROSS JOIN span_predictions x ON x.text_id = a.text_id AND x.model_id = :model_id
WHERE a.task_id = :task_id AND {part} AND a.text_id = coalesce(:text_id, a.text_id)
ORDER BY p.text_id
"""
_IN_SPLIT = "x.fold = -1 AND p.split = :split"
_OUT_OF_FOLD = "x.fold >= 0"


@dataclass(frozen=True, slots=True)
class JudgedText:
    """A labelled text that a model has predicted; the spans are (start, end, label id)."""

    text_id: int
    gold: tuple[Span, ...]
    predicted: tuple[Span, ...]
    confidence: dict[Span, float]  # of each predicted span


@dataclass(frozen=True, slots=True)
class JudgedSpans:
    """The labelled texts of a split that a model has predicted, by their ids.

    `label_ids` are the model's labels that the task still has, then those it has got since.
    Predictions of labels that are gone are left out.
    """

    model: ModelInfo
    task: TaskInfo
    label_ids: tuple[int, ...]
    texts: tuple[JudgedText, ...]
    labels_removed: int  # labels of the model that the task no longer has
    missing: int  # labelled texts of the split without a prediction


def judge_spans(
    connection: sqlite3.Connection,
    models_folder: Path,
    model_id: int,
    split: str,
    text_id: int | None = None,
) -> JudgedSpans:
    """Return which passages a model found in the labelled texts of a split.

    `split` is one of rows.SPLITS, or "cross-validation" for out-of-fold predictions. `text_id`
    leaves only this text; `missing` counts the others then.

    Raises:
        KnownError: if there is no such model or split, or the model labels whole texts.
    """
    require_part(split)
    model = get_model(connection, models_folder, model_id)
    task = read_task(connection, model.task_id)
    if task.kind != "spans" or not model.label_ids:
        raise KnownError(tr("The model “{model}” marks no passages in texts.", model=model.name))
    out_of_fold = split == CROSS_VALIDATION
    rows = connection.execute(
        _ROWS.format(part=_OUT_OF_FOLD if out_of_fold else _IN_SPLIT),
        {"task_id": task.id, "model_id": model_id, "split": split, "text_id": text_id},
    ).fetchall()
    today = [label.id for label in task.labels]
    kept = [label_id for label_id in model.label_ids if label_id in set(today)]
    marked = read_spans(connection, task.id, [text_id for text_id, _ in rows])
    texts = []
    for text_id, stored in rows:
        found = {
            (start, end, model.label_ids[position]): confidence
            for start, end, position, confidence in json.loads(stored)
            if model.label_ids[position] in set(kept)
        }
        gold = ((span.start, span.end, span.label_id) for span in marked.get(text_id, ()))
        texts.append(JudgedText(text_id, tuple(gold), tuple(found), found))
    return JudgedSpans(
        model=model,
        task=task,
        label_ids=(*kept, *(label_id for label_id in today if label_id not in set(kept))),
        texts=tuple(texts),
        labels_removed=len(model.label_ids) - len(kept),
        missing=count_labelled(connection, task.id, None if out_of_fold else split) - len(rows),
    )
