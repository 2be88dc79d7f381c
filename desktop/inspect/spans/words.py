"""The kinds of error in words and icons, and what the list shows."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.inspect.spans.inspection import SpanInspection
from engine.api import SpanError, TaskInfo

MOST = 1000  # errors that the engine lists at once


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error as people see it."""

    words: str
    column: str
    icon: str
    help: str


KINDS = {
    "boundary": Kind(
        "Wrong borders",
        "Borders",
        "arrow-expand-horizontal",
        "The passage was found with the right label, but begins or ends elsewhere.",
    ),
    "type": Kind(
        "Wrong label",
        "Label",
        "swap-horizontal",
        "The passage was found with the same borders, but got another label.",
    ),
    "boundary_and_type": Kind(
        "Wrong borders and label",
        "Both",
        "arrow-all",
        "Something else was found over the passage, with other borders and another label.",
    ),
    "missing": Kind(
        "Missed", "Missed", "eye-off-outline", "The passage is marked, and nothing was found there."
    ),
    "spurious": Kind(
        "Found too much",
        "Extra",
        "plus-box-outline",
        "Something was found where nothing is marked.",
    ),
}


def names_of(task: TaskInfo) -> dict[int, str]:
    """Return the names of a task's labels by their ids."""
    return {label.id: label.name for label in task.labels}


def error_words(task: TaskInfo, error: SpanError) -> str:
    """Return what is wrong in a few words: "marked as PER, found as DATE, 93 % sure"."""
    names = names_of(task)
    parts = []
    if error.gold is not None:
        parts.append(f"marked as {names.get(error.gold.label_id, 'a removed label')}")
    else:
        parts.append("not marked")
    if error.predicted is not None:
        found = names.get(error.predicted.label_id, "a removed label")
        parts.append(f"found as {found}, {error.confidence or 0:.0%} sure".replace("%", " %"))
    else:
        parts.append("not found")
    if error.split:
        parts.append("torn into several predictions")
    if error.merge:
        parts.append("several passages in one prediction")
    return ", ".join(parts)


def scope_words(inspection: SpanInspection) -> str:
    """Return the caption of the list: "23 mistakes: wrong borders, PER"."""
    project, model, scope = inspection.project, inspection.model, inspection.scope
    if project is None or model is None or inspection.evaluation is None:
        return ""
    number = len(inspection.rows)
    mistakes = "1 mistake" if number == 1 else f"{number:,} mistakes"
    passages = "1 passage" if number == 1 else f"{number:,} passages"
    if number >= MOST:
        mistakes, passages = f"The first {mistakes}", f"The first {passages}"
    names = names_of(project.task)
    against = inspection.against.name if inspection.against else ""
    if scope.flipped:
        return {
            "won": f"{passages} that {model.name} finds and {against} did not",
            "lost": f"{passages} that {against} found and {model.name} does not",
            "came": f"{passages} that only {model.name} finds where nothing is marked",
            "went": f"{passages} that only {against} found where nothing is marked",
        }[scope.flipped]
    if scope.surface is not None:
        gold = names.get(scope.gold or 0, "not marked")
        found = names.get(scope.predicted or 0, "not found")
        return f"{mistakes} with “{scope.surface}”: {gold} → {found}"
    if scope.gold is not None:
        return f"{mistakes} with passages of {names.get(scope.gold, '')}"
    if scope.predicted is not None:
        return f"{mistakes} that were taken for {names.get(scope.predicted, '')}"
    narrowed = [
        *([KINDS[scope.kind].words.lower()] if scope.kind else []),
        *([names.get(scope.label_id, "")] if scope.label_id is not None else []),
    ]
    if narrowed:
        return f"{mistakes}: {', '.join(narrowed)}"
    if not number:
        return "No mistakes on these texts."
    return f"{mistakes} in {inspection.evaluation.texts:,} texts, those most worth a look first"
