"""Tags of whole texts from a loaded model: windows in batches, put back into the order of texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from engine.inference.device import autocast
from engine.inference.side_by_side import compute_batches
from engine.training.batching import bounded_batches
from engine.training.tagging.scheme import NO_TAG, ScoredSpan, read_tags
from engine.training.tagging.windows import Windows


@dataclass(frozen=True, slots=True)
class PredictedTags:
    """The likeliest tag of every piece, int64, and its probability, float32 (all pieces).

    Only pieces of the predicted texts have a meaning. `loss` is the mean negative log likelihood
    of the gold tags, where these were given.
    """

    tags: np.ndarray
    probabilities: np.ndarray
    loss: float = 0.0


def predict_tags(
    model: Any,
    windows: Windows,
    texts: np.ndarray,
    *,
    device: torch.device,
    precision: str = "fp32",
    batch_size: int = 64,
    gold: np.ndarray | None = None,
    check: Callable[[], None] = lambda: None,
    on_progress: Callable[[int], None] = lambda windows: None,
    one_by_one: bool = False,
) -> PredictedTags:
    """Return the tags of the texts with these numbers.

    `gold` is the tags of all pieces, where the loss is wanted. Windows of similar length are
    computed together. `check` is called before each batch and may raise, to stop; `on_progress`
    gets the number of windows done so far. `one_by_one` as in `compute_batches`.
    """
    model.eval()
    pieces = windows.pieces
    tags = np.zeros(len(pieces.ids), np.int64)
    probabilities = np.zeros(len(pieces.ids), np.float32)
    numbers = windows.of(texts)
    loss, counted, done = 0.0, 0, 0

    def compute(places: np.ndarray) -> tuple[torch.Tensor, torch.Tensor, float, int]:
        chosen = numbers[places]
        ids, mask = windows.batch(chosen, device)
        with autocast(device, precision):
            logits = model(input_ids=ids, attention_mask=mask).logits.float()
        best, tag = (part.cpu() for part in logits.softmax(-1).max(-1))
        if gold is None:
            return best, tag, 0.0, 0
        targets = windows.targets(chosen, gold).to(device)
        of_batch = functional.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), ignore_index=NO_TAG, reduction="sum"
        )
        return best, tag, float(of_batch), int((targets != NO_TAG).sum())

    def take(places: np.ndarray, result: tuple[torch.Tensor, torch.Tensor, float, int]) -> None:
        nonlocal loss, counted, done
        best, tag = result[0].numpy(), result[1].numpy()
        loss += result[2]
        counted += result[3]
        chosen = numbers[places]
        for row, (number, columns) in enumerate(zip(chosen, windows.columns(chosen), strict=True)):
            own = slice(windows.own_firsts[number], windows.own_lasts[number])
            tags[own] = tag[row, columns]
            probabilities[own] = best[row, columns]
        done += len(places)
        on_progress(done)

    batches = bounded_batches(windows.lengths[numbers], batch_size)
    compute_batches(batches, compute, take, device, check, one_by_one=one_by_one)
    return PredictedTags(tags, probabilities, loss / max(counted, 1))


def spans_of_texts(
    found: PredictedTags, windows: Windows, texts: np.ndarray, unit: str
) -> list[list[ScoredSpan]]:
    """Return the spans that the tags of these texts say, text by text."""
    spans = []
    for text in texts:
        own = windows.pieces.of(int(text))
        first, begins, ends = windows.pieces.units(int(text), unit)
        spans.append(
            read_tags(found.tags[own][first], found.probabilities[own][first], begins, ends)
        )
    return spans
