"""The training loop of a tagger: epochs of bucketed windows, the best epoch by entity F1 kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from engine.core.errors import KnownError
from engine.core.language import mark, tr
from engine.inference.device import autocast
from engine.inspection.span_scores import score_spans
from engine.jobs.reporting import Reporter
from engine.training.epochs import EpochRun
from engine.training.meter import Meter, reading_cost
from engine.training.ner_settings import NerSettings
from engine.training.resuming.course import Course
from engine.training.resuming.state import State
from engine.training.tagging.predicting import predict_tags, spans_of_texts
from engine.training.tagging.scheme import NO_TAG, ScoredSpan
from engine.training.tagging.task import TaggingTask
from engine.training.trainable import Trainable

Predicted = list[list[ScoredSpan]]


@dataclass(slots=True)
class TaggingFit:
    """What a training run found: the epoch that was kept, and how it did on the validation texts.

    `validation` are the spans predicted, in the order of the texts given.
    """

    best_epoch: int
    metrics: dict[str, Any] = field(default_factory=dict)
    validation: Predicted = field(default_factory=list)


def fit_tagger(
    trainable: Trainable,
    task: TaggingTask,
    train: np.ndarray,
    validation: np.ndarray,
    settings: NerSettings,
    report: Reporter,
    meter: Meter,
    course: Course,
    phase: str = "train",
) -> TaggingFit:
    """Train on the texts `train`; return with the weights of the best epoch in the model.

    Best is the highest entity F1 on the texts `validation`, and the lower loss among equals; with
    no validation texts, the last epoch. In the phase "train" the loss curve is sent as it grows.

    Raises:
        KnownError: when the loss is no longer a number, or there is nothing to train on.
        Cancelled: when someone asked the job to stop.
        Paused: when someone asked it to wait.
    """
    windows = task.windows.of(train)
    if not len(windows):
        raise KnownError(
            tr("All texts of the training part are empty, so there is nothing to learn.")
        )
    run = _Run(trainable, task, validation, settings, report, meter, course, phase)
    epochs = settings.settled_epochs(len(windows))
    return run.go(windows, task.windows.lengths[windows], epochs)


class _Run(EpochRun[TaggingFit]):
    """One call of `fit_tagger`; its items are windows."""

    unit = mark("windows of texts")

    def __init__(
        self,
        trainable: Trainable,
        task: TaggingTask,
        validation: np.ndarray,
        settings: NerSettings,
        report: Reporter,
        meter: Meter,
        course: Course,
        phase: str,
    ) -> None:
        super().__init__(trainable, settings, report, meter, course, phase)
        self._task = task
        self._validation = validation

    def loss(self, items: np.ndarray) -> torch.Tensor:
        trainable, task = self.trainable, self._task
        ids, mask = task.windows.batch(items, trainable.device)
        targets = task.windows.targets(items, task.tags).to(trainable.device)
        with autocast(trainable.device, trainable.precision):
            logits = trainable.model(input_ids=ids, attention_mask=mask).logits
        total = functional.cross_entropy(
            logits.float().flatten(0, 1), targets.flatten(), ignore_index=NO_TAG, reduction="sum"
        )
        # A batch may hold no unit at all; its mean would not be a number.
        return total / (targets != NO_TAG).sum().clamp(min=1)

    def weight(self, items: np.ndarray) -> float:
        return float((self._task.windows.targets(items, self._task.tags) != NO_TAG).sum())

    def score(self, epoch: int, step: int) -> TaggingFit | None:
        if not len(self._validation):
            return None
        return _score(
            self.trainable, self._task, self._validation, epoch, step, self.report, self.meter
        )

    def unscored(self, epoch: int) -> TaggingFit:
        return TaggingFit(epoch)

    def rank(self, found: TaggingFit) -> tuple[float, float]:
        return found.metrics["f1"], -found.metrics["loss"]

    def remembered(self, best: TaggingFit) -> State:
        return State(facts=asdict(best))

    def recalled(self, state: State) -> TaggingFit:
        best = state.facts
        return TaggingFit(best["best_epoch"], best["metrics"], as_predicted(best["validation"]))


def as_predicted(raw: list[list[list[Any]]]) -> Predicted:
    """Return spans that were JSON as they were before."""
    return [[(start, end, label, share) for start, end, label, share in text] for text in raw]


def predict_spans(
    trainable: Trainable, task: TaggingTask, texts: np.ndarray, report: Reporter, meter: Meter
) -> tuple[Predicted, float]:
    """Return the spans predicted of some texts and the mean loss; report on the way."""
    windows = len(task.windows.of(texts))
    units_a_window = task.work(texts) / max(1, windows) * reading_cost(trainable.known_share)
    before = 0

    def tell(done: int) -> None:
        nonlocal before
        meter.advance(units_a_window * (done - before))
        before = done
        report.progress("evaluate", done, windows, meter.seconds_left)

    found = predict_tags(
        trainable.model,
        task.windows,
        texts,
        device=trainable.device,
        precision=trainable.precision,
        gold=task.tags,
        check=report.check,
        on_progress=tell,
        one_by_one=True,
    )
    return spans_of_texts(found, task.windows, texts, task.unit), found.loss


def entity_metrics(task: TaggingTask, texts: np.ndarray, predicted: Predicted) -> dict[str, Any]:
    """Return the scores of some texts: whole texts, whole spans (see `score_spans`)."""
    found = [[(start, end, label) for start, end, label, _ in spans] for spans in predicted]
    return score_spans([task.gold[text] for text in texts], found, task.labels)


def _score(
    trainable: Trainable,
    task: TaggingTask,
    texts: np.ndarray,
    epoch: int,
    step: int,
    report: Reporter,
    meter: Meter,
) -> TaggingFit:
    """Score a model on some texts, and send the scores as a point of the curve."""
    predicted, loss = predict_spans(trainable, task, texts, report, meter)
    metrics = {**entity_metrics(task, texts, predicted), "loss": loss}
    report.send(
        "measured",
        step=step,
        epoch=float(epoch),
        split="validation",
        metrics={"loss": loss, "f1": metrics["f1"]},
    )
    return TaggingFit(epoch, metrics, predicted)
