"""Write the predictions of a job for the engine to read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.core.files import explain_os_error
from engine.core.language import tr

if TYPE_CHECKING:
    import pyarrow


def write_predictions(
    path: Path,
    text_ids: np.ndarray,
    splits: list[str],
    folds: np.ndarray,
    probabilities: np.ndarray,
) -> None:
    """Write n predictions as Parquet, with the columns that `engine.jobs.spec` describes.

    `folds` is -1 where a prediction does not come from cross-validation; `probabilities` is
    float32 (n, labels).

    Raises:
        KnownError: if the disk does not allow it.
    """
    import pyarrow as pa

    offsets = np.arange(len(probabilities) + 1, dtype=np.int32) * probabilities.shape[1]
    flat = pa.array(probabilities.astype(np.float32).ravel())
    column = pa.ListArray.from_arrays(pa.array(offsets), flat)
    _write(path, text_ids, splits, folds, "probabilities", column)


def write_span_predictions(
    path: Path,
    text_ids: np.ndarray,
    splits: list[str],
    folds: np.ndarray,
    spans: Sequence[Sequence[tuple[int, int, int, float]]],
) -> None:
    """Write the spans predicted of n texts: start, end, label position and confidence of each.

    The columns are those that `engine.jobs.spec` describes; `folds` as in `write_predictions`.

    Raises:
        KnownError: if the disk does not allow it.
    """
    import pyarrow as pa

    span = pa.struct(
        [*((name, pa.int32()) for name in ("start", "end", "label")), ("confidence", pa.float32())]
    )
    rows = [
        [
            {"start": start, "end": end, "label": label, "confidence": confidence}
            for start, end, label, confidence in of_text
        ]
        for of_text in spans
    ]
    _write(path, text_ids, splits, folds, "spans", pa.array(rows, pa.list_(span)))


def _write(
    path: Path,
    text_ids: np.ndarray,
    splits: list[str],
    folds: np.ndarray,
    name: str,
    column: pyarrow.Array,
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "text_id": pa.array(text_ids.astype(np.int64)),
            "split": pa.array(splits, pa.string()),
            "fold": pa.array(folds.astype(np.int16)),
            name: column,
        }
    )
    try:
        # Somebody may have removed the job's folder while it ran.
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path)
    except OSError as error:
        what = tr("The predictions could not be written to {folder}", folder=path.parent)
        raise explain_os_error(error, what) from error
