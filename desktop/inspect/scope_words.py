"""What the list shows, in words."""

from __future__ import annotations

from desktop.inspect.inspection import Inspection

MOST = 1000  # texts that the engine lists at once


def scope_words(inspection: Inspection) -> str:
    """Return the caption of the list: "23 texts: gold complaint, predicted claim status"."""
    project, scope = inspection.project, inspection.scope
    if project is None or inspection.model is None:
        return ""
    number = len(inspection.rows)
    texts = "1 text" if number == 1 else f"{number:,} texts"
    if number >= MOST:
        texts = f"The first {number:,} texts"
    names = {label.id: label.name for label in project.task.labels}
    gold = names.get(scope.gold or 0, "")
    predicted = names.get(scope.predicted or 0, "")
    against = inspection.against.name if inspection.against else ""
    if scope.kind == "cell" and scope.gold == scope.predicted:
        return f"{texts} of {gold} that were recognised"
    if scope.kind == "cell":
        return f"{texts}: gold {gold}, predicted {predicted}"
    if scope.kind == "missed":
        return f"{texts} of {gold} that were missed"
    if scope.kind == "given":
        return f"{texts} that were wrongly taken for {predicted}"
    if scope.kind == "won":
        return f"{texts} that {inspection.model.name} gets right and {against} got wrong"
    if scope.kind == "lost":
        return f"{texts} that {inspection.model.name} gets wrong and {against} got right"
    if inspection.evaluation is None:
        return ""
    if not number:
        return "No mistakes on these texts."
    mistakes = "1 mistake" if number == 1 else f"{number:,} mistakes"
    if number >= MOST:
        mistakes = f"The first {number:,} mistakes"
    return f"{mistakes} in {inspection.evaluation.texts:,} texts, the surest first"
