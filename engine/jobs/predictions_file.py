"""Read the predictions that a worker left in its job's folder, a slice at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROWS_A_SLICE = 500


@dataclass(frozen=True, slots=True)
class PredictedText:
    """One row of the file; `fold` is -1 outside cross-validation."""

    text_id: int
    split: str
    fold: int
    probabilities: list[float]


def read_predictions(path: Path) -> Iterator[list[PredictedText]]:
    """Yield the rows of a predictions file (`engine.jobs.spec.JobEvent`) in slices."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(ROWS_A_SLICE):
            columns = batch.to_pydict()
            yield [
                PredictedText(*row)
                for row in zip(
                    columns["text_id"],
                    columns["split"],
                    columns["fold"],
                    columns["probabilities"],
                    strict=True,
                )
            ]
