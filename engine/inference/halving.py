"""Batches that do not fit into the memory, computed half by half."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
import torch

from engine.jobs.memory import is_out_of_memory

T = TypeVar("T")


def in_parts(
    rows: np.ndarray, compute: Callable[[np.ndarray], T]
) -> Iterator[tuple[np.ndarray, T]]:
    """Yield `rows` and what `compute` gives for them, in halves where memory is not enough.

    A text's result does not depend on which others are computed with it, so the halves, one after
    the other in the order of `rows`, say the same as the whole.

    Raises:
        Exception: what `compute` raises, where the memory is not enough for a single row.
    """
    waiting = [rows]
    while waiting:
        part = waiting.pop()
        try:
            found = compute(part)
        except Exception as error:
            if len(part) == 1 or not is_out_of_memory(error):
                raise
        else:
            yield part, found
            continue
        # Outside of the handler: the error holds on to what did not fit.
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        middle = len(part) // 2
        waiting += [part[middle:], part[:middle]]
