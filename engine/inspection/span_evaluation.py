"""What a model that marks passages is worth against the passages that are marked today.

Nothing here is stored: correcting a passage changes the next answer.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine.inspection.judged_spans import judge_spans
from engine.inspection.notes import evaluation_note
from engine.inspection.span_scores import Span, score_spans
from engine.project.training_rows import LabelScores, SpanEvaluation


def get_span_evaluation(
    connection: sqlite3.Connection, models_folder: Path, model_id: int, split: str = "test"
) -> SpanEvaluation:
    """Return a model's scores on a split, or on "cross-validation" for out-of-fold predictions.

    Raises:
        KnownError: if there is no such model or split, or the model labels whole texts.
    """
    judged = judge_spans(connection, models_folder, model_id, split)
    place = {label_id: position for position, label_id in enumerate(judged.label_ids)}

    def placed(spans: Iterable[Span]) -> list[Span]:
        return [(start, end, place[label_id]) for start, end, label_id in spans]

    # By their ids, since nobody keeps two labels from having the same name as a removed one.
    scores = score_spans(
        [placed(text.gold) for text in judged.texts],
        [placed(text.predicted) for text in judged.texts],
        [str(label_id) for label_id in judged.label_ids],
    )
    guesses = Counter(label_id for text in judged.texts for _, _, label_id in text.predicted)
    return SpanEvaluation(
        model_id=model_id,
        split=split,
        texts=scores["texts"],
        label_ids=judged.label_ids,
        per_label=tuple(
            _label_scores(scores["per_label"][str(label_id)], label_id, guesses[label_id])
            for label_id in judged.label_ids
        ),
        precision=scores["precision"],
        recall=scores["recall"],
        f1=scores["f1"],
        macro_f1=scores["macro_f1"],
        exact_f1=scores["exact"]["f1"],
        partial_f1=scores["partial"]["f1"],
        type_f1=scores["type"]["f1"],
        gold=scores["gold"],
        predicted=scores["predicted"],
        correct=scores["correct"],
        errors=scores["errors"],
        torn=scores["split"],
        joined=scores["merge"],
        note=evaluation_note(judged.model, split, judged.labels_removed),
        missing=judged.missing,
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
