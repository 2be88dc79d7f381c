"""Train only the head: every text goes through the encoder once, then the head is fitted.

The usual loop runs the frozen encoder over every text in every epoch and stops long before the
head has converged. Here what the encoder hands to the head is kept, and L-BFGS minimises the
regularised loss on all texts together, which takes seconds.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from transformers.modeling_outputs import BaseModelOutputWithPooling

from engine.core.errors import KnownError
from engine.core.language import mark, tr
from engine.jobs.reporting import Reporter
from engine.training.batching import sorted_batches
from engine.training.loop import Fit, score_validation
from engine.training.meter import Meter
from engine.training.objective import label_weights, make_objective
from engine.training.resuming.course import Course
from engine.training.resuming.sound import astray, require_numbers
from engine.training.resuming.state import State
from engine.training.settings import Settings
from engine.training.task import Task
from engine.training.trainable import Trainable

ROUNDS = 20
STEPS_A_ROUND = 10
STRENGTH = 1.0
"""The penalty is |w|² / (2 · STRENGTH · texts), as in scikit-learn's logistic regression."""
SETTLED = 1e-5
"""The head has converged when a round lowers the loss by less than this share."""


class _Replay(nn.Module):
    """Stands in for the encoder and answers with what it once gave for the current rows."""

    def __init__(self, first: torch.Tensor, pooled: torch.Tensor | None) -> None:
        super().__init__()
        self.first = first
        self.pooled = pooled
        self.rows = torch.zeros(0, dtype=torch.int64)

    def forward(self, *inputs: object, **options: object) -> BaseModelOutputWithPooling:
        pooled = None if self.pooled is None else self.pooled[self.rows]
        return BaseModelOutputWithPooling(
            last_hidden_state=self.first[self.rows][:, None, :], pooler_output=pooled
        )


def fit_head(
    trainable: Trainable,
    task: Task,
    train: np.ndarray,
    validation: np.ndarray,
    settings: Settings,
    report: Reporter,
    meter: Meter,
    course: Course,
    phase: str = "train",
) -> Fit | None:
    """Fit the head to convergence on the rows `train`; score it on the rows `validation`.

    Returns None, with the model unchanged, for an architecture whose head reads more than the
    first token: its head needs the ordinary loop.
    """
    model = trainable.model
    encoder = model.base_model
    if any(parameter.requires_grad for parameter in encoder.parameters()):
        return None
    fitted = course.take("head")
    if fitted is not None:
        trainable.load_trained_state(fitted.tensors)
    else:
        with meter.timed("train"):
            replay = _encode(trainable, task, train, report, meter, course, phase)
            if not _computes_the_same(trainable, task, replay, train):
                return None
            setattr(model, model.base_model_prefix, replay)
            try:
                _minimise(trainable, task, replay, train, settings, report, phase)
            finally:
                setattr(model, model.base_model_prefix, encoder)
        require_numbers(trainable.weights().values())
    course.follow("head", lambda: State(trainable.weights()), phase)
    if not len(validation):
        return Fit(1)
    with meter.timed("evaluate"):
        return score_validation(trainable, task, validation, 1, ROUNDS, report, meter)


def _encode(
    trainable: Trainable,
    task: Task,
    rows: np.ndarray,
    report: Reporter,
    meter: Meter,
    course: Course,
    phase: str,
) -> _Replay:
    """Run the encoder once over `rows`; row i of the result belongs to rows[i]."""
    model, device = trainable.model, trainable.device
    model.eval()
    lengths = task.tokens.lengths[rows]
    batches = sorted_batches(lengths, 32)
    before = course.take("encoding") or State(facts={"step": 0, "done": 0})
    first, pooled = (before.tensors.get(name) for name in ("first", "pooled"))
    first = None if first is None else first.to(device)
    pooled = None if pooled is None else pooled.to(device)
    step, done = before.facts["step"], before.facts["done"]

    def capture() -> State:
        found = {"first": first, "pooled": pooled}
        tensors = {name: one for name, one in found.items() if one is not None}
        return State(tensors, {"step": step, "done": done})

    course.follow("encoding", capture, phase, len(batches))
    for places in batches[step:]:
        report.check()
        course.save_if_due()
        ids, mask = task.tokens.batch(rows[places], device)
        with torch.no_grad():
            output = model.base_model(input_ids=ids, attention_mask=mask)
        states = output.last_hidden_state[:, 0].float()
        if first is None:
            first = torch.zeros(len(rows), states.shape[1], device=device)
        at = torch.from_numpy(places).to(device)
        first[at] = states
        if getattr(output, "pooler_output", None) is not None:
            if pooled is None:
                pooled = torch.zeros(len(rows), output.pooler_output.shape[1], device=device)
            pooled[at] = output.pooler_output.float()
        step += 1
        done += len(places)
        meter.advance(float(lengths[places].sum()))
        report.progress("train", done, len(rows), meter.seconds_left)
    if first is None:
        raise KnownError(tr("Training needs labelled texts; label some and train again."))
    return _Replay(first, pooled)


def _computes_the_same(trainable: Trainable, task: Task, replay: _Replay, rows: np.ndarray) -> bool:
    """Compare the replay with the whole model on a few texts."""
    model = trainable.model
    some = np.arange(min(8, len(rows)))
    ids, mask = task.tokens.batch(rows[some], trainable.device)
    encoder = model.base_model
    with torch.no_grad():
        whole = model(input_ids=ids, attention_mask=mask).logits
        setattr(model, model.base_model_prefix, replay)
        replay.rows = torch.from_numpy(some)
        try:
            short = model(input_ids=ids, attention_mask=mask).logits
        except (RuntimeError, ValueError):
            return False
        finally:
            setattr(model, model.base_model_prefix, encoder)
    return whole.shape == short.shape and torch.allclose(whole, short, atol=1e-4)


def _minimise(
    trainable: Trainable,
    task: Task,
    replay: _Replay,
    train: np.ndarray,
    settings: Settings,
    report: Reporter,
    phase: str,
) -> None:
    """Minimise the regularised loss, in evaluation mode: noise would only blur the minimum."""
    model, device = trainable.model, trainable.device
    weights = label_weights(task.targets[train], len(task.labels), settings.class_weights)
    objective = make_objective(weights, task.several, device)
    targets = torch.from_numpy(task.targets[train]).to(device)
    parameters = [one for one in model.parameters() if one.requires_grad]
    penalised = [one for one in parameters if one.ndim > 1]
    replay.rows = torch.arange(len(train), device=device)
    ids = torch.zeros((len(train), 1), dtype=torch.int64, device=device)
    optimiser = torch.optim.LBFGS(parameters, max_iter=STEPS_A_ROUND, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        # A pause waits for these seconds: half way down there is nothing to go on from.
        report.check(pausing=False)
        optimiser.zero_grad()
        loss = objective(model(input_ids=ids).logits, targets)
        penalty = sum((one.square().sum() for one in penalised), torch.zeros((), device=device))
        total = loss + penalty / (2 * STRENGTH * len(train))
        total.backward()
        return total

    last = float("inf")
    for number in range(1, ROUNDS + 1):
        loss = optimiser.step(closure).item()
        if not np.isfinite(loss):
            raise astray(mark("check the base model"))
        if phase == "train":
            report.send(
                "measured",
                step=number * STEPS_A_ROUND,
                epoch=1.0,
                split="train",
                metrics={"loss": loss},
            )
        if last - loss < SETTLED * abs(loss):
            break
        last = loss
