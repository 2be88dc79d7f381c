"""Fresh models of one job: from the same base model, and with one frozen part that is known."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import numpy as np
import torch

from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.training.checkpoint import Checkpoint
from engine.training.freezing import trained_share
from engine.training.meter import Meter
from engine.training.prefix.cache import PrefixCache
from engine.training.prefix.known import KnownPrefix
from engine.training.prefix.sequences import Sequences
from engine.training.resuming.course import Course
from engine.training.trainable import Trainable, TrainableSettings

S = TypeVar("S", bound=TrainableSettings)


class FreshModels(ABC, Generic[S]):
    """What the fitters of whole texts and of passages have in common.

    `read_ahead`, called once the task's texts are token ids, has frozen blocks compute once what
    all models go on from. `config` is that of the base model.
    """

    def __init__(
        self,
        spec: JobSpec,
        settings: S,
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

    def read_ahead(self) -> None:
        """Have the frozen part compute what it makes of all texts, or find it in the cache."""
        if self._share == 1.0:
            return
        checkpoint = self._checkpoint()
        self._next = self._trainable(checkpoint)
        with self.meter.timed("train"):
            self._known = self._cache.know(
                self._next, self._sequences, self.settings, checkpoint.new
            )
        if self._known is not None:
            self._follow(self._known.turn_to)

    def _fresh(self) -> Trainable:
        """Return a model that has learned nothing yet, and recalls what is known."""
        with self.meter.timed("load"):
            trainable, self._next = self._next or self._trainable(self._checkpoint()), None
            if self._known is not None:
                trainable.recall(self._known)
        return trainable

    def _checkpoint(self) -> Checkpoint:
        checkpoint, self._first = self._first or self._load(), None
        return checkpoint

    @abstractmethod
    def _load(self) -> Checkpoint:
        """Load the base model anew."""

    @abstractmethod
    def _trainable(self, checkpoint: Checkpoint) -> Trainable:
        """Make a loaded model ready to train on the task's texts."""

    @property
    @abstractmethod
    def _sequences(self) -> Sequences:
        """The task's texts as token ids."""

    @abstractmethod
    def _follow(self, turn_to: Callable[[np.ndarray], None]) -> None:
        """Have every batch of the task's texts tell which it is."""
