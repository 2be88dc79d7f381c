"""What the list shows, in words."""

from __future__ import annotations

from desktop.inspect.inspection import Inspection
from engine.api import tr, trn

MOST = 1000  # texts that the engine lists at once


def scope_words(inspection: Inspection) -> str:
    """Return the caption of the list: "23 texts: gold complaint, predicted claim status"."""
    project, scope = inspection.project, inspection.scope
    if project is None or inspection.model is None:
        return ""
    number = len(inspection.rows)
    texts = trn("{n:,} text", "{n:,} texts", number)
    if number >= MOST:
        texts = tr("The first {n:,} texts", n=number)
    names = {label.id: label.name for label in project.task.labels}
    gold = names.get(scope.gold or 0, "")
    predicted = names.get(scope.predicted or 0, "")
    model, against = inspection.model.name, inspection.against.name if inspection.against else ""
    if scope.kind == "cell" and scope.gold == scope.predicted:
        return tr("{texts} of {gold} that were recognised", texts=texts, gold=gold)
    if scope.kind == "cell":
        return tr(
            "{texts}: gold {gold}, predicted {predicted}",
            texts=texts,
            gold=gold,
            predicted=predicted,
        )
    if scope.kind == "missed":
        return tr("{texts} of {gold} that were missed", texts=texts, gold=gold)
    if scope.kind == "given":
        return tr(
            "{texts} that were wrongly taken for {predicted}", texts=texts, predicted=predicted
        )
    if scope.kind == "won":
        return tr(
            "{texts} that {model} gets right and {against} got wrong",
            texts=texts,
            model=model,
            against=against,
        )
    if scope.kind == "lost":
        return tr(
            "{texts} that {model} gets wrong and {against} got right",
            texts=texts,
            model=model,
            against=against,
        )
    if inspection.evaluation is None:
        return ""
    if not number:
        return tr("No mistakes on these texts.")
    mistakes = trn("{n:,} mistake", "{n:,} mistakes", number)
    if number >= MOST:
        mistakes = tr("The first {n:,} mistakes", n=number)
    return tr(
        "{mistakes} in {n:,} texts, the surest first",
        mistakes=mistakes,
        n=inspection.evaluation.texts,
    )
