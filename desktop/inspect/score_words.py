"""The headline score of Inspect: a figure, what it means, and what to know about it."""

from __future__ import annotations

from engine.api import Evaluation, SpanEvaluation, TaskInfo, number_text, tr

Said = tuple[str, str, str]
"""The figure, its meaning in two lines, and a note; "" where there is nothing to say."""


def label_score_words(task: TaskInfo, evaluation: Evaluation | None) -> Said:
    """Return what is said of the scores of labels."""
    if evaluation is None or not evaluation.texts:
        return "", "", evaluation.note if evaluation else ""
    figures = {
        "texts": evaluation.texts,
        "low": evaluation.f1_low,
        "high": evaluation.f1_high,
        "accuracy": evaluation.accuracy,
    }
    if len(task.labels) == 2 and not task.multi_label:
        meaning = tr(
            "F1 of {label} on {texts:,} texts\n"
            "macro F1 95 % between {low:.2f} and {high:.2f}  ·  accuracy {accuracy:.2f}",
            label=task.labels[1].name,
            **figures,
        )
    else:
        meaning = tr(
            "macro F1 on {texts:,} texts\n"
            "95 % between {low:.2f} and {high:.2f}  ·  accuracy {accuracy:.2f}",
            **figures,
        )
    return number_text(evaluation.f1, ".2f"), meaning, evaluation.note


def span_score_words(evaluation: SpanEvaluation | None) -> Said:
    """Return what is said of the scores of passages."""
    if evaluation is None or not evaluation.texts:
        return "", "", evaluation.note if evaluation else ""
    meaning = tr(
        "F1 of whole passages on {texts:,} texts with {passages:,} passages\n"
        "precision {precision:.2f}, recall {recall:.2f}"
        "  ·  partial {partial:.2f}, type {type:.2f}",
        texts=evaluation.texts,
        passages=evaluation.gold,
        precision=evaluation.precision,
        recall=evaluation.recall,
        partial=evaluation.partial_f1,
        type=evaluation.type_f1,
    )
    return number_text(evaluation.f1, ".2f"), meaning, evaluation.note
