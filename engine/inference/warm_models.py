"""The models that a worker keeps loaded between small orders: one of each kind.

They classify texts, mark passages in them, or embed them. All answer with what goes into an event,
in portions, so that a long order is heard of early and can be given up between two of them.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from engine.inference.classify import Classifier
from engine.inference.embed import Embedder
from engine.inference.tag import Tagger

PORTION = 256
"""Texts in one answer."""
MARKED_PORTION = 64
"""The same where they are read to their ends, however long they are."""


class WarmModels:
    """Loads a model when it is first asked for, and again when `device` has changed."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._classifier: Classifier | None = None
        self._tagger: Tagger | None = None
        self._embedder: Embedder | None = None

    def classify(self, model: str, texts: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield {"first", "probabilities", "labels"} of a portion, by the model in that folder."""
        classifier = self._classifier
        if classifier is None or str(classifier.folder) != model:
            self._classifier = None  # two models at once might not fit
            classifier = self._classifier = Classifier(model, self._device)
        for first in range(0, len(texts), PORTION):
            found = classifier.classify(texts[first : first + PORTION])
            yield {
                "first": first,
                "probabilities": found.astype(float).round(6).tolist(),
                "labels": list(classifier.labels),
            }

    def tag(self, model: str, texts: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield {"first", "spans", "labels"} of a portion, by the tagger in that folder.

        The spans of a text are (start, end, position among the labels, confidence) each.
        """
        tagger = self._tagger
        if tagger is None or str(tagger.folder) != model:
            self._tagger = None
            tagger = self._tagger = Tagger(model, self._device)
        for first in range(0, len(texts), MARKED_PORTION):
            found = tagger.tag(texts[first : first + MARKED_PORTION])
            yield {
                "first": first,
                "spans": [
                    [
                        (start, end, label, round(confidence, 6))
                        for start, end, label, confidence in one
                    ]
                    for one in found
                ],
                "labels": list(tagger.labels),
            }

    def embed(
        self, model: str, texts: Sequence[str], kind: str = "document", quantised: bool = False
    ) -> Iterator[dict[str, Any]]:
        """Yield {"first", "vectors", "dimensions"} of a portion, by the encoder in that folder.

        The vectors are float16, row by row, as base64. `kind` is "document" or "query";
        `quantised` as in `Embedder`.
        """
        embedder = self._embedder
        wanted = (model, quantised)
        if embedder is None or (str(embedder.folder), embedder.quantised) != wanted:
            self._embedder = None
            embedder = self._embedder = Embedder(model, self._device, quantised=quantised)
        for first in range(0, len(texts), PORTION):
            vectors = embedder.embed(texts[first : first + PORTION], kind).astype(np.float16)
            yield {
                "first": first,
                "vectors": base64.b64encode(vectors.tobytes()).decode("ascii"),
                "dimensions": embedder.dimensions,
            }

    def forget(self, model: str) -> None:
        """Let go of what is to be renamed or deleted: Windows refuses while it is open."""
        if self._classifier is not None and str(self._classifier.folder) == model:
            self._classifier = None
        if self._tagger is not None and str(self._tagger.folder) == model:
            self._tagger = None
        if self._embedder is not None and str(self._embedder.folder) == model:
            self._embedder = None
