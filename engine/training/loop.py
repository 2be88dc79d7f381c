"""The training loop: epochs of bucketed batches, validation after each, the best epoch kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch

from engine.core.errors import KnownError
from engine.inference.device import autocast
from engine.inference.probabilities import predict_probabilities
from engine.jobs.reporting import Reporter
from engine.training.batching import bucketed_batches
from engine.training.curve import LossCurve
from engine.training.evaluation import classification_metrics
from engine.training.meter import Meter, training_cost
from engine.training.micro_batches import MicroBatches
from engine.training.objective import label_weights, make_objective
from engine.training.optimisation import Stepper
from engine.training.resuming.course import Course
from engine.training.resuming.passes import Passes
from engine.training.resuming.sound import require_numbers
from engine.training.resuming.state import State, joined
from engine.training.settings import Settings
from engine.training.task import Task
from engine.training.trainable import Trainable


@dataclass(slots=True)
class Fit:
    """What a training run found: the epoch that was kept and its scores on the validation texts.

    `validation` is float32 (validation texts, labels), in the order of the rows given.
    """

    best_epoch: int
    metrics: dict[str, Any] = field(default_factory=dict)
    validation: np.ndarray | None = None


def fit(
    trainable: Trainable,
    task: Task,
    train: np.ndarray,
    validation: np.ndarray,
    settings: Settings,
    report: Reporter,
    meter: Meter,
    course: Course,
    phase: str = "train",
) -> Fit:
    """Train on the rows `train`; return with the weights of the best epoch in the model.

    Best is the highest macro F1 on the rows `validation`, and the lower loss among equals; with no
    validation rows, the last epoch. In the phase "train" the loss curve is sent as it grows.

    Raises:
        KnownError: when the loss is no longer a number.
        Cancelled: when someone asked the job to stop.
        Paused: when someone asked it to wait.
    """
    run = _Run(trainable, task, settings, report, meter, course, phase)
    lengths = task.tokens.lengths[train]
    epochs = settings.settled_epochs(len(train))
    run.start(train, epochs)
    passes = run.passes
    while passes.number <= epochs:
        batches = passes.draw(partial(bucketed_batches, lengths, settings.batch_size))
        with meter.timed("train"):
            for places in batches[passes.read :]:
                run.step(train[places])
        if len(validation):
            with meter.timed("evaluate"):
                found = score_validation(
                    trainable, task, validation, passes.number, run.curve.done, report, meter
                )
            run.keep_better(found, last=passes.number == epochs)
        else:
            run.best = Fit(passes.number)
        passes.next()
    return run.finish()


def _remembered(best: Fit | None) -> State:
    """Return what is to be kept of the best epoch so far, but for its weights."""
    if best is None:
        return State()
    validation = {} if best.validation is None else {"p": torch.from_numpy(best.validation)}
    return State(validation, {"epoch": best.best_epoch, "metrics": best.metrics})


def _recalled(state: State) -> Fit | None:
    """Return what `_remembered` was given."""
    if not state.facts:
        return None
    validation = state.tensors["p"].numpy() if state.tensors else None
    return Fit(state.facts["epoch"], state.facts["metrics"], validation)


def _rank(found: Fit) -> tuple[float, float]:
    return found.metrics["macro_f1"], -found.metrics["loss"]


class _Run:
    """The state of one call of `fit`."""

    def __init__(
        self,
        trainable: Trainable,
        task: Task,
        settings: Settings,
        report: Reporter,
        meter: Meter,
        course: Course,
        phase: str,
    ) -> None:
        self.trainable = trainable
        self.task = task
        self.settings = settings
        self.report = report
        self.meter = meter
        self.course = course
        self.phase = phase
        self.passes = Passes(np.random.default_rng(settings.seed))
        self.best: Fit | None = None
        self.kept: dict[str, torch.Tensor] = {}
        self.micro = MicroBatches(report, "texts")

    def start(self, train: np.ndarray, epochs: int) -> None:
        """Make ready for the first step, or for the one that a checkpoint stands at."""
        weights = label_weights(
            self.task.targets[train], len(self.task.labels), self.settings.class_weights
        )
        if weights is not None and self.phase == "train":
            words = ", ".join(
                f"{label} {weight:.2f}"
                for label, weight in zip(self.task.labels, weights, strict=True)
            )
            self.report.log(f"Rare labels count more in training: {words}.")
        self.weights = weights
        device = self.trainable.device
        self.objective = make_objective(weights, self.task.several, device)
        self.targets = torch.from_numpy(self.task.targets).to(device)
        steps_a_pass = -(-len(train) // self.settings.batch_size)
        self.steps = steps = epochs * steps_a_pass
        self.stepper = Stepper(self.trainable.model, self.settings, steps, self.trainable.precision)
        shown = self.phase == "train"
        self.curve = LossCurve(self.report, steps, steps_a_pass, device, shown)
        state = self.course.take("passes")
        if state is not None:
            self._restore(state)
        self.course.follow("passes", self.state, self.phase, steps)

    def state(self) -> State:
        """Return all that decides what comes next."""
        return joined(
            weights=State(self.trainable.weights()),
            optimiser=self.stepper.state(),
            curve=self.curve.state(),
            chance=self.trainable.chance(),
            passes=self.passes.state(),
            micro=self.micro.state(),
            best=_remembered(self.best),
            kept=State(self.kept),
        ).at(self.curve.done)

    def _restore(self, state: State) -> None:
        self.trainable.load_trained_state(state.part("weights").tensors)
        self.stepper.restore(state.part("optimiser"))
        self.curve.restore(state.part("curve"))
        self.trainable.set_chance(state.part("chance"))
        self.passes.restore(state.part("passes"))
        self.micro.restore(state.part("micro"))
        self.best = _recalled(state.part("best"))
        self.kept = state.part("kept").tensors

    def keep_better(self, found: Fit, *, last: bool) -> None:
        """Keep what was found after an epoch, with its weights, if it is the best so far."""
        if self.best is None or _rank(found) > _rank(self.best):
            self.best = found
            self.kept = {} if last else self.trainable.trained_state()

    def finish(self) -> Fit:
        """Put the weights of the best epoch into the model, and let go of all others."""
        if self.best is None:
            raise KnownError("Training needs at least one pass over the texts.")
        self.stepper.forget()
        if self.kept:
            self.trainable.load_trained_state(self.kept)
            self.kept = {}
        require_numbers(self.trainable.weights().values())
        return self.best

    def step(self, rows: np.ndarray) -> None:
        self.report.check()
        self.course.save_if_due()
        self.trainable.start_training()
        loss = self.micro.backward(rows, self._loss, self._weight, self.stepper)
        self.stepper.update()
        self.curve.add(loss)
        self.passes.read += 1
        lengths = self.task.tokens.lengths[rows]
        computed = len(rows) * int(lengths.max())
        self.meter.advance(training_cost(self.trainable.trained_share) * computed)
        if self.phase == "train":
            self.report.progress("train", self.curve.done, self.steps, self.meter.seconds_left)

    def _loss(self, rows: np.ndarray) -> torch.Tensor:
        trainable = self.trainable
        ids, mask = self.task.tokens.batch(rows, trainable.device)
        with autocast(trainable.device, trainable.precision):
            logits = trainable.model(input_ids=ids, attention_mask=mask).logits
        return self.objective(logits, self.targets[torch.from_numpy(rows)])

    def _weight(self, rows: np.ndarray) -> float:
        """Return what the loss of these rows is a mean over."""
        if self.weights is None or self.task.several:
            return float(len(rows))
        return float(self.weights[self.task.targets[rows]].sum())


def predict_rows(
    trainable: Trainable, task: Task, rows: np.ndarray, report: Reporter, meter: Meter
) -> np.ndarray:
    """Return the probabilities of some rows, float32 (rows, labels), and report on the way."""
    units_a_text = float(task.tokens.lengths[rows].mean()) if len(rows) else 0.0
    before = 0

    def tell(done: int) -> None:
        nonlocal before
        meter.advance(units_a_text * (done - before))
        before = done
        report.progress("evaluate", done, len(rows), meter.seconds_left)

    return predict_probabilities(
        trainable.model,
        task.tokens,
        rows,
        several=task.several,
        device=trainable.device,
        precision=trainable.precision,
        check=report.check,
        on_progress=tell,
    )


def score_validation(
    trainable: Trainable,
    task: Task,
    rows: np.ndarray,
    epoch: int,
    step: int,
    report: Reporter,
    meter: Meter,
) -> Fit:
    """Score a model on the rows `rows`, and send the scores as a point of the curve."""
    found = predict_rows(trainable, task, rows, report, meter)
    gold = task.targets[rows]
    metrics = classification_metrics(gold, found, task.labels)
    metrics["loss"] = log_loss(gold, found)
    report.send(
        "measured",
        step=step,
        epoch=float(epoch),
        split="validation",
        metrics={name: metrics[name] for name in ("loss", "macro_f1", "accuracy")},
    )
    return Fit(epoch, metrics, found)


def log_loss(targets: np.ndarray, probabilities: np.ndarray) -> float:
    """Return the mean negative log likelihood of the targets, unweighted."""
    p = np.clip(probabilities.astype(np.float64), 1e-9, 1 - 1e-9)
    if targets.ndim == 1:
        return float(-np.log(p[np.arange(len(targets)), targets]).mean())
    return float(-(targets * np.log(p) + (1 - targets) * np.log(1 - p)).mean())
