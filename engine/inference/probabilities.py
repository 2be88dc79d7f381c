"""Probabilities of many texts from a loaded model, in the order of the texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from engine.inference.device import autocast
from engine.inference.side_by_side import compute_batches
from engine.training.batching import bounded_batches
from engine.training.tokens import Tokens


def predict_probabilities(
    model: Any,
    tokens: Tokens,
    rows: np.ndarray,
    *,
    several: bool,
    device: torch.device,
    precision: str = "fp32",
    batch_size: int = 64,
    check: Callable[[], None] = lambda: None,
    on_progress: Callable[[int], None] = lambda texts: None,
    one_by_one: bool = False,
) -> np.ndarray:
    """Return float32 (rows, labels): softmax, or with `several` labels a text a sigmoid for each.

    Texts of similar length are computed together and put back into the order of `rows`. `check`
    is called before each batch and may raise, to stop; `on_progress` gets the texts done so far.
    `one_by_one` as in `compute_batches`.
    """
    model.eval()
    lengths = tokens.lengths[rows]
    found = np.zeros((len(rows), model.config.num_labels), np.float32)
    done = 0

    def compute(places: np.ndarray) -> np.ndarray:
        ids, mask = tokens.batch(rows[places], device)
        with autocast(device, precision):
            logits = model(input_ids=ids, attention_mask=mask).logits.float()
        probabilities = logits.sigmoid() if several else logits.softmax(-1)
        return np.asarray(probabilities.cpu())

    def take(places: np.ndarray, probabilities: np.ndarray) -> None:
        nonlocal done
        found[places] = probabilities
        done += len(places)
        on_progress(done)

    batches = bounded_batches(lengths, batch_size)
    compute_batches(batches, compute, take, device, check, one_by_one=one_by_one)
    return found
