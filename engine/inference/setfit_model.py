"""Classify texts with a published SetFit model: an encoder's vectors, and a head on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from engine.inference.device import autocast, pick_precision
from engine.inference.pooling import pool, read_pooling
from engine.inference.setfit_head import load_head
from engine.inference.side_by_side import compute_batches
from engine.training.batching import bounded_batches
from engine.training.checkpoint import load_encoder, load_tokenizer
from engine.training.tokens import readable_length, tokenise


class SetFitModel:
    """A published SetFit model, loaded. `labels` are in the order of its probabilities.

    Raises:
        KnownError: if the folder cannot be read.
    """

    def __init__(self, folder: Path, device: torch.device) -> None:
        self._device = device
        self.head, self.labels = load_head(folder)
        self.several = self.head.several
        self._pooling = read_pooling(folder)
        self._precision = pick_precision("auto", self._device)
        self._tokenizer = load_tokenizer(folder)
        self._model = load_encoder(folder, self._device).eval()
        self._max_length = readable_length(
            self._tokenizer, self._model.config, self._pooling.max_seq_length
        )

    def classify(
        self,
        texts: Sequence[str],
        batch_size: int,
        check: Callable[[], None],
        on_progress: Callable[[int], None],
    ) -> np.ndarray:
        """Return probabilities, float32 (texts, labels): see `engine.inference.classify`."""
        prompt = self._pooling.prompt
        words = [prompt + text for text in texts] if prompt else texts
        tokens = tokenise(words, self._tokenizer, self._max_length, check)
        found = np.zeros((len(texts), len(self.labels)), np.float32)
        done = 0

        def compute(rows: np.ndarray) -> np.ndarray:
            ids, mask = tokens.batch(rows, self._device)
            with autocast(self._device, self._precision):
                hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
            return np.asarray(pool(hidden, mask, self._pooling).cpu())

        def take(rows: np.ndarray, vectors: np.ndarray) -> None:
            nonlocal done
            found[rows] = self.head.probabilities(vectors)
            done += len(rows)
            on_progress(done)

        batches = bounded_batches(tokens.lengths, batch_size)
        compute_batches(batches, compute, take, self._device, check)
        return found
