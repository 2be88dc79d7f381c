"""An encoder that turns texts into vectors, set up for training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.inference.device import autocast
from engine.inference.pooling import Pooling, pool
from engine.inference.side_by_side import compute_batches
from engine.training.batching import bounded_batches, sorted_batches
from engine.training.checkpoint import load_encoder
from engine.training.dropout import use_cheap_dropout
from engine.training.resuming.state import State, chance, set_chance
from engine.training.tokens import Tokens
from engine.training.vocabulary import keep_seen_embeddings, restore_embeddings

CHUNK = 16
"""Texts that go through the encoder together in a training step, sorted by length: on a CPU the
padding that this saves is worth more than larger matrices."""
GPU_CHUNK = 256
READ_AT_ONCE = 32


class SentenceEncoder:
    """Owns an encoder while it trains; `finish` makes it whole again.

    `tokens` are the texts of the run; texts are named by their row in it. Until `finish` it can
    read the rows `learned` only, since only their word pieces are kept.
    """

    def __init__(
        self,
        folder: Path,
        pooling: Pooling,
        tokens: Tokens,
        device: torch.device,
        precision: str,
        seed: int,
        learned: np.ndarray,
    ) -> None:
        torch.manual_seed(seed)
        self.model: Any = load_encoder(folder, device)
        self.tokens = tokens
        self.pooling = pooling
        self.device = device
        self.precision = precision
        self._attention = self.model.config._attn_implementation
        starts = tokens.starts
        seen = [tokens.ids[starts[row] : starts[row + 1]] for row in learned]
        self._embeddings = keep_seen_embeddings(self.model, np.concatenate(seen), [tokens.pad_id])
        self._dropout = use_cheap_dropout(self.model, seed) if device.type == "cpu" else None
        self._chunk = CHUNK if device.type == "cpu" else GPU_CHUNK

    def start_training(self) -> None:
        """Put the encoder in training mode."""
        self.model.train()

    def weights(self) -> dict[str, torch.Tensor]:
        """Return all parameters; they change with the next step."""
        return {name: parameter.detach() for name, parameter in self.model.named_parameters()}

    def load_weights(self, weights: dict[str, torch.Tensor]) -> None:
        """Take back what `weights` returned."""
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(weights[name])

    def chance(self) -> State:
        """Return where the generators stand that dropout draws from."""
        return chance(self._dropout, self.device)

    def set_chance(self, state: State) -> None:
        """Put the generators where `chance` found them."""
        set_chance(state, self._dropout, self.device)

    def encode(self, rows: np.ndarray) -> torch.Tensor:
        """Return vectors for a step, float32 (rows, dimensions), through which gradients travel.

        Every row is encoded once; name a text once.
        """
        lengths = self.tokens.lengths[rows]
        places, found = [], []
        for chunk in sorted_batches(lengths, self._chunk):
            places.append(chunk)
            found.append(self._vectors(rows[chunk]))
        back = np.argsort(np.concatenate(places))
        return torch.cat(found)[torch.from_numpy(back).to(self.device)]

    def embed(
        self,
        rows: np.ndarray,
        check: Callable[[], None] = lambda: None,
        on_progress: Callable[[int], None] = lambda texts: None,
    ) -> np.ndarray:
        """Return the vectors of texts, float32 (rows, dimensions), in the order of `rows`.

        `check` is called before every batch and may raise, to stop; `on_progress` gets the number
        of texts done so far.
        """
        self.model.eval()
        width = self.model.config.hidden_size * len(self.pooling.modes)
        found = np.zeros((len(rows), width), np.float32)
        done = 0

        def compute(places: np.ndarray) -> np.ndarray:
            return np.asarray(self._vectors(rows[places]).cpu())

        def take(places: np.ndarray, vectors: np.ndarray) -> None:
            nonlocal done
            found[places] = vectors
            done += len(places)
            on_progress(done)

        batches = bounded_batches(self.tokens.lengths[rows], READ_AT_ONCE)
        compute_batches(batches, compute, take, self.device, check, one_by_one=True)
        return found

    def finish(self) -> None:
        """Put the whole embedding table back, and be ready to read any text."""
        if self._embeddings is not None:
            restore_embeddings(self.model, self._embeddings)
            self._embeddings = None
        if self.model.config._attn_implementation != self._attention:
            self.model.set_attn_implementation(self._attention)
        self.model.eval()

    def _vectors(self, rows: np.ndarray) -> torch.Tensor:
        ids, mask = self.tokens.batch(rows, self.device)
        with autocast(self.device, self.precision):
            hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        return pool(hidden, mask, self.pooling)
