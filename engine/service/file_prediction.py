"""The two ends of predicting a file, in slices: its texts for a worker, and the written result."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.jobs.predictions_file import holds_spans, read_predictions
from engine.jobs.snapshot import Snapshot, write_snapshot

if TYPE_CHECKING:
    from engine.interchange.file_predictions import FileTexts
    from engine.project.snapshot import SnapshotRow

SLICE = 0.025
"""Seconds of reading in one slice."""

Aside = Callable[[Callable[[], Any]], Any]
"""Has something computed on another thread; what it returns is yielded to wait for it."""


def snapshot_of_file(
    path: Path, text_column: str | None, snapshot: Path, aside: Aside
) -> Generator[Any, Any, Snapshot]:
    """Write the texts of a file as a snapshot whose ids are the numbers of its rows.

    Raises:
        KnownError: if the file cannot be read, or has no text at all.
    """
    from engine.interchange.file_predictions import FileTexts

    # Opening reads the file once, to find its encoding.
    texts = yield aside(lambda: FileTexts(path, text_column=text_column))
    with texts:
        written = yield from write_snapshot(snapshot, _slices(texts))
    if not written.texts:
        raise KnownError(
            tr(
                "No row of {file} has a text in the column {column}.",
                file=path.name,
                column=texts.text_column,
            )
        )
    return written


def write_predicted_file(
    path: Path,
    text_column: str | None,
    predictions: Path,
    out: Path,
    labels: Sequence[str],
    multi_label: bool,
    aside: Aside,
) -> Generator[Any, Any, int]:
    """Write the rows of a file with their predictions, and return how many.

    Raises:
        KnownError: if the file changed since it was read, or the result cannot be written.
    """
    from engine.interchange.file_predictions import (
        FileTexts,
        PredictionWriter,
        label_columns,
        span_columns,
    )

    texts = yield aside(lambda: FileTexts(path, text_column=text_column))
    predicted = (row for rows in read_predictions(predictions) for row in rows)
    spans = holds_spans(predictions)
    describe = (
        span_columns(labels, texts.text_column)
        if spans
        else label_columns(labels, multi_label=multi_label)
    )
    writer = PredictionWriter(out, texts.columns, describe)
    with texts, writer:
        due = time.perf_counter() + SLICE
        for text in texts:
            answer = None
            if not text.problem:
                prediction = next(predicted, None)
                if prediction is None or prediction.text_id != text.row:
                    raise KnownError(
                        tr(
                            "{file} was changed while it was being predicted; nothing was written. "
                            "Predict it again.",
                            file=path.name,
                        )
                    )
                answer = prediction.spans if spans else prediction.probabilities
            writer.write(text, answer)
            if time.perf_counter() > due:
                yield
                due = time.perf_counter() + SLICE
    return writer.rows


def _slices(texts: FileTexts) -> Iterator[list[SnapshotRow]]:
    from engine.project.snapshot import SnapshotRow

    rows: list[SnapshotRow] = []
    due = time.perf_counter() + SLICE
    for text in texts:
        if not text.problem:
            rows.append(SnapshotRow(text.row, text.text, (), False, "", text.row))
        if time.perf_counter() > due:
            yield rows
            rows = []
            due = time.perf_counter() + SLICE
    yield rows
