"""Classify texts with a published model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from engine.inference.device import pick_device, pick_precision
from engine.inference.probabilities import predict_probabilities
from engine.training.checkpoint import load_tokenizer, load_trained
from engine.training.first_token import shorten_last_block
from engine.training.tokens import readable_length, tokenise


class Classifier:
    """A published model, loaded. `labels` are in the order of its probabilities.

    `device` is "auto", "cpu" or "cuda"; `threads` 0 leaves the number of CPU threads as it is.

    Raises:
        KnownError: if the folder holds no trained classifier.
    """

    def __init__(self, folder: str | Path, device: str = "auto", threads: int = 0) -> None:
        if threads:
            torch.set_num_threads(threads)
        self.folder = Path(folder)
        self.device = pick_device(device)
        self._precision = pick_precision("auto", self.device)
        self._tokenizer = load_tokenizer(self.folder)
        self._model = load_trained(self.folder, self.device)
        shorten_last_block(self._model)
        config = self._model.config
        self.labels = tuple(config.id2label[at] for at in range(config.num_labels))
        self.several = config.problem_type == "multi_label_classification"
        self._max_length = readable_length(
            self._tokenizer, config, self._tokenizer.model_max_length
        )

    def classify(
        self,
        texts: Sequence[str],
        batch_size: int = 64,
        check: Callable[[], None] = lambda: None,
        on_progress: Callable[[int], None] = lambda texts: None,
    ) -> np.ndarray:
        """Return probabilities, float32 (texts, labels), in the order of the texts.

        A row sums to 1, unless a text may have several labels. `check` is called before every
        batch and may raise, to stop; `on_progress` gets the number of texts done so far.
        """
        tokens = tokenise(texts, self._tokenizer, self._max_length, check)
        return predict_probabilities(
            self._model,
            tokens,
            np.arange(len(texts)),
            several=self.several,
            device=self.device,
            precision=self._precision,
            batch_size=batch_size,
            check=check,
            on_progress=on_progress,
        )
