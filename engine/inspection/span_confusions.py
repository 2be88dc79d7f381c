"""The mistakes of a model that marks passages, counted: by label and kind, and by wording."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

from engine.inspection.judged_spans import judge_spans
from engine.inspection.span_errors import same_question, span_errors
from engine.project.span_rows import SPAN_ERRORS, LabelErrors, SpanConfusions, SurfaceConfusion

_MOST_STRINGS = 200


def get_span_confusions(
    connection: sqlite3.Connection, models_folder: Path, model_id: int, split: str = "test"
) -> SpanConfusions:
    """Return how a model errs on a split, or on "cross-validation" for out-of-fold predictions.

    Raises:
        KnownError: if there is no such model or split, or the model labels whole texts.
    """
    judged = judge_spans(connection, models_folder, model_id, split)
    errors = span_errors(connection, judged)
    cells = Counter((error.mark.label_id, error.kind) for error in errors)
    kinds = Counter(error.kind for error in errors)
    right = Counter(
        label_id for text in judged.texts for _, _, label_id in set(text.gold) & set(text.predicted)
    )
    # Sorted by what is most worth a look, equal counts stay in that order.
    strings = Counter(same_question(error) for error in errors)
    return SpanConfusions(
        model_id=model_id,
        split=split,
        texts=len(judged.texts),
        errors={kind: kinds[kind] for kind in SPAN_ERRORS},
        labels=tuple(
            LabelErrors(
                label_id, {kind: cells[label_id, kind] for kind in SPAN_ERRORS}, right[label_id]
            )
            for label_id in judged.label_ids
        ),
        strings=tuple(
            SurfaceConfusion(*question, count)
            for question, count in strings.most_common(_MOST_STRINGS)
        ),
        strings_total=len(strings),
    )
