"""Write the predictions of a job for the engine to read."""

from __future__ import annotations

from pathlib import Path

import numpy as np


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
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    offsets = np.arange(len(probabilities) + 1, dtype=np.int32) * probabilities.shape[1]
    flat = pa.array(probabilities.astype(np.float32).ravel())
    table = pa.table(
        {
            "text_id": pa.array(text_ids.astype(np.int64)),
            "split": pa.array(splits, pa.string()),
            "fold": pa.array(folds.astype(np.int16)),
            "probabilities": pa.ListArray.from_arrays(pa.array(offsets), flat),
        }
    )
    pq.write_table(table, path)
