"""Train only the head: every text goes through the encoder once, then the head is fitted.

The usual loop runs the frozen encoder over every text in every epoch and stops long before the
head has converged. Here what the encoder hands to the head is known (`engine.training.prefix`), and
L-BFGS minimises the regularised loss on all texts together, which takes seconds.
"""

from __future__ import annotations

import numpy as np
import torch

from engine.core.language import mark
from engine.jobs.reporting import Reporter
from engine.training.loop import Fit, score_validation
from engine.training.meter import Meter, reading_cost
from engine.training.objective import label_weights, make_objective
from engine.training.prefix.known import KnownPrefix
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


FEW_ROWS = 2
"""The first token and the pooler: of so many rows a text, all texts fit into one batch."""


def can_be_fitted(known: KnownPrefix | None) -> bool:
    """Return whether what the head reads of each text is known, and no more than one token."""
    return known is not None and known.rows_a_text <= FEW_ROWS


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
) -> Fit:
    """Fit the head to convergence on the rows `train`; score it on the rows `validation`.

    What the head reads of them is known (see `can_be_fitted`).

    Raises:
        KnownError: when the loss is no longer a number.
        Cancelled: when someone asked the job to stop.
        Paused: when someone asked it to wait.
    """
    fitted = course.take("head")
    if fitted is not None:
        trainable.load_trained_state(fitted.tensors)
    else:
        with meter.timed("train"):
            _minimise(trainable, task, train, settings, report, phase)
            meter.advance(float(task.tokens.lengths[train].sum()) * reading_cost(1.0))
        require_numbers(trainable.weights().values())
    course.follow("head", lambda: State(trainable.weights()), phase)
    if not len(validation):
        return Fit(1)
    with meter.timed("evaluate"):
        return score_validation(trainable, task, validation, 1, ROUNDS, report, meter)


def _minimise(
    trainable: Trainable,
    task: Task,
    train: np.ndarray,
    settings: Settings,
    report: Reporter,
    phase: str,
) -> None:
    """Minimise the regularised loss, in evaluation mode: noise would only blur the minimum."""
    model, device = trainable.model, trainable.device
    model.eval()
    weights = label_weights(task.targets[train], len(task.labels), settings.class_weights)
    objective = make_objective(weights, task.several, device)
    targets = torch.from_numpy(task.targets[train]).to(device)
    parameters = [one for one in model.parameters() if one.requires_grad]
    penalised = [one for one in parameters if one.ndim > 1]
    ids, mask = task.tokens.batch(train, device)
    optimiser = torch.optim.LBFGS(parameters, max_iter=STEPS_A_ROUND, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        # A pause waits for these seconds: half way down there is nothing to go on from.
        report.check(pausing=False)
        optimiser.zero_grad()
        loss = objective(model(input_ids=ids, attention_mask=mask).logits, targets)
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
