"""Steps in parts: what does not fit into the memory at once is computed one part after another.

The optimiser still sees the gradient of the whole batch: each part's mean loss counts by its share
of what the mean is over.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from engine.core.language import tr
from engine.jobs.memory import is_out_of_memory
from engine.jobs.reporting import Reporter
from engine.training.optimisation import Stepper
from engine.training.resuming.state import State


class MicroBatches:
    """Computes gradients; `size` is how many rows are computed at once, 0 for all of a step.

    It is halved whenever the memory is not enough, which is told in the log, and stays so. `what`
    names the rows in the plural, a marked text.
    """

    def __init__(self, report: Reporter, what: str) -> None:
        self.size = 0
        self._report = report
        self._what = what

    def backward(
        self,
        rows: np.ndarray,
        loss_of: Callable[[np.ndarray], torch.Tensor],
        weight_of: Callable[[np.ndarray], float],
        stepper: Stepper,
    ) -> torch.Tensor:
        """Back-propagate the mean loss of some rows and return it.

        `loss_of` is the mean loss of rows over their weight, `weight_of`.
        """

        def in_parts() -> torch.Tensor:
            size = self.size or len(rows)
            if size >= len(rows):
                loss = loss_of(rows)
                stepper.backward(loss)
                return loss.detach()
            total = weight_of(rows)
            whole = torch.zeros(())
            for first in range(0, len(rows), size):
                part = rows[first : first + size]
                weight = weight_of(part)
                if weight:
                    loss = loss_of(part) * (weight / total)
                    stepper.backward(loss)
                    whole = whole.to(loss.device) + loss.detach()
            return whole

        return self.sparing(in_parts, len(rows), stepper)

    def sparing(
        self, compute: Callable[[], torch.Tensor], rows: int, stepper: Stepper
    ) -> torch.Tensor:
        """Return what `compute` gives, called again with half the size while memory is short.

        Raises:
            Exception: what `compute` raises, where the memory is not enough for a single row.
        """
        while True:
            try:
                return compute()
            except Exception as error:
                now = min(self.size or rows, rows)
                if now == 1 or not is_out_of_memory(error):
                    raise
            # Outside of the handler: the error holds on to what did not fit.
            stepper.drop_gradients()
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
            self.size = now // 2
            self._report.log(
                tr(
                    "The memory was not enough for {n} {what} at once, so {size} are computed at "
                    "a time from here on. A step still learns from as many as before.",
                    n=now,
                    what=tr(self._what),
                    size=self.size,
                )
            )

    def state(self) -> State:
        """Return how many rows fit."""
        return State(facts={"size": self.size})

    def restore(self, state: State) -> None:
        """Go on with what fitted before."""
        self.size = state.facts["size"]
