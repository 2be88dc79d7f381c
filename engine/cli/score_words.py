"""What the command line says of scores: as JSON, and line by line in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.api import (
    Comparison,
    Evaluation,
    PredictedRow,
    SpanComparison,
    SpanError,
    SpanEvaluation,
    SpanMark,
)
from engine.cli.job_commands import evaluated_on
from engine.cli.output import counted

Names = dict[int, str]
"""The names of the task's labels by their ids."""

Told = tuple[dict[str, Any], list[str], dict[str, Any]]
"""An evaluation: its metrics, what is said of them line by line, and what else JSON has."""

_ERRORS = {
    "boundary": "with other boundaries",
    "type": "with another label",
    "boundary_and_type": "with other boundaries and another label",
    "missing": "not found",
    "spurious": "where nothing is marked",
}


def tell_labels(evaluation: Evaluation, names: Names) -> Told:
    """Tell the scores of a model that labels whole texts."""
    metrics = {
        "accuracy": evaluation.accuracy,
        "macro_f1": evaluation.macro_f1,
        "macro_f1_interval": [evaluation.f1_low, evaluation.f1_high],
        "f1": evaluation.f1,
        "per_label": _per_label(evaluation, names),
    }
    words = [
        f"accuracy {evaluation.accuracy:.3f}, macro F1 {evaluation.macro_f1:.3f} "
        f"({evaluation.f1_low:.3f} to {evaluation.f1_high:.3f}), F1 {evaluation.f1:.3f}.",
        *_words_by_label(evaluation, names, "text"),
    ]
    return metrics, words, {"confusion": [list(row) for row in evaluation.confusion]}


def tell_spans(evaluation: SpanEvaluation, names: Names) -> Told:
    """Tell the scores of a model that marks passages."""
    metrics = {
        "f1": evaluation.f1,
        "precision": evaluation.precision,
        "recall": evaluation.recall,
        "macro_f1": evaluation.macro_f1,
        "per_label": _per_label(evaluation, names),
        "errors": evaluation.errors,
        "exact_f1": evaluation.exact_f1,
        "partial_f1": evaluation.partial_f1,
        "type_f1": evaluation.type_f1,
        "gold": evaluation.gold,
        "predicted": evaluation.predicted,
        "correct": evaluation.correct,
        "torn": evaluation.torn,
        "joined": evaluation.joined,
    }
    errors = ", ".join(f"{number:,} {_ERRORS[kind]}" for kind, number in evaluation.errors.items())
    words = [
        f"F1 {evaluation.f1:.3f}, precision {evaluation.precision:.3f}, "
        f"recall {evaluation.recall:.3f}; {evaluation.correct:,} of "
        f"{counted(evaluation.gold, 'passage')} found as marked.",
        f"Less strictly: F1 {evaluation.exact_f1:.3f} for the boundaries alone, "
        f"{evaluation.partial_f1:.3f} with half a point for an overlap (partial), "
        f"{evaluation.type_f1:.3f} for the label with any overlap (type).",
        f"Mistakes: {errors}.",
        *_words_by_label(evaluation, names, "passage"),
    ]
    return metrics, words, {}


def tell_comparison(
    found: Comparison, names: Names, model: str, against: str
) -> tuple[dict[str, Any], list[str]]:
    """Tell how two models that label whole texts differ: figures for JSON, and lines."""
    figures = {
        "texts": found.texts,
        "accuracy": [found.accuracy, found.against_accuracy],
        "macro_f1": [found.macro_f1, found.against_macro_f1],
        "p_value": found.p_value,
        "won": [_flipped(row, names) for row in found.won],
        "lost": [_flipped(row, names) for row in found.lost],
    }
    words = [
        f"On {counted(found.texts, 'text')} of {evaluated_on(found.split)}: "
        f"{model} accuracy {found.accuracy:.3f}, macro F1 {found.macro_f1:.3f}; "
        f"{against} accuracy {found.against_accuracy:.3f}, macro F1 {found.against_macro_f1:.3f}.",
        f"{model} wins {counted(len(found.won), 'text')} and loses {len(found.lost):,}; "
        f"chance alone gives such a difference with p = {found.p_value:.3f}.",
        *(f"won\t{row.text_id}\t{row.excerpt}" for row in found.won),
        *(f"lost\t{row.text_id}\t{row.excerpt}" for row in found.lost),
    ]
    return figures, words


def tell_span_comparison(
    found: SpanComparison, names: Names, model: str, against: str
) -> tuple[dict[str, Any], list[str]]:
    """Tell how two models that mark passages differ: figures for JSON, and lines."""
    groups = {"won": found.won, "lost": found.lost, "came": found.came, "went": found.went}
    figures = {
        "texts": found.texts,
        "gold": found.gold,
        "f1": [found.f1, found.against_f1],
        "p_value": found.p_value,
        "totals": {
            "won": found.won_total,
            "lost": found.lost_total,
            "came": found.came_total,
            "went": found.went_total,
        },
        **{name: [_mistake(error, names) for error in errors] for name, errors in groups.items()},
    }
    words = [
        f"On {counted(found.texts, 'text')} of {evaluated_on(found.split)} with "
        f"{counted(found.gold, 'marked passage')}: {model} F1 {found.f1:.3f}; "
        f"{against} F1 {found.against_f1:.3f}.",
        f"{model} wins {counted(found.won_total, 'passage')} and loses {found.lost_total:,}; "
        f"chance alone gives such a difference with p = {found.p_value:.3f}. Where nothing is "
        f"marked, it finds {found.came_total:,} that {against} does not, and leaves "
        f"{found.went_total:,} out.",
        *(line for name, errors in groups.items() for line in _lines(name, errors, names)),
    ]
    return figures, words


def _per_label(evaluation: Evaluation | SpanEvaluation, names: Names) -> dict[str, Any]:
    return {
        names[scores.label_id]: {
            "precision": scores.precision,
            "recall": scores.recall,
            "f1": scores.f1,
            "support": scores.support,
        }
        for scores in evaluation.per_label
    }


def _words_by_label(evaluation: Evaluation | SpanEvaluation, names: Names, noun: str) -> list[str]:
    return [
        f"{names[scores.label_id]}: F1 {scores.f1:.3f}, precision {scores.precision:.3f}, "
        f"recall {scores.recall:.3f}, {counted(scores.support, noun)}"
        for scores in evaluation.per_label
    ]


def _flipped(row: PredictedRow, names: Names) -> dict[str, Any]:
    return {
        "id": row.text_id,
        "excerpt": row.excerpt,
        "gold": [names[label_id] for label_id in row.gold],
        "predicted": [names[label_id] for label_id in row.predicted],
        "confidence": row.confidence,
    }


def _mistake(error: SpanError, names: Names) -> dict[str, Any]:
    return {
        "id": error.text_id,
        "passage": error.passage,
        "kind": error.kind,
        "gold": _mark(error.gold, names),
        "predicted": _mark(error.predicted, names),
        "confidence": error.confidence,
    }


def _mark(mark: SpanMark | None, names: Names) -> dict[str, Any] | None:
    if mark is None:
        return None
    return {"start": mark.start, "end": mark.end, "label": names[mark.label_id]}


def _lines(name: str, errors: Iterable[SpanError], names: Names) -> list[str]:
    return [
        f"{name}\t{error.text_id}\t{names[error.mark.label_id]}\t{error.passage}\t"
        f"{_ERRORS[error.kind]}"
        for error in errors
    ]
