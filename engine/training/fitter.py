"""Fits fresh models of one task: the same base model, settings and seed, on different rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.training.checkpoint import Checkpoint, load_classifier
from engine.training.freezing import trained_share
from engine.training.head import fit_head
from engine.training.loop import Fit, fit, predict_rows
from engine.training.meter import Meter, training_cost
from engine.training.resuming.course import Course
from engine.training.settings import Settings
from engine.training.task import Task
from engine.training.trainable import Trainable


class Fitter:
    """Makes and scores models of a `Task`. `task` is set once the texts are tokenised."""

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
    ) -> None:
        self.settings = settings
        self.report = report
        self.meter = meter
        self.course = course
        self._spec = spec
        self._device = device
        self._precision = precision
        self._next: Checkpoint | None = self._load()
        self.config: Any = self._next.model.config
        self._share = trained_share(self._next.model, settings)

    def work(self, train: np.ndarray, validation: np.ndarray) -> float:
        """Return the units (see `Meter`) that `fit` takes on these rows."""
        lengths = self.task.tokens.lengths
        # A head is fitted to what one pass of the encoder gives.
        head_only = self.settings.train == "head"
        passes = 1 if head_only else self.settings.settled_epochs(len(train))
        return passes * float(
            training_cost(self._share) * lengths[train].sum() + lengths[validation].sum()
        )

    def fit(
        self, train: np.ndarray, validation: np.ndarray, phase: str = "train"
    ) -> tuple[Trainable, Fit]:
        """Train a fresh model; see `engine.training.loop.fit`."""
        with self.meter.timed("load"):
            checkpoint, self._next = self._next or self._load(), None
            tokens = self.task.tokens
            trainable = Trainable(
                checkpoint,
                self.settings,
                self._device,
                self._precision,
                tokens.ids,
                tokens.pad_id,
            )
        arguments = (trainable, self.task, train, validation, self.settings)
        found = None
        if self.settings.train == "head":
            found = fit_head(*arguments, self.report, self.meter, self.course, phase)
        if found is None:
            found = fit(*arguments, self.report, self.meter, self.course, phase)
        return trainable, found

    def predict(self, trainable: Trainable, rows: np.ndarray) -> np.ndarray:
        """Return the probabilities of some rows, float32 (rows, labels)."""
        with self.meter.timed("evaluate"):
            return predict_rows(trainable, self.task, rows, self.report, self.meter)

    def _load(self) -> Checkpoint:
        spec = self._spec
        return load_classifier(
            Path(spec.base_model), spec.labels, spec.multi_label, self.settings.seed, self._device
        )
