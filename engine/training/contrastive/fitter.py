"""Fits fresh SetFit models of one task: the same encoder and settings, on different rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from engine.inference.pooling import Pooling
from engine.inference.setfit_head import Head
from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.training.contrastive.head import fit_head
from engine.training.contrastive.loop import encoding_work, train_encoder
from engine.training.contrastive.sentence_encoder import SentenceEncoder
from engine.training.contrastive.shots import draw_shots
from engine.training.contrastive.temperature import ENOUGH, guess_temperature
from engine.training.meter import Meter
from engine.training.resuming.course import Course
from engine.training.setfit_settings import SetFitSettings
from engine.training.task import Task


@dataclass(slots=True)
class Fitted:
    """A trained encoder and the head on its vectors.

    `readings` is how often a text was read, and `temperature` what the head's logits are to be
    divided by as long as no text that training did not see says better.
    """

    encoder: SentenceEncoder
    head: Head
    readings: float
    temperature: float


class ContrastiveFitter:
    """Makes and scores models of a `Task`."""

    def __init__(
        self,
        spec: JobSpec,
        settings: SetFitSettings,
        task: Task,
        pooling: Pooling,
        device: torch.device,
        precision: str,
        report: Reporter,
        meter: Meter,
        course: Course,
    ) -> None:
        self.task = task
        self.report = report
        self.meter = meter
        self.course = course
        self._settings = settings
        self._folder = Path(spec.base_model)
        self._pooling = pooling
        self._device = device
        self._precision = precision

    def work(self, train: np.ndarray, validation: np.ndarray) -> float:
        """Return the units (see `Meter`) that `fit` takes on these rows."""
        lengths = self.task.tokens.lengths
        learned = self.learned(train)
        steps = encoding_work(lengths[learned], self._settings.settled(len(learned)))
        return steps + float(lengths[learned].sum() + lengths[validation].sum())

    def reading_work(self, rows: np.ndarray) -> float:
        """Return the units that `predict` takes on these rows."""
        return float(self.task.tokens.lengths[rows].sum())

    def fit(
        self, train: np.ndarray, validation: np.ndarray, phase: str = "train"
    ) -> tuple[Fitted, float]:
        """Train a fresh encoder and its head; return both, and how often a text was read.

        SetFit has no best epoch to choose, so the rows `validation` are not looked at.
        """
        rows = self.learned(train)
        targets = self.task.targets[rows]
        settings = self._settings.settled(len(rows))
        with self.meter.timed("load"):
            encoder = SentenceEncoder(
                self._folder,
                self._pooling,
                self.task.tokens,
                self._device,
                self._precision,
                settings.seed,
                rows,
            )
        with self.meter.timed("train"):
            # In cross-validation the texts that were left out say how sure the head may be.
            guesses = phase == "train" and not len(validation)
            before = encoder.embed(rows[:ENOUGH], self.report.check) if guesses else None
            readings = train_encoder(
                encoder, rows, targets, settings, self.report, self.meter, self.course, phase
            )
            encoder.finish()
            vectors = encoder.embed(rows, self.report.check)
            self.meter.advance(float(self.task.tokens.lengths[rows].sum()))
            head = fit_head(
                settings.head,
                vectors,
                targets,
                len(self.task.labels),
                settings.class_weights,
                self.report.check,
            )
            temperature = 1.0
            if before is not None:
                temperature = guess_temperature(before, targets[:ENOUGH], head, vectors[:ENOUGH])
        return Fitted(encoder, head, readings, temperature), readings

    def predict(self, fitted: Fitted, rows: np.ndarray) -> np.ndarray:
        """Return the probabilities of some rows, float32 (rows, labels), and report on the way."""
        units = float(self.task.tokens.lengths[rows].mean()) if len(rows) else 0.0
        before = 0

        def tell(done: int) -> None:
            nonlocal before
            self.meter.advance(units * (done - before))
            before = done
            self.report.progress("evaluate", done, len(rows), self.meter.seconds_left)

        with self.meter.timed("evaluate"):
            vectors = fitted.encoder.embed(rows, self.report.check, tell)
            return fitted.head.probabilities(vectors)

    def learned(self, train: np.ndarray) -> np.ndarray:
        """Return the rows of `train` that are learned from: all, or a few shots of each label."""
        settings = self._settings
        return train[draw_shots(self.task.targets[train], settings.shots, settings.seed)]
