"""Classify texts with a published model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch

from engine.inference.device import pick_device, pick_precision
from engine.inference.probabilities import predict_probabilities
from engine.inference.setfit_head import has_head
from engine.inference.setfit_model import SetFitModel
from engine.training.checkpoint import load_tokenizer, load_trained
from engine.training.first_token import shorten_last_block
from engine.training.tokens import readable_length, tokenise


class Classifier:
    """A published model, loaded, by whatever method it was trained.

    `labels` are in the order of its probabilities; `several` says that a text may have several.
    `device` is "auto", "cpu" or "cuda"; `threads` 0 leaves the number of CPU threads as it is.

    Raises:
        KnownError: if the folder holds no trained classifier.
    """

    def __init__(self, folder: str | Path, device: str = "auto", threads: int = 0) -> None:
        if threads:
            torch.set_num_threads(threads)
        self.folder = Path(folder)
        self.device = pick_device(device)
        kind = SetFitModel if has_head(self.folder) else _SequenceModel
        self._model: _Model = kind(self.folder, self.device)
        self.labels = self._model.labels
        self.several = self._model.several

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
        return self._model.classify(texts, batch_size, check, on_progress)


class _Model(Protocol):
    """What a kind of model has to know; `classify` is as in `Classifier`."""

    labels: tuple[str, ...]
    several: bool

    def classify(
        self,
        texts: Sequence[str],
        batch_size: int,
        check: Callable[[], None],
        on_progress: Callable[[int], None],
    ) -> np.ndarray: ...


class _SequenceModel:
    """Encoder and head as one architecture, as fine-tuning publishes it."""

    def __init__(self, folder: Path, device: torch.device) -> None:
        self._device = device
        self._precision = pick_precision("auto", device)
        self._tokenizer = load_tokenizer(folder)
        self._model = load_trained(folder, device)
        shorten_last_block(self._model)
        config = self._model.config
        self.labels: tuple[str, ...] = tuple(config.id2label[at] for at in range(config.num_labels))
        self.several: bool = config.problem_type == "multi_label_classification"
        self._max_length = readable_length(
            self._tokenizer, config, self._tokenizer.model_max_length
        )

    def classify(
        self,
        texts: Sequence[str],
        batch_size: int,
        check: Callable[[], None],
        on_progress: Callable[[int], None],
    ) -> np.ndarray:
        tokens = tokenise(texts, self._tokenizer, self._max_length, check)
        return predict_probabilities(
            self._model,
            tokens,
            np.arange(len(texts)),
            several=self.several,
            device=self._device,
            precision=self._precision,
            batch_size=batch_size,
            check=check,
            on_progress=on_progress,
        )
