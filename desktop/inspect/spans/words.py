"""The kinds of error in words and icons, and what the list shows."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.inspect.spans.inspection import SpanInspection
from engine.api import SpanError, TaskInfo, mark, tr, trc, trn

MOST = 1000  # errors that the engine lists at once


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error as people see it; `inside` is what it is called within a sentence."""

    words: str
    inside: str
    column: str
    icon: str
    help: str


KINDS = {
    "boundary": Kind(
        tr("Wrong borders"),
        tr("wrong borders"),
        tr("Borders"),
        "arrow-expand-horizontal",
        tr("The passage was found with the right label, but begins or ends elsewhere."),
    ),
    "type": Kind(
        tr("Wrong label"),
        tr("wrong label"),
        tr("Label"),
        "swap-horizontal",
        tr("The passage was found with the same borders, but got another label."),
    ),
    "boundary_and_type": Kind(
        tr("Wrong borders and label"),
        tr("wrong borders and label"),
        tr("Both"),
        "arrow-all",
        tr("Something else was found over the passage, with other borders and another label."),
    ),
    "missing": Kind(
        tr("Missed"),
        tr("missed"),
        trc("a column", "Missed"),
        "eye-off-outline",
        tr("The passage is marked, and nothing was found there."),
    ),
    "spurious": Kind(
        tr("Found too much"),
        tr("found too much"),
        tr("Extra"),
        "plus-box-outline",
        tr("Something was found where nothing is marked."),
    ),
}


_FLIPPED = {
    "won": mark("{passages} that {model} finds and {against} did not"),
    "lost": mark("{passages} that {against} found and {model} does not"),
    "came": mark("{passages} that only {model} finds where nothing is marked"),
    "went": mark("{passages} that only {against} found where nothing is marked"),
}


def names_of(task: TaskInfo) -> dict[int, str]:
    """Return the names of a task's labels by their ids."""
    return {label.id: label.name for label in task.labels}


def error_words(task: TaskInfo, error: SpanError) -> str:
    """Return what is wrong in a few words: "marked as PER, found as DATE, 93 % sure"."""
    names = names_of(task)
    parts = []
    if error.gold is not None:
        label = names.get(error.gold.label_id, tr("a removed label"))
        parts.append(tr("marked as {label}", label=label))
    else:
        parts.append(tr("not marked"))
    if error.predicted is not None:
        label = names.get(error.predicted.label_id, tr("a removed label"))
        sure = (error.confidence or 0) * 100
        parts.append(tr("found as {label}, {sure:.0f} % sure", label=label, sure=sure))
    else:
        parts.append(tr("not found"))
    if error.split:
        parts.append(tr("torn into several predictions"))
    if error.merge:
        parts.append(tr("several passages in one prediction"))
    return ", ".join(parts)


def scope_words(inspection: SpanInspection) -> str:
    """Return the caption of the list: "23 mistakes: wrong borders, PER"."""
    project, model, scope = inspection.project, inspection.model, inspection.scope
    if project is None or model is None or inspection.evaluation is None:
        return ""
    number = len(inspection.rows)
    mistakes = trn("{n:,} mistake", "{n:,} mistakes", number)
    passages = trn("{n:,} passage", "{n:,} passages", number)
    if number >= MOST:
        mistakes = tr("The first {n:,} mistakes", n=number)
        passages = tr("The first {n:,} passages", n=number)
    names = names_of(project.task)
    against = inspection.against.name if inspection.against else ""
    if scope.flipped:
        return tr(_FLIPPED[scope.flipped], passages=passages, model=model.name, against=against)
    if scope.surface is not None:
        return tr(
            "{mistakes} with “{passage}”: {gold} → {found}",
            mistakes=mistakes,
            passage=scope.surface,
            gold=names.get(scope.gold or 0, tr("not marked")),
            found=names.get(scope.predicted or 0, tr("not found")),
        )
    if scope.gold is not None:
        label = names.get(scope.gold, "")
        return tr("{mistakes} with passages of {label}", mistakes=mistakes, label=label)
    if scope.predicted is not None:
        label = names.get(scope.predicted, "")
        return tr("{mistakes} that were taken for {label}", mistakes=mistakes, label=label)
    narrowed = [
        *([KINDS[scope.kind].inside] if scope.kind else []),
        *([names.get(scope.label_id, "")] if scope.label_id is not None else []),
    ]
    if narrowed:
        return f"{mistakes}: {', '.join(narrowed)}"
    if not number:
        return tr("No mistakes on these texts.")
    return tr(
        "{mistakes} in {n:,} texts, those most worth a look first",
        mistakes=mistakes,
        n=inspection.evaluation.texts,
    )
