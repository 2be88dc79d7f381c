"""The training loop of a tagger: epochs of bucketed windows, the best epoch by entity F1 kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from engine.core.errors import KnownError
from engine.inference.device import autocast
from engine.inspection.span_scores import score_spans
from engine.jobs.reporting import Reporter
from engine.training.batching import bucketed_batches
from engine.training.curve import LossCurve
from engine.training.meter import Meter, training_cost
from engine.training.ner_settings import NerSettings
from engine.training.optimisation import Stepper
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
    phase: str = "train",
) -> TaggingFit:
    """Train on the texts `train`; return with the weights of the best epoch in the model.

    Best is the highest entity F1 on the texts `validation`, and the lower loss among equals; with
    no validation texts, the last epoch. In the phase "train" the loss curve is sent as it grows.

    Raises:
        KnownError: when the loss is no longer a number, or there is nothing to train on.
        Cancelled: when someone asked the job to stop.
    """
    windows = task.windows.of(train)
    if not len(windows):
        raise KnownError("All texts of the training part are empty, so there is nothing to learn.")
    lengths = task.windows.lengths[windows]
    random = np.random.default_rng(settings.seed)
    epochs = settings.settled_epochs(len(windows))
    steps_a_pass = -(-len(windows) // settings.batch_size)
    steps = epochs * steps_a_pass
    stepper = Stepper(trainable.model, settings, steps, trainable.precision)
    curve = LossCurve(report, steps, steps_a_pass, trainable.device, phase == "train")
    best: TaggingFit | None = None
    kept: dict[str, torch.Tensor] = {}
    for epoch in range(1, epochs + 1):
        with meter.timed("train"):
            for places in bucketed_batches(lengths, settings.batch_size, random):
                report.check()
                trainable.start_training()
                loss, tokens = _loss(trainable, task, windows[places])
                stepper.step(loss)
                curve.add(loss)
                meter.advance(training_cost(trainable.trained_share) * tokens)
                if phase == "train":
                    report.progress("train", curve.done, steps, meter.seconds_left)
        if not len(validation):
            best = TaggingFit(epoch)
            continue
        with meter.timed("evaluate"):
            found = _score(trainable, task, validation, epoch, curve.done, report, meter)
        if best is None or _rank(found) > _rank(best):
            best = found
            if epoch < epochs:
                kept = trainable.trained_state()
    assert best is not None, "there is at least one epoch"
    if best.best_epoch < epochs and kept:
        trainable.load_trained_state(kept)
    return best


def predict_spans(
    trainable: Trainable, task: TaggingTask, texts: np.ndarray, report: Reporter, meter: Meter
) -> tuple[Predicted, float]:
    """Return the spans predicted of some texts and the mean loss; report on the way."""
    windows = len(task.windows.of(texts))
    units_a_window = task.work(texts) / max(1, windows)
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
    )
    return spans_of_texts(found, task.windows, texts, task.unit), found.loss


def entity_metrics(task: TaggingTask, texts: np.ndarray, predicted: Predicted) -> dict[str, Any]:
    """Return the scores of some texts: whole texts, whole spans (see `score_spans`)."""
    found = [[(start, end, label) for start, end, label, _ in spans] for spans in predicted]
    return score_spans([task.gold[text] for text in texts], found, task.labels)


def _loss(trainable: Trainable, task: TaggingTask, windows: np.ndarray) -> tuple[torch.Tensor, int]:
    """Return the mean loss over the units of a batch, and how many tokens were computed."""
    ids, mask = task.windows.batch(windows, trainable.device)
    targets = task.windows.targets(windows, task.tags).to(trainable.device)
    with autocast(trainable.device, trainable.precision):
        logits = trainable.model(input_ids=ids, attention_mask=mask).logits
    total = functional.cross_entropy(
        logits.float().flatten(0, 1), targets.flatten(), ignore_index=NO_TAG, reduction="sum"
    )
    # A batch may hold no unit at all; its mean would not be a number.
    return total / (targets != NO_TAG).sum().clamp(min=1), ids.numel()


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


def _rank(found: TaggingFit) -> tuple[float, float]:
    return found.metrics["f1"], -found.metrics["loss"]
