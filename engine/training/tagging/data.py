"""Read the snapshot of a job on spans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.inspection.span_scores import Span
from engine.training.data import Examples, read_labelled


@dataclass(frozen=True, slots=True)
class SpanExamples(Examples):
    """Labelled texts with their gold spans, in the order of the text.

    `targets` is float32 (n, labels): whether a label occurs in the text. It says how to divide the
    texts, not what to learn.
    """

    spans: list[list[Span]]


def read_span_snapshot(
    path: Path, labels: Sequence[str], log: Callable[[str], None]
) -> SpanExamples:
    """Return the labelled texts of a snapshot of a task of spans, and log what was left out.

    Raises:
        KnownError: if the file is missing or not a snapshot.
    """
    columns = read_labelled(path)
    texts: list[str] = columns["text"]
    spans: list[list[Span]] = []
    outside = 0
    for text, of_text in zip(texts, columns["spans"], strict=True):
        found = sorted((one["start"], one["end"], one["label"]) for one in of_text or [])
        kept = [
            span
            for span in found
            if 0 <= span[0] < span[1] <= len(text) and 0 <= span[2] < len(labels)
        ]
        outside += len(found) - len(kept)
        spans.append(kept)
    if outside:
        log(
            tr(
                "{n} of {total} passages are empty, reach beyond their text, or have a label that "
                "the task does not have; they are left out.",
                n=outside,
                total=outside + sum(map(len, spans)),
            )
        )
    targets = np.zeros((len(texts), len(labels)), np.float32)
    for row, kept in enumerate(spans):
        targets[row, [label for _, _, label in kept]] = 1.0
    return SpanExamples(
        text_ids=np.array(columns["text_id"], np.int64),
        texts=texts,
        targets=targets,
        splits=columns["split"],
        groups=np.array(columns["group"], np.int64),
        spans=spans,
    )


def require_spans(examples: Examples, rows: np.ndarray) -> None:
    """Raise KnownError if no text of these rows has a span: there would be nothing to learn."""
    if not examples.targets[rows].any():
        raise KnownError(
            tr(
                "Training needs marked passages in the training part, and there are none; mark "
                "some and train again."
            )
        )
