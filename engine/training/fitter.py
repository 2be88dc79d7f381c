"""Fits fresh models of one task: the same base model, settings and seed, on different rows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.training.checkpoint import Checkpoint, load_classifier
from engine.training.fresh_models import FreshModels
from engine.training.head import can_be_fitted, fit_head
from engine.training.loop import Fit, fit, predict_rows
from engine.training.meter import reading_cost, training_cost
from engine.training.settings import Settings
from engine.training.task import Task
from engine.training.tokens import Tokens
from engine.training.trainable import Trainable


class Fitter(FreshModels[Settings]):
    """Makes and scores models of a `Task`. `task` is set once the texts are tokenised."""

    task: Task

    def work(self, train: np.ndarray, validation: np.ndarray) -> float:
        """Return the units (see `Meter`) that `fit` takes on these rows."""
        lengths = self.task.tokens.lengths
        # A head is fitted to what one pass of the encoder gives.
        head_only = self.settings.train == "head"
        passes = 1 if head_only else self.settings.settled_epochs(len(train))
        known = 1.0 - self._share
        return passes * float(
            training_cost(self._share, known) * lengths[train].sum()
            + reading_cost(known) * lengths[validation].sum()
        )

    def reading_work(self, rows: np.ndarray) -> float:
        """Return the units that `predict` takes on these rows."""
        return reading_cost(1.0 - self._share) * float(self.task.tokens.lengths[rows].sum())

    def know_together(self, depths: Collection[int], *, heads: bool) -> None:
        """Fill the cache for trainings with these frozen blocks, and with `heads` of the head."""
        checkpoint, tokens = self._checkpoint(), self.task.tokens
        settings = replace(self.settings, train="head")
        trainable = Trainable(
            checkpoint, settings, self._device, self._precision, tokens.ids, tokens.pad_id
        )
        self._cache.know_together(
            trainable, tokens, depths, checkpoint.new, settings.seed, heads=heads
        )

    def fit(
        self, train: np.ndarray, validation: np.ndarray, phase: str = "train"
    ) -> tuple[Trainable, Fit]:
        """Train a fresh model; see `engine.training.loop.fit`."""
        trainable = self._fresh()
        arguments = (trainable, self.task, train, validation, self.settings)
        further = (self.report, self.meter, self.course, phase)
        if self.settings.train == "head" and can_be_fitted(self._known):
            return trainable, fit_head(*arguments, *further)
        return trainable, fit(*arguments, *further)

    def predict(self, trainable: Trainable, rows: np.ndarray) -> np.ndarray:
        """Return the probabilities of some rows, float32 (rows, labels)."""
        with self.meter.timed("evaluate"):
            return predict_rows(trainable, self.task, rows, self.report, self.meter)

    def _trainable(self, checkpoint: Checkpoint) -> Trainable:
        tokens = self.task.tokens
        return Trainable(
            checkpoint, self.settings, self._device, self._precision, tokens.ids, tokens.pad_id
        )

    @property
    def _sequences(self) -> Tokens:
        return self.task.tokens

    def _follow(self, turn_to: Callable[[np.ndarray], None]) -> None:
        self.task = replace(self.task, tokens=replace(self.task.tokens, follow=turn_to))

    def _load(self) -> Checkpoint:
        spec = self._spec
        return load_classifier(
            Path(spec.base_model), spec.labels, spec.multi_label, self.settings.seed, self._device
        )
