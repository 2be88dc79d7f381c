"""Mark spans in texts with a published model."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from engine.inference.device import pick_device, pick_precision
from engine.training.checkpoint import load_tokenizer
from engine.training.tagging.checkpoint import load_trained_tagger
from engine.training.tagging.pieces import read_pieces
from engine.training.tagging.predicting import predict_tags, spans_of_texts
from engine.training.tagging.scheme import ScoredSpan
from engine.training.tagging.windows import make_windows
from engine.training.tokens import readable_length

TEXTS_AT_ONCE = 2000
"""Bounds the memory for the pieces of a large file."""


def is_tagger(folder: str | Path) -> bool:
    """Whether a published model marks spans; False where that cannot be read."""
    try:
        config = json.loads((Path(folder) / "config.json").read_text(encoding="utf-8"))
        names = config["architectures"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return any(str(name).endswith("ForTokenClassification") for name in names or ())


class Tagger:
    """A published model that marks spans, loaded. `labels` are the kinds of span.

    `device` is "auto", "cpu" or "cuda"; `threads` 0 leaves the number of CPU threads as it is.

    Raises:
        KnownError: if the folder holds no trained tagger.
    """

    def __init__(self, folder: str | Path, device: str = "auto", threads: int = 0) -> None:
        if threads:
            torch.set_num_threads(threads)
        self.folder = Path(folder)
        self.device = pick_device(device)
        self._precision = pick_precision("auto", self.device)
        self._tokenizer = load_tokenizer(self.folder)
        self._model, self.labels, self._unit = load_trained_tagger(self.folder, self.device)
        self._max_length = readable_length(
            self._tokenizer, self._model.config, self._tokenizer.model_max_length
        )

    def tag(
        self,
        texts: Sequence[str],
        check: Callable[[], None] = lambda: None,
        on_progress: Callable[[int], None] = lambda texts: None,
    ) -> list[list[ScoredSpan]]:
        """Return the spans of each text: (start, end, label position, confidence).

        Start and end are code points of the text, the end exclusive; the spans are in the order of
        the text and never overlap. The confidence is the mean probability of a span's tags. Texts
        of any length are read whole. `check` is called before every batch and may raise, to stop;
        `on_progress` gets the number of texts done so far.
        """
        found: list[list[ScoredSpan]] = []
        for first in range(0, len(texts), TEXTS_AT_ONCE):
            chunk = texts[first : first + TEXTS_AT_ONCE]
            found.extend(self._tag(chunk, first, check, on_progress))
            on_progress(len(found))
        return found

    def _tag(
        self,
        texts: Sequence[str],
        before: int,
        check: Callable[[], None],
        on_progress: Callable[[int], None],
    ) -> list[list[ScoredSpan]]:
        windows = make_windows(
            read_pieces(texts, self._tokenizer, check), self._tokenizer, self._max_length
        )
        rows = np.arange(len(texts))
        count = len(windows.texts)
        found = predict_tags(
            self._model,
            windows,
            rows,
            device=self.device,
            precision=self._precision,
            check=check,
            # Windows are computed by length, so how many texts are whole is known at the end only.
            on_progress=lambda done: on_progress(before + done * len(texts) // count),
        )
        return spans_of_texts(found, windows, rows, self._unit)
