"""Fits fresh models of one task: the same base model, settings and seed, on different rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.training.checkpoint import Checkpoint, load_classifier
from engine.training.freezing import trained_share
from engine.training.head import can_be_fitted, fit_head
from engine.training.loop import Fit, fit, predict_rows
from engine.training.meter import Meter, reading_cost, training_cost
from engine.training.prefix.cache import PrefixCache
from engine.training.prefix.known import KnownPrefix
from engine.training.resuming.course import Course
from engine.training.settings import Settings
from engine.training.task import Task
from engine.training.trainable import Trainable


class Fitter:
    """Makes and scores models of a `Task`. `task` is set once the texts are tokenised.

    `read_ahead`, called then, has frozen blocks compute once what all models go on from.
    """

    task: Task

    def __init__(
        self,
        spec: JobSpec,
        settings: Settings,
        device: torch.device,
        precision: str,
        report: Reporter,
        meter: Meter,
        course: Course,
        cache: PrefixCache,
    ) -> None:
        self.settings = settings
        self.report = report
        self.meter = meter
        self.course = course
        self._spec = spec
        self._device = device
        self._precision = precision
        self._cache = cache
        self._known: KnownPrefix | None = None
        self._first: Checkpoint | None = self._load()
        self._next: Trainable | None = None
        self.config: Any = self._first.model.config
        self._share = trained_share(self._first.model, settings)

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

    def read_ahead(self) -> None:
        """Have the frozen part compute what it makes of all texts, or find it in the cache."""
        if self._share == 1.0:
            return
        checkpoint = self._checkpoint()
        self._next = self._trainable(checkpoint)
        with self.meter.timed("train"):
            self._known = self._cache.know(
                self._next, self.task.tokens, self.settings, checkpoint.new
            )
        if self._known is not None:
            tokens = replace(self.task.tokens, follow=self._known.turn_to)
            self.task = replace(self.task, tokens=tokens)

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
        with self.meter.timed("load"):
            trainable, self._next = self._next or self._trainable(self._checkpoint()), None
            if self._known is not None:
                trainable.recall(self._known)
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

    def _checkpoint(self) -> Checkpoint:
        checkpoint, self._first = self._first or self._load(), None
        return checkpoint

    def _load(self) -> Checkpoint:
        spec = self._spec
        return load_classifier(
            Path(spec.base_model), spec.labels, spec.multi_label, self.settings.seed, self._device
        )
