"""Score a way of training on texts it did not see, when there are too few for a test part."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

import numpy as np
import torch

from engine.core.language import tr
from engine.jobs.reporting import Reporter
from engine.training.evaluation import classification_metrics, mean_and_spread
from engine.training.meter import Meter
from engine.training.resuming.course import Course
from engine.training.resuming.state import State
from engine.training.task import Task

NONE = np.zeros(0, np.int64)
Model = TypeVar("Model")


class Fitter(Protocol[Model]):
    """What trains and scores models of one task, by whatever method."""

    task: Task
    report: Reporter
    meter: Meter
    course: Course

    def work(self, train: np.ndarray, validation: np.ndarray) -> float:
        """Return the units (see `Meter`) that `fit` takes on these rows."""
        ...

    def reading_work(self, rows: np.ndarray) -> float:
        """Return the units that `predict` takes on these rows."""
        ...

    def fit(
        self, train: np.ndarray, validation: np.ndarray, phase: str = "train"
    ) -> tuple[Model, Any]:
        """Train a fresh model; return it, and what there is to say about it."""
        ...

    def predict(self, model: Model, rows: np.ndarray, /) -> np.ndarray:
        """Return the probabilities of some rows, float32 (rows, labels)."""
        ...


def cross_validation_work(fitter: Fitter[Any], folds: np.ndarray) -> float:
    """Return the units of work of `cross_validate`."""
    return fitter.reading_work(np.arange(len(folds))) + sum(
        fitter.work(np.flatnonzero(folds != fold), NONE) for fold in np.unique(folds)
    )


def cross_validate(fitter: Fitter[Any], folds: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
    """Train once for each fold without it, and predict it.

    Returns the out-of-fold probabilities, float32 (texts, labels), and their metrics, with the mean
    and the spread of the headline scores over the folds under "folds". No fold chooses its own
    best epoch, which would flatter the scores.
    """
    task, report = fitter.task, fitter.report
    found = np.zeros((len(folds), len(task.labels)), np.float32)
    each = []
    numbers = np.unique(folds)
    for done, fold in enumerate(numbers):
        report.progress("cross-validate", done, len(numbers), fitter.meter.seconds_left)
        held_out = np.flatnonzero(folds == fold)
        known = fitter.course.result(f"fold {done}")
        if known is None:
            model, _ = fitter.fit(np.flatnonzero(folds != fold), NONE, "cross-validate")
            predicted = torch.from_numpy(fitter.predict(model, held_out))
            known = State({"predicted": predicted})
            fitter.course.finish(f"fold {done}", known)
        found[held_out] = known.tensors["predicted"].numpy()
        scores = classification_metrics(task.targets[held_out], found[held_out], task.labels)
        each.append(scores)
        report.log(
            tr(
                "Fold {number} of {count}: accuracy {accuracy:.3f}, macro F1 {f1:.3f} on {n} "
                "texts.",
                number=done + 1,
                count=len(numbers),
                accuracy=scores["accuracy"],
                f1=scores["macro_f1"],
                n=len(held_out),
            )
        )
    report.progress("cross-validate", len(numbers), len(numbers), fitter.meter.seconds_left)
    metrics = classification_metrics(task.targets, found, task.labels)
    return found, {**metrics, "folds": mean_and_spread(each)}
