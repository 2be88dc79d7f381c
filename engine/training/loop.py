"""The training loop: epochs of bucketed batches, validation after each, the best epoch kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from engine.core.language import mark, number_text, tr
from engine.inference.device import autocast
from engine.inference.probabilities import predict_probabilities
from engine.jobs.reporting import Reporter
from engine.training.epochs import EpochRun
from engine.training.evaluation import classification_metrics
from engine.training.meter import Meter, reading_cost
from engine.training.objective import label_weights, make_objective
from engine.training.resuming.course import Course
from engine.training.resuming.state import State
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
    run = _Run(trainable, task, train, validation, settings, report, meter, course, phase)
    return run.go(train, task.tokens.lengths[train], settings.settled_epochs(len(train)))


class _Run(EpochRun[Fit]):
    """One call of `fit`."""

    unit = mark("texts")

    def __init__(
        self,
        trainable: Trainable,
        task: Task,
        train: np.ndarray,
        validation: np.ndarray,
        settings: Settings,
        report: Reporter,
        meter: Meter,
        course: Course,
        phase: str,
    ) -> None:
        super().__init__(trainable, settings, report, meter, course, phase)
        self._task = task
        self._validation = validation
        weights = label_weights(task.targets[train], len(task.labels), settings.class_weights)
        if weights is not None and phase == "train":
            words = ", ".join(
                f"{label} {number_text(float(weight), '.2f')}"
                for label, weight in zip(task.labels, weights, strict=True)
            )
            report.log(tr("Rare labels count more in training: {weights}.", weights=words))
        self._weights = weights
        self._objective = make_objective(weights, task.several, trainable.device)
        self._targets = torch.from_numpy(task.targets).to(trainable.device)

    def loss(self, items: np.ndarray) -> torch.Tensor:
        trainable = self.trainable
        ids, mask = self._task.tokens.batch(items, trainable.device)
        with autocast(trainable.device, trainable.precision):
            logits = trainable.model(input_ids=ids, attention_mask=mask).logits
        return self._objective(logits, self._targets[torch.from_numpy(items)])

    def weight(self, items: np.ndarray) -> float:
        if self._weights is None or self._task.several:
            return float(len(items))
        return float(self._weights[self._task.targets[items]].sum())

    def score(self, epoch: int, step: int) -> Fit | None:
        if not len(self._validation):
            return None
        return score_validation(
            self.trainable, self._task, self._validation, epoch, step, self.report, self.meter
        )

    def unscored(self, epoch: int) -> Fit:
        return Fit(epoch)

    def rank(self, found: Fit) -> tuple[float, float]:
        return found.metrics["macro_f1"], -found.metrics["loss"]

    def remembered(self, best: Fit) -> State:
        validation = {} if best.validation is None else {"p": torch.from_numpy(best.validation)}
        return State(validation, {"epoch": best.best_epoch, "metrics": best.metrics})

    def recalled(self, state: State) -> Fit:
        validation = state.tensors["p"].numpy() if state.tensors else None
        return Fit(state.facts["epoch"], state.facts["metrics"], validation)


def predict_rows(
    trainable: Trainable, task: Task, rows: np.ndarray, report: Reporter, meter: Meter
) -> np.ndarray:
    """Return the probabilities of some rows, float32 (rows, labels), and report on the way."""
    units_a_text = float(task.tokens.lengths[rows].mean()) if len(rows) else 0.0
    units_a_text *= reading_cost(trainable.known_share)
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
        one_by_one=True,
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
