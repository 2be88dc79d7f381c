"""The curve of the training loss, sent as it grows."""

from __future__ import annotations

import time

import numpy as np
import torch

from engine.core.errors import KnownError
from engine.jobs.reporting import Reporter

CURVE_STEPS = 10
CURVE_SECONDS = 0.5
"""A point of the loss curve is sent every ten steps, or every half second if that is later."""


class LossCurve:
    """Takes the loss of every step and sends the mean of the steps since the last point.

    With `shown` false nothing is sent, but a loss that is no number still ends the run.
    """

    def __init__(
        self, report: Reporter, steps: int, steps_a_pass: int, device: torch.device, shown: bool
    ) -> None:
        self.done = 0
        self._report = report
        self._steps = steps
        self._steps_a_pass = steps_a_pass
        self._shown = shown
        self._sum = torch.zeros((), device=device)
        self._since = 0
        self._next = time.monotonic()

    def add(self, loss: torch.Tensor) -> None:
        """Count a step.

        Raises:
            KnownError: when the loss is no longer a number.
        """
        self.done += 1
        self._since += 1
        self._sum += loss.detach()
        due = self.done % CURVE_STEPS == 0 and time.monotonic() >= self._next
        if due or self.done == self._steps or self.done % self._steps_a_pass == 0:
            self._send()

    def _send(self) -> None:
        # Reading the loss waits for the GPU, so it is read only when a point is due.
        loss = float(self._sum) / self._since
        if not np.isfinite(loss):
            raise KnownError(
                "Training went astray: the loss is no longer a number, so no model was published "
                "and earlier models are unchanged; try a smaller learning_rate."
            )
        if self._shown:
            self._report.send(
                "measured",
                step=self.done,
                epoch=round(self.done / self._steps_a_pass, 3),
                split="train",
                metrics={"loss": loss},
            )
        self._sum.zero_()
        self._since = 0
        self._next = time.monotonic() + CURVE_SECONDS
