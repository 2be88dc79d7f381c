"""The training loop of a tagger: epochs of bucketed windows, the best epoch by entity F1 kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import partial
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
from engine.training.micro_batches import MicroBatches
from engine.training.ner_settings import NerSettings
from engine.training.optimisation import Stepper
from engine.training.resuming.course import Course
from engine.training.resuming.passes import Passes
from engine.training.resuming.sound import require_numbers
from engine.training.resuming.state import State, joined
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
        raise KnownError("All texts of the training part are empty, so there is nothing to learn.")
    lengths = task.windows.lengths[windows]
    run = _Run(trainable, task, settings, report, meter, course, phase)
    epochs = settings.settled_epochs(len(windows))
    run.start(len(windows), epochs)
    passes = run.passes
    while passes.number <= epochs:
        batches = passes.draw(partial(bucketed_batches, lengths, settings.batch_size))
        with meter.timed("train"):
            for places in batches[passes.read :]:
                run.step(windows[places])
        if len(validation):
            with meter.timed("evaluate"):
                found = _score(
                    trainable, task, validation, passes.number, run.curve.done, report, meter
                )
            run.keep_better(found, last=passes.number == epochs)
        else:
            run.best = TaggingFit(passes.number)
        passes.next()
    return run.finish()


class _Run:
    """The state of one call of `fit_tagger`."""

    def __init__(
        self,
        trainable: Trainable,
        task: TaggingTask,
        settings: NerSettings,
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
        self.best: TaggingFit | None = None
        self.kept: dict[str, torch.Tensor] = {}
        self.micro = MicroBatches(report, "windows of texts")

    def start(self, windows: int, epochs: int) -> None:
        """Make ready for the first step, or for the one that a checkpoint stands at."""
        trainable, settings = self.trainable, self.settings
        steps_a_pass = -(-windows // settings.batch_size)
        self.steps = steps = epochs * steps_a_pass
        self.stepper = Stepper(trainable.model, settings, steps, trainable.precision)
        shown = self.phase == "train"
        self.curve = LossCurve(self.report, steps, steps_a_pass, trainable.device, shown)
        state = self.course.take("passes")
        if state is not None:
            self._restore(state)
        self.course.follow("passes", self.state, self.phase, steps)

    def step(self, windows: np.ndarray) -> None:
        self.report.check()
        self.course.save_if_due()
        self.trainable.start_training()
        loss = self.micro.backward(windows, self._loss, self._units, self.stepper)
        self.stepper.update()
        self.curve.add(loss)
        self.passes.read += 1
        tokens = len(windows) * int(self.task.windows.lengths[windows].max())
        self.meter.advance(training_cost(self.trainable.trained_share) * tokens)
        if self.phase == "train":
            self.report.progress("train", self.curve.done, self.steps, self.meter.seconds_left)

    def _loss(self, windows: np.ndarray) -> torch.Tensor:
        """Return the mean loss over the units of a batch."""
        trainable, task = self.trainable, self.task
        ids, mask = task.windows.batch(windows, trainable.device)
        targets = task.windows.targets(windows, task.tags).to(trainable.device)
        with autocast(trainable.device, trainable.precision):
            logits = trainable.model(input_ids=ids, attention_mask=mask).logits
        total = functional.cross_entropy(
            logits.float().flatten(0, 1), targets.flatten(), ignore_index=NO_TAG, reduction="sum"
        )
        # A batch may hold no unit at all; its mean would not be a number.
        return total / (targets != NO_TAG).sum().clamp(min=1)

    def _units(self, windows: np.ndarray) -> float:
        return float((self.task.windows.targets(windows, self.task.tags) != NO_TAG).sum())

    def keep_better(self, found: TaggingFit, *, last: bool) -> None:
        """Keep what was found after an epoch, with its weights, if it is the best so far."""
        if self.best is None or _rank(found) > _rank(self.best):
            self.best = found
            self.kept = {} if last else self.trainable.trained_state()

    def finish(self) -> TaggingFit:
        """Put the weights of the best epoch into the model, and let go of all others."""
        assert self.best is not None, "there is at least one epoch"
        self.stepper.forget()
        if self.kept:
            self.trainable.load_trained_state(self.kept)
            self.kept = {}
        require_numbers(self.trainable.weights().values())
        return self.best

    def state(self) -> State:
        """Return all that decides what comes next."""
        best = {} if self.best is None else asdict(self.best)
        return joined(
            weights=State(self.trainable.weights()),
            optimiser=self.stepper.state(),
            curve=self.curve.state(),
            chance=self.trainable.chance(),
            passes=self.passes.state(),
            micro=self.micro.state(),
            best=State(facts=best),
            kept=State(self.kept),
        ).at(self.curve.done)

    def _restore(self, state: State) -> None:
        self.trainable.load_trained_state(state.part("weights").tensors)
        self.stepper.restore(state.part("optimiser"))
        self.curve.restore(state.part("curve"))
        self.trainable.set_chance(state.part("chance"))
        self.passes.restore(state.part("passes"))
        self.micro.restore(state.part("micro"))
        best = state.part("best").facts
        self.best = (
            TaggingFit(best["best_epoch"], best["metrics"], as_predicted(best["validation"]))
            if best
            else None
        )
        self.kept = state.part("kept").tensors


def as_predicted(raw: list[list[list[Any]]]) -> Predicted:
    """Return spans that were JSON as they were before."""
    return [[(start, end, label, share) for start, end, label, share in text] for text in raw]


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
