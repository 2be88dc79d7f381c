"""Read the predictions that a worker left in its job's folder, a slice at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROWS_A_SLICE = 500
_SPAN = ("start", "end", "label", "confidence")


@dataclass(frozen=True, slots=True)
class PredictedText:
    """One row of the file; `fold` is -1 outside cross-validation.

    A model that labels texts gives `probabilities`, one that marks passages gives `spans`: (start,
    end, position of the label, confidence) each. The other one is empty.
    """

    text_id: int
    split: str
    fold: int
    probabilities: list[float]
    spans: list[tuple[int, int, int, float]]


def read_predictions(path: Path) -> Iterator[list[PredictedText]]:
    """Yield the rows of a predictions file (`engine.jobs.spec.JobEvent`) in slices."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(ROWS_A_SLICE):
            yield [
                PredictedText(
                    row["text_id"],
                    row["split"],
                    row["fold"],
                    row.get("probabilities", []),
                    [tuple(span[key] for key in _SPAN) for span in row.get("spans", ())],
                )
                for row in batch.to_pylist()
            ]


def holds_spans(path: Path) -> bool:
    """Return whether a predictions file is of a model that marks passages."""
    import pyarrow.parquet as pq

    return "spans" in pq.read_schema(path).names
