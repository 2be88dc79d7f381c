"""Which method to take for the labels at hand, and about how long it will take."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from statistics import median

from engine.project.rows import Counts, JobInfo, Recommendation, TaskInfo
from engine.training.settings import Settings, parse_settings

ENOUGH_TEST_LABELS = 50
"""With fewer labelled test texts the scores come from cross-validation."""
FOLDS = 5
FEW = 8
"""Labelled texts below which a label can hardly be learned."""
MANY = 64
"""Labelled texts of an ordinary label up to which pairs of texts teach more than texts alone."""
CORE_SECONDS = 0.13
"""Seconds a text takes in one pass on one core: the starter model, letters of 80 tokens. It only
serves until this machine has trained once."""
LOADING_SECONDS = 10.0


def recommend(task: TaskInfo, counts: Counts, jobs: Sequence[JobInfo]) -> Recommendation:
    """Return a recommendation for a task; `jobs` are past ones, newest first, for the time."""
    sizes = {label.name: counts.by_label.get(label.id, 0) for label in task.labels}
    used = {name: size for name, size in sizes.items() if size}
    test_labelled = counts.by_split.get("test", (0, 0))[1]
    smallest_name, smallest = min(used.items(), key=lambda item: item[1], default=("", 0))
    method = _method(used.values())
    if method is None:
        words = _too_few(counts.labelled, used)
    else:
        words = " ".join(
            [
                _advice(method, counts.labelled, test_labelled, len(used), jobs),
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


def _advice(method: str, labelled: int, tested: int, labels: int, jobs: Sequence[JobInfo]) -> str:
    if method == "setfit":
        return (
            f"{labelled:,} labelled texts of {labels} labels are few: learn from pairs of them "
            f"(SetFit), which is made for up to {MANY} texts a label."
        )
    seconds = estimated_seconds(labelled, tested, jobs)
    return (
        f"{labelled:,} labelled texts of {labels} labels are enough to fine-tune a model, which "
        f"takes {in_words(seconds)} here."
    )


def estimated_seconds(labelled: int, test_labelled: int, jobs: Sequence[JobInfo]) -> float:
    """Return how long fine-tuning with the default settings takes, from past jobs if any."""
    work = _work(labelled - test_labelled, test_labelled, Settings())
    for job in jobs:
        seconds = job.result.get("seconds", {})
        if job.kind != "train" or job.method != "fine-tune" or job.status != "done":
            continue
        if not seconds.get("train"):
            continue
        texts = job.spec["request"]["snapshot_texts"]
        # The share of test texts then is not known; that of now is close enough.
        tested = round(texts * test_labelled / max(labelled, 1))
        past = _work(texts - tested, tested, parse_settings(job.spec["settings"]))
        computing = seconds["total"] - seconds.get("load", 0.0)
        return float(seconds.get("load", 0.0) + computing * work / max(past, 1))
    return LOADING_SECONDS + CORE_SECONDS * work / (os.cpu_count() or 1)


def in_words(seconds: float) -> str:
    """Say a duration as a person would: "about 3 minutes"."""
    if seconds < 50:
        return "less than a minute"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"about {minutes} minute{'s' if minutes > 1 else ''}"
    return f"about {round(minutes / 60)} hours"


def _work(learned: int, tested: int, settings: Settings) -> int:
    """Return how many times a text is read while training."""
    if tested >= ENOUGH_TEST_LABELS:
        return learned * settings.settled_epochs(learned)
    everything = learned + tested
    return everything * settings.settled_epochs(everything) * FOLDS


def _too_few(labelled: int, used: dict[str, int]) -> str:
    if not labelled:
        return "No text has a label yet. Label some texts of at least two labels, then train."
    if not used:
        return "No text carries any of the labels yet. Label some texts, then train."
    return (
        f"So far all labels given are “{next(iter(used))}”. Label texts of another label too, "
        "then train."
    )


def _weak_label(name: str, size: int) -> list[str]:
    if size >= FEW:
        return []
    texts = "1 text" if size == 1 else f"{size} texts"
    return [f"“{name}” has only {texts}, and will hardly be recognised until it has more."]


def _scores(test_labelled: int) -> str:
    if test_labelled >= ENOUGH_TEST_LABELS:
        return f"The scores come from {test_labelled:,} test texts the model never learns from."
    texts = "1 labelled text" if test_labelled == 1 else f"{test_labelled} labelled texts"
    return (
        f"The test part has {texts}; below {ENOUGH_TEST_LABELS} the scores come from "
        "cross-validation: the model is trained five more times, each time without a fifth of "
        "the labels, and scored on that fifth."
    )
