"""Have a published model mark passages in texts, in a worker process of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.jobs.predictions_file import read_predictions
from engine.jobs.snapshot import write_snapshot
from engine.service.lone_prediction import predict_alone
from engine.service.training_material import MARKS

if TYPE_CHECKING:
    from engine.project.snapshot import SnapshotRow

TEXTS_A_SLICE = 2000

Marked = tuple[int, int, str, float]
"""Start and end in code points (the end exclusive), label and confidence of a passage."""


def tagger_lineage(model: Path) -> dict[str, Any]:
    """Return where a published model comes from, once it is known that it marks passages.

    Raises:
        KnownError: if the folder is no whole model, or the model does something else.
    """
    from engine.registry.manifest import verify

    lineage: dict[str, Any] = verify(model)["lineage"]
    if lineage["method"] != MARKS:
        raise KnownError(
            tr(
                'The model "{name}" does not mark passages; take one that was trained by the '
                "method {method}.",
                name=lineage["name"],
                method=MARKS,
            )
        )
    return lineage


def tag_texts(
    model: Path,
    texts: Sequence[str],
    *,
    labels: Sequence[str] | None = None,
    threads: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[list[Marked]]:
    """Return the passages that a model marks in each text; blocks until all are read.

    Texts that are equal are read once, and blank ones not at all. `on_progress` receives the
    texts done and their number; `cancelled` is asked several times a second. `labels` are the names
    of the model's labels, if not as they were when it was trained.

    Raises:
        KnownError: if the model cannot be used, or it was cancelled.
    """
    trained: Sequence[str] = tagger_lineage(model)["labels"]
    names = trained if labels is None else labels
    places: dict[str, int] = {}
    for text in texts:
        if text.strip():
            places.setdefault(text, len(places))
    found: list[list[Marked]] = [[] for _ in places]
    if places:
        with tempfile.TemporaryDirectory(prefix="glossator-") as name:
            snapshot = Path(name) / "snapshot.parquet"
            for _ in write_snapshot(snapshot, _slices(list(places))):
                pass
            predictions = predict_alone(
                model,
                snapshot,
                tr("The search for passages"),
                threads=threads,
                on_progress=on_progress,
                cancelled=cancelled,
            )
            for rows in read_predictions(predictions):
                for row in rows:
                    found[row.text_id] = [
                        (start, end, names[label], confidence)
                        for start, end, label, confidence in row.spans
                    ]
    return [found[places[text]] if text in places else [] for text in texts]


def _slices(texts: Sequence[str]) -> Iterator[list[SnapshotRow]]:
    from engine.project.snapshot import SnapshotRow

    for first in range(0, len(texts), TEXTS_A_SLICE):
        yield [
            SnapshotRow(place, text, (), False, "", place)
            for place, text in enumerate(texts[first : first + TEXTS_A_SLICE], first)
        ]
