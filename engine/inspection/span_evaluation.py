"""What a model that marks passages is worth against the passages that are marked today.

Nothing here is stored: correcting a passage changes the next answer.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from engine.core.errors import KnownError
from engine.inspection.judged import count_labelled, require_part
from engine.inspection.notes import CROSS_VALIDATION, evaluation_note
from engine.inspection.span_scores import Span, score_spans
from engine.project.models import get_model
from engine.project.spans import read_spans
from engine.project.tasks import read_task
from engine.project.training_rows import LabelScores, SpanEvaluation

_ROWS = """
SELECT p.text_id, x.spans FROM annotations a
CROSS JOIN placements p ON p.text_id = a.text_id
CROSS JOIN span_predictions x ON x.text_id = a.text_id AND x.model_id = :model_id
WHERE a.task_id = :task_id AND {part} ORDER BY p.text_id
"""
_IN_SPLIT = "x.fold = -1 AND p.split = :split"
_OUT_OF_FOLD = "x.fold >= 0"


def get_span_evaluation(
    connection: sqlite3.Connection, models_folder: Path, model_id: int, split: str = "test"
) -> SpanEvaluation:
    """Return a model's scores on a split, or on "cross-validation" for out-of-fold predictions.

    Raises:
        KnownError: if there is no such model or split, or the model labels whole texts.
    """
    require_part(split)
    model = get_model(connection, models_folder, model_id)
    task = read_task(connection, model.task_id)
    if task.kind != "spans" or not model.label_ids:
        raise KnownError(f"The model “{model.name}” marks no passages in texts.")
    out_of_fold = split == CROSS_VALIDATION
    rows = connection.execute(
        _ROWS.format(part=_OUT_OF_FOLD if out_of_fold else _IN_SPLIT),
        {"task_id": task.id, "model_id": model_id, "split": split},
    ).fetchall()
    today = [label.id for label in task.labels]
    kept = [label_id for label_id in model.label_ids if label_id in set(today)]
    label_ids = (*kept, *(label_id for label_id in today if label_id not in set(kept)))
    place = {label_id: position for position, label_id in enumerate(label_ids)}
    marked = read_spans(connection, task.id, [text_id for text_id, _ in rows])
    gold: list[list[Span]] = [
        [(span.start, span.end, place[span.label_id]) for span in marked.get(text_id, ())]
        for text_id, _ in rows
    ]
    predicted: list[list[Span]] = [
        [
            (start, end, place[model.label_ids[position]])
            for start, end, position, _ in json.loads(stored)
            if model.label_ids[position] in place
        ]
        for _, stored in rows
    ]
    # By their ids, since nobody keeps two labels from having the same name as a removed one.
    scores = score_spans(gold, predicted, [str(label_id) for label_id in label_ids])
    guesses = Counter(position for spans in predicted for _, _, position in spans)
    return SpanEvaluation(
        model_id=model_id,
        split=split,
        texts=scores["texts"],
        label_ids=label_ids,
        per_label=tuple(
            _label_scores(scores["per_label"][str(label_id)], label_id, guesses[place[label_id]])
            for label_id in label_ids
        ),
        precision=scores["precision"],
        recall=scores["recall"],
        f1=scores["f1"],
        macro_f1=scores["macro_f1"],
        exact_f1=scores["exact"]["f1"],
        type_f1=scores["type"]["f1"],
        gold=scores["gold"],
        predicted=scores["predicted"],
        correct=scores["correct"],
        errors=scores["errors"],
        torn=scores["split"],
        joined=scores["merge"],
        note=evaluation_note(model, split, len(model.label_ids) - len(kept)),
        missing=count_labelled(connection, task.id, None if out_of_fold else split) - len(rows),
    )


def _label_scores(scores: dict[str, Any], label_id: int, predicted: int) -> LabelScores:
    return LabelScores(
        label_id=label_id,
        precision=scores["precision"],
        recall=scores["recall"],
        f1=scores["f1"],
        support=scores["support"],
        predicted=predicted,
    )
