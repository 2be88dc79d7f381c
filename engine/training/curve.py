"""The curve of the training loss, sent as it grows."""

from __future__ import annotations

import time

import numpy as np
import torch

from engine.jobs.reporting import Reporter
from engine.training.resuming.sound import astray
from engine.training.resuming.state import State

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

    def state(self) -> State:
        """Return the steps so far, and what was not yet sent of them."""
        return State({"sum": self._sum}, {"done": self.done, "since": self._since})

    def restore(self, state: State) -> None:
        """Go on from what `state` returned."""
        self._sum.copy_(state.tensors["sum"])
        self.done, self._since = state.facts["done"], state.facts["since"]

    def _send(self) -> None:
        # Reading the loss waits for the GPU, so it is read only when a point is due.
        loss = float(self._sum) / self._since
        if not np.isfinite(loss):
            raise astray()
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
