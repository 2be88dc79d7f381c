"""Fits fresh taggers of one task: the same base model, settings and seed, on different texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.language import tr
from engine.training.checkpoint import Checkpoint
from engine.training.evaluation import mean_and_spread
from engine.training.fresh_models import FreshModels
from engine.training.meter import reading_cost, training_cost
from engine.training.ner_settings import NerSettings
from engine.training.resuming.state import State
from engine.training.tagging.checkpoint import load_base_tagger
from engine.training.tagging.loop import (
    Predicted,
    TaggingFit,
    as_predicted,
    entity_metrics,
    fit_tagger,
    predict_spans,
)
from engine.training.tagging.task import TaggingTask
from engine.training.tagging.windows import Windows
from engine.training.trainable import Trainable

NONE = np.zeros(0, np.int64)


class TaggerFitter(FreshModels[NerSettings]):
    """Makes and scores taggers. `task` is set once the texts are cut into windows."""

    task: TaggingTask

    def work(self, train: np.ndarray, validation: np.ndarray = NONE) -> float:
        """Return the units (see `Meter`) that `fit` takes on these texts."""
        task = self.task
        passes = self.settings.settled_epochs(len(task.windows.of(train)))
        known = 1.0 - self._share
        return passes * (
            training_cost(self._share, known) * task.work(train)
            + reading_cost(known) * task.work(validation)
        )

    def reading_work(self, texts: np.ndarray) -> float:
        """Return the units that `predict` takes on these texts."""
        return reading_cost(1.0 - self._share) * self.task.work(texts)

    def fit(
        self, train: np.ndarray, validation: np.ndarray = NONE, phase: str = "train"
    ) -> tuple[Trainable, TaggingFit]:
        """Train a fresh tagger; see `fit_tagger`."""
        trainable = self._fresh()
        found = fit_tagger(
            trainable,
            self.task,
            train,
            validation,
            self.settings,
            self.report,
            self.meter,
            self.course,
            phase,
        )
        return trainable, found

    def predict(self, trainable: Trainable, texts: np.ndarray) -> Predicted:
        """Return the spans predicted of some texts."""
        with self.meter.timed("evaluate"):
            return predict_spans(trainable, self.task, texts, self.report, self.meter)[0]

    def cross_validation_work(self, folds: np.ndarray) -> float:
        """Return the units of work of `cross_validate`."""
        return self.reading_work(np.arange(len(folds))) + sum(
            self.work(np.flatnonzero(folds != fold)) for fold in np.unique(folds)
        )

    def cross_validate(self, folds: np.ndarray) -> tuple[Predicted, dict[str, Any]]:
        """Train once for each fold without it, and predict it.

        Returns the out-of-fold spans of all texts and their metrics, with the mean and the spread
        of the headline scores over the folds under "folds". No fold chooses its own best epoch,
        which would flatter the scores.
        """
        report, everything = self.report, np.arange(len(folds))
        predicted: Predicted = [[] for _ in everything]
        each = []
        numbers = np.unique(folds)
        for done, fold in enumerate(numbers):
            report.progress("cross-validate", done, len(numbers), self.meter.seconds_left)
            held_out = np.flatnonzero(folds == fold)
            known = self.course.result(f"fold {done}")
            if known is None:
                trainable, _ = self.fit(np.flatnonzero(folds != fold), phase="cross-validate")
                known = State(facts={"spans": self.predict(trainable, held_out)})
                self.course.finish(f"fold {done}", known)
            found = as_predicted(known.facts["spans"])
            for text, spans in zip(held_out, found, strict=True):
                predicted[text] = spans
            each.append(entity_metrics(self.task, held_out, found))
            report.log(
                tr(
                    "Fold {number} of {count}: F1 {f1:.3f} on {spans} spans in {n} texts.",
                    number=done + 1,
                    count=len(numbers),
                    f1=each[-1]["f1"],
                    spans=each[-1]["gold"],
                    n=len(held_out),
                )
            )
        report.progress("cross-validate", len(numbers), len(numbers), self.meter.seconds_left)
        metrics = entity_metrics(self.task, everything, predicted)
        spread = mean_and_spread(each, ("f1", "precision", "recall", "macro_f1"))
        return predicted, {**metrics, "folds": spread}

    def _trainable(self, checkpoint: Checkpoint) -> Trainable:
        windows = self.task.windows
        return Trainable(
            checkpoint,
            self.settings,
            self._device,
            self._precision,
            windows.token_ids,
            windows.pad_id,
            reads_first=False,
        )

    @property
    def _sequences(self) -> Windows:
        return self.task.windows

    def _follow(self, turn_to: Callable[[np.ndarray], None]) -> None:
        self.task = replace(self.task, windows=replace(self.task.windows, follow=turn_to))

    def _load(self) -> Checkpoint:
        spec = self._spec
        return load_base_tagger(
            Path(spec.base_model), spec.labels, self.settings.seed, self._device
        )
