"""Keeping what a worker predicted with the project's texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.jobs.predictions_file import holds_spans, read_predictions
from engine.service.slices import SlicedWork

if TYPE_CHECKING:
    from engine.project.project import ProjectFile


def keep_predictions(project: ProjectFile, model_id: int, path: Path) -> SlicedWork:
    """Store the predictions of a file, labels or passages, in place of the model's older ones."""
    from engine.project.predictions import Prediction, store_predictions
    from engine.project.span_predictions import SpanPrediction, store_span_predictions

    spans = holds_spans(path)
    for rows in read_predictions(path):
        if spans:
            marked = [SpanPrediction(row.text_id, row.spans, row.fold) for row in rows]
            store_span_predictions(project, model_id, marked)
        else:
            labelled = [Prediction(row.text_id, row.probabilities, row.fold) for row in rows]
            store_predictions(project, model_id, labelled)
        yield
