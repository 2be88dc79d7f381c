"""The training loop: epochs of bucketed batches, validation after each, the best epoch kept."""

from __future__ import annotations

from dataclasses import dataclass, field
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
from engine.training.objective import label_weights, make_objective
from engine.training.optimisation import Stepper
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
    phase: str = "train",
) -> Fit:
    """Train on the rows `train`; return with the weights of the best epoch in the model.

    Best is the highest macro F1 on the rows `validation`, and the lower loss among equals; with no
    validation rows, the last epoch. In the phase "train" the loss curve is sent as it grows.

    Raises:
        KnownError: when the loss is no longer a number.
        Cancelled: when someone asked the job to stop.
    """
    run = _Run(trainable, task, settings, report, meter, phase)
    lengths = task.tokens.lengths[train]
    random = np.random.default_rng(settings.seed)
    epochs = settings.settled_epochs(len(train))
    steps = epochs * -(-len(train) // settings.batch_size)
    run.start(train, steps)
    best: Fit | None = None
    kept: dict[str, torch.Tensor] = {}
    for epoch in range(1, epochs + 1):
        with meter.timed("train"):
            for places in bucketed_batches(lengths, settings.batch_size, random):
                run.step(train[places])
        if not len(validation):
            best = Fit(epoch)
            continue
        with meter.timed("evaluate"):
            found = score_validation(
                trainable, task, validation, epoch, run.curve.done, report, meter
            )
        if best is None or _rank(found) > _rank(best):
            best = found
            if epoch < epochs:
                kept = trainable.trained_state()
    if best is None:
        raise KnownError("Training needs at least one pass over the texts.")
    if best.best_epoch < epochs and kept:
        trainable.load_trained_state(kept)
    return best


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
        phase: str,
    ) -> None:
        self.trainable = trainable
        self.task = task
        self.settings = settings
        self.report = report
        self.meter = meter
        self.phase = phase

    def start(self, train: np.ndarray, steps: int) -> None:
        weights = label_weights(
            self.task.targets[train], len(self.task.labels), self.settings.class_weights
        )
        if weights is not None and self.phase == "train":
            words = ", ".join(
                f"{label} {weight:.2f}"
                for label, weight in zip(self.task.labels, weights, strict=True)
            )
            self.report.log(f"Rare labels count more in training: {words}.")
        device = self.trainable.device
        self.objective = make_objective(weights, self.task.several, device)
        self.targets = torch.from_numpy(self.task.targets).to(device)
        self.stepper = Stepper(self.trainable.model, self.settings, steps, self.trainable.precision)
        self.steps = steps
        steps_a_pass = -(-len(train) // self.settings.batch_size)
        shown = self.phase == "train"
        self.curve = LossCurve(self.report, steps, steps_a_pass, device, shown)

    def step(self, rows: np.ndarray) -> None:
        self.report.check()
        trainable = self.trainable
        trainable.start_training()
        ids, mask = self.task.tokens.batch(rows, trainable.device)
        with autocast(trainable.device, trainable.precision):
            logits = trainable.model(input_ids=ids, attention_mask=mask).logits
        loss = self.objective(logits, self.targets[torch.from_numpy(rows)])
        self.stepper.step(loss)
        self.curve.add(loss)
        self.meter.advance(training_cost(trainable.trained_share) * ids.numel())
        if self.phase == "train":
            self.report.progress("train", self.curve.done, self.steps, self.meter.seconds_left)


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
