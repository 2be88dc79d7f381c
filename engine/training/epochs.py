"""A run in epochs: batches of like lengths, scores after each epoch, the best one kept.

What fine-tuning and tagging share. Everything that decides what comes next is in `EpochRun.state`,
so that a run which was stopped goes on as if it never had been.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial
from typing import Generic, Protocol, TypeVar

import numpy as np
import torch

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.jobs.reporting import Reporter
from engine.training.batching import bucketed_batches
from engine.training.curve import LossCurve
from engine.training.meter import Meter, training_cost
from engine.training.micro_batches import MicroBatches
from engine.training.optimisation import Pace, Stepper
from engine.training.resuming.course import Course
from engine.training.resuming.passes import Passes
from engine.training.resuming.sound import require_numbers
from engine.training.resuming.state import State, joined
from engine.training.trainable import Trainable

Found = TypeVar("Found")


class Batches(Pace, Protocol):
    """What a run asks of the settings, beside the pace of its steps."""

    @property
    def seed(self) -> int: ...

    @property
    def batch_size(self) -> int: ...


class EpochRun(ABC, Generic[Found]):
    """The state of one run; `Found` is what an epoch is scored with.

    `items` are what is learned from, by number, and `lengths` their tokens. In the phase "train"
    the loss curve and the progress are sent.
    """

    unit: str
    """What the items are called when fewer of them have to be computed at once."""

    def __init__(
        self,
        trainable: Trainable,
        settings: Batches,
        report: Reporter,
        meter: Meter,
        course: Course,
        phase: str,
    ) -> None:
        self.trainable = trainable
        self.settings = settings
        self.report = report
        self.meter = meter
        self.course = course
        self.phase = phase
        self.passes = Passes(np.random.default_rng(settings.seed))
        self.best: Found | None = None
        self.kept: dict[str, torch.Tensor] = {}
        self.micro = MicroBatches(report, self.unit)

    @abstractmethod
    def loss(self, items: np.ndarray) -> torch.Tensor:
        """Return the mean loss of some items over their weight."""

    @abstractmethod
    def weight(self, items: np.ndarray) -> float:
        """Return what the loss of these items is a mean over."""

    @abstractmethod
    def score(self, epoch: int, step: int) -> Found | None:
        """Score the model on the texts held back; None where there are none."""

    @abstractmethod
    def unscored(self, epoch: int) -> Found:
        """Return what an epoch is worth where nothing is held back."""

    @abstractmethod
    def rank(self, found: Found) -> tuple[float, float]:
        """Return by what epochs are compared: the higher, the better."""

    @abstractmethod
    def remembered(self, best: Found) -> State:
        """Return what is to be kept of the best epoch, but for its weights."""

    @abstractmethod
    def recalled(self, state: State) -> Found:
        """Return what `remembered` was given."""

    def go(self, items: np.ndarray, lengths: np.ndarray, epochs: int) -> Found:
        """Train for so many epochs, from a checkpoint if there is one, and return the best.

        Its weights are in the model then.

        Raises:
            KnownError: when the loss is no longer a number, or there is no epoch at all.
            Cancelled: when someone asked the job to stop.
            Paused: when someone asked it to wait.
        """
        self._begin(len(items), epochs)
        passes = self.passes
        while passes.number <= epochs:
            batches = passes.draw(partial(bucketed_batches, lengths, self.settings.batch_size))
            with self.meter.timed("train"):
                for places in batches[passes.read :]:
                    self._step(items[places], int(lengths[places].max()))
            with self.meter.timed("evaluate"):
                found = self.score(passes.number, self.curve.done)
            if found is None:
                self.best = self.unscored(passes.number)
            elif self.best is None or self.rank(found) > self.rank(self.best):
                self.best = found
                self.kept = {} if passes.number == epochs else self.trainable.trained_state()
            passes.next()
        return self._finish()

    def state(self) -> State:
        """Return all that decides what comes next."""
        return joined(
            weights=State(self.trainable.weights()),
            optimiser=self.stepper.state(),
            curve=self.curve.state(),
            chance=self.trainable.chance(),
            passes=self.passes.state(),
            micro=self.micro.state(),
            best=State() if self.best is None else self.remembered(self.best),
            kept=State(self.kept),
        ).at(self.curve.done)

    # --- inside ---------------------------------------------------------------------------------

    def _begin(self, items: int, epochs: int) -> None:
        trainable, shown = self.trainable, self.phase == "train"
        steps_a_pass = -(-items // self.settings.batch_size)
        self.steps = steps = epochs * steps_a_pass
        self.stepper = Stepper(trainable.model, self.settings, steps, trainable.precision)
        self.curve = LossCurve(self.report, steps, steps_a_pass, trainable.device, shown)
        state = self.course.take("passes")
        if state is not None:
            self._restore(state)
        self.course.follow("passes", self.state, self.phase, steps)

    def _restore(self, state: State) -> None:
        self.trainable.load_trained_state(state.part("weights").tensors)
        self.stepper.restore(state.part("optimiser"))
        self.curve.restore(state.part("curve"))
        self.trainable.set_chance(state.part("chance"))
        self.passes.restore(state.part("passes"))
        self.micro.restore(state.part("micro"))
        best = state.part("best")
        self.best = self.recalled(best) if best.facts else None
        self.kept = state.part("kept").tensors

    def _step(self, items: np.ndarray, longest: int) -> None:
        self.report.check()
        self.course.save_if_due()
        self.trainable.start_training()
        loss = self.micro.backward(items, self.loss, self.weight, self.stepper)
        self.stepper.update()
        self.curve.add(loss)
        self.passes.read += 1
        cost = training_cost(self.trainable.trained_share, self.trainable.known_share)
        self.meter.advance(cost * len(items) * longest)
        if self.phase == "train":
            self.report.progress("train", self.curve.done, self.steps, self.meter.seconds_left)

    def _finish(self) -> Found:
        """Put the weights of the best epoch into the model, and let go of all others."""
        if self.best is None:
            raise KnownError(tr("Training needs at least one pass over the texts."))
        self.stepper.forget()
        if self.kept:
            self.trainable.load_trained_state(self.kept)
            self.kept = {}
        require_numbers(self.trainable.weights().values())
        return self.best
