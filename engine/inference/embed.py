"""Embed texts: one vector a text, as the encoder's own folder says how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from engine.inference.device import pick_device
from engine.inference.pooling import Pooling, pool, read_pooling
from engine.inference.quantised import quantise_linear
from engine.inference.side_by_side import compute_batches
from engine.training.batching import bounded_batches
from engine.training.checkpoint import load_encoder, load_tokenizer
from engine.training.tokens import readable_length, tokenise

TEXTS_A_BATCH = 32
"""Larger batches are no faster on a CPU: the activations leave its caches."""
PROMPTS = {"query": ("query",), "document": ("document", "passage", "corpus")}
"""The names under which encoders keep the words that they want before what is searched for, and
before what is found."""


class Embedder:
    """An encoder, loaded. `device` is "auto", "cpu" or "cuda"; `threads` 0 leaves their number.

    It computes in fp32 wherever it runs: vectors that were made on a GPU and on a CPU stand in one
    table, and have to be comparable to the last digit that is kept. With `quantised` it computes on
    the CPU, with linear layers in eight bits: faster, and its vectors, which are others, stand in a
    table of their own.

    Raises:
        KnownError: if the folder holds no encoder, or one whose vectors cannot be computed here.
    """

    def __init__(
        self,
        folder: str | Path,
        device: str = "auto",
        threads: int = 0,
        *,
        quantised: bool = False,
    ) -> None:
        if threads:
            torch.set_num_threads(threads)
        self.folder = Path(folder)
        self.quantised = quantised
        self.device = pick_device("cpu" if quantised else device)
        self._pooling = read_pooling(self.folder)
        self._tokenizer = load_tokenizer(self.folder)
        self._model = load_encoder(self.folder, self.device).eval()
        if quantised:
            quantise_linear(self._model)
        config = self._model.config
        self.dimensions = int(config.hidden_size) * len(self._pooling.modes)
        self._max_length = readable_length(self._tokenizer, config, self._pooling.max_seq_length)

    def embed(
        self,
        texts: Sequence[str],
        kind: str = "document",
        check: Callable[[], None] = lambda: None,
        on_progress: Callable[[int], None] = lambda texts: None,
    ) -> np.ndarray:
        """Return vectors, float32 (texts, dimensions), in the order of the texts.

        `kind` is "document", or "query" for the words somebody looks for: some encoders want other
        words before each. `check` is called before every batch and may raise, to stop;
        `on_progress` gets the number of texts done so far.
        """
        prompt = prompt_for(self._pooling, kind)
        texts = [prompt + text for text in texts] if prompt else texts
        tokens = tokenise(texts, self._tokenizer, self._max_length, check)
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        done = 0

        def compute(rows: np.ndarray) -> np.ndarray:
            ids, mask = tokens.batch(rows, self.device)
            hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
            return np.asarray(pool(hidden, mask, self._pooling).cpu())

        def take(rows: np.ndarray, found: np.ndarray) -> None:
            nonlocal done
            vectors[rows] = found
            done += len(rows)
            on_progress(done)

        batches = bounded_batches(tokens.lengths, TEXTS_A_BATCH)
        compute_batches(batches, compute, take, self.device, check)
        return vectors


def prompt_for(pooling: Pooling, kind: str) -> str:
    """Return the words that the encoder wants before a text of this kind, "" for none.

    As in sentence-transformers' `encode_query` and `encode_document`, the words for no purpose do
    not take the place of those for this one.
    """
    return next((pooling.prompts[name] for name in PROMPTS[kind] if name in pooling.prompts), "")
