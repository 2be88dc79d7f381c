"""One text with its gold passages and those that a model found in it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from engine.inspection.judged_spans import judge_spans
from engine.project.span_rows import SpanMark, SpanText
from engine.project.text_rows import get_text


def get_span_text(
    connection: sqlite3.Connection,
    models_folder: Path,
    model_id: int,
    text_id: int,
    split: str = "test",
) -> SpanText | None:
    """Return a text and what a model found in it, or None if there is no such text.

    `split` is as in `get_span_evaluation`. Nothing was found in a text of another part, in one
    that is not labelled, and in one that the model has not predicted.

    Raises:
        KnownError: if there is no such model or split, or the model labels whole texts.
    """
    judged = judge_spans(connection, models_folder, model_id, split, text_id)
    detail = get_text(connection, judged.task.id, text_id)
    if detail is None:
        return None
    found = [
        (SpanMark(*span), confidence)
        for text in judged.texts
        for span, confidence in sorted(text.confidence.items())
    ]
    return SpanText(detail, tuple(found))
