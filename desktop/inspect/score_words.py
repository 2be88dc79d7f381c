"""The headline score of Inspect: a figure, what it means, and what to know about it."""

from __future__ import annotations

from engine.api import Evaluation, SpanEvaluation, TaskInfo

Said = tuple[str, str, str]
"""The figure, its meaning in two lines, and a note; "" where there is nothing to say."""


def label_score_words(task: TaskInfo, evaluation: Evaluation | None) -> Said:
    """Return what is said of the scores of labels."""
    if evaluation is None or not evaluation.texts:
        return "", "", evaluation.note if evaluation else ""
    two = len(task.labels) == 2 and not task.multi_label
    what = f"F1 of {task.labels[1].name}" if two else "macro F1"
    macro = "macro F1 " if two else ""
    meaning = (
        f"{what} on {evaluation.texts:,} texts\n"
        f"{macro}95 % between {evaluation.f1_low:.2f} and {evaluation.f1_high:.2f}"
        f"  ·  accuracy {evaluation.accuracy:.2f}"
    )
    return f"{evaluation.f1:.2f}", meaning, evaluation.note


def span_score_words(evaluation: SpanEvaluation | None) -> Said:
    """Return what is said of the scores of passages."""
    if evaluation is None or not evaluation.texts:
        return "", "", evaluation.note if evaluation else ""
    meaning = (
        f"F1 of whole passages on {evaluation.texts:,} texts with {evaluation.gold:,} passages\n"
        f"precision {evaluation.precision:.2f}, recall {evaluation.recall:.2f}"
        f"  ·  partial {evaluation.partial_f1:.2f}, type {evaluation.type_f1:.2f}"
    )
    return f"{evaluation.f1:.2f}", meaning, evaluation.note
