"""Which method to take for the labels at hand, and why. `engine.service.estimate` says the time."""

from __future__ import annotations

from collections.abc import Collection
from statistics import median

from engine.core.language import tr, trn
from engine.project.rows import Counts, TaskInfo
from engine.project.training_rows import Recommendation
from engine.service.workload import ENOUGH_TEST_LABELS

FEW = 8
"""Labelled texts below which a label can hardly be learned."""
MANY = 64
"""Labelled texts of an ordinary label up to which pairs of texts teach more than texts alone."""


def recommend(task: TaskInfo, counts: Counts) -> Recommendation:
    """Return a recommendation for a task."""
    sizes = {label.name: counts.by_label.get(label.id, 0) for label in task.labels}
    used = {name: size for name, size in sizes.items() if size}
    test_labelled = counts.by_split.get("test", (0, 0))[1]
    smallest_name, smallest = min(used.items(), key=lambda item: item[1], default=("", 0))
    spans = task.kind == "spans"
    method = _method_for_spans(used.values()) if spans else _method(used.values())
    if method is None:
        words = _no_spans(counts.labelled) if spans else _too_few(counts.labelled, used)
    else:
        words = " ".join(
            [
                _advice(method, counts.labelled, len(used)),
                *_weak_label(smallest_name, smallest),
                _scores(test_labelled),
            ]
        )
    return Recommendation(
        method=method,
        words=words,
        labelled=counts.labelled,
        labels_with_texts=len(used),
        smallest=smallest,
        test_labelled=test_labelled,
    )


def _method(sizes: Collection[int]) -> str | None:
    """Return the method for labels of these sizes, in texts; a rare one alone decides nothing."""
    if len(sizes) < 2:
        return None
    return "setfit" if median(sizes) <= MANY else "fine-tune"


def _method_for_spans(sizes: Collection[int]) -> str | None:
    return "ner" if sizes else None


def _advice(method: str, labelled: int, labels: int) -> str:
    match method:
        case "setfit":
            return tr(
                "{labelled:,} labelled texts of {labels} labels are few: learn from pairs of them "
                "(SetFit), which is made for up to {many} texts a label.",
                labelled=labelled,
                labels=labels,
                many=MANY,
            )
        case "ner":
            return trn(
                "{labelled:,} texts with passages of {n} label marked in them can be learned from.",
                "{labelled:,} texts with passages of {n} labels marked in them can be learned "
                "from.",
                labels,
                labelled=labelled,
            )
        case _:
            return tr(
                "{labelled:,} labelled texts of {labels} labels are enough to fine-tune a model.",
                labelled=labelled,
                labels=labels,
            )


def _no_spans(labelled: int) -> str:
    if not labelled:
        return tr("No passage is marked yet. Import texts with marked passages, then train.")
    return tr("No text has a marked passage yet. Import texts with marked passages, then train.")


def _too_few(labelled: int, used: dict[str, int]) -> str:
    if not labelled:
        return tr("No text has a label yet. Label some texts of at least two labels, then train.")
    if not used:
        return tr("No text carries any of the labels yet. Label some texts, then train.")
    return tr(
        "So far all labels given are “{label}”. Label texts of another label too, then train.",
        label=next(iter(used)),
    )


def _weak_label(name: str, size: int) -> list[str]:
    if size >= FEW:
        return []
    return [
        trn(
            "“{label}” has only {n} text, and will hardly be recognised until it has more.",
            "“{label}” has only {n} texts, and will hardly be recognised until it has more.",
            size,
            label=name,
        )
    ]


def _scores(test_labelled: int) -> str:
    if test_labelled >= ENOUGH_TEST_LABELS:
        return tr(
            "The scores come from {n:,} test texts the model never learns from.", n=test_labelled
        )
    return trn(
        "The test part has {n} labelled text; below {enough} the scores come from "
        "cross-validation: the model is trained five more times, each time without a fifth of the "
        "labels, and scored on that fifth.",
        "The test part has {n} labelled texts; below {enough} the scores come from "
        "cross-validation: the model is trained five more times, each time without a fifth of the "
        "labels, and scored on that fifth.",
        test_labelled,
        enough=ENOUGH_TEST_LABELS,
    )
