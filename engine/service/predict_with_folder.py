"""Predict a file with a published model folder, without any project."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.service.file_prediction import snapshot_of_file, write_predicted_file
from engine.service.lone_prediction import predict_alone
from engine.service.slices import SlicedWork
from engine.service.training_material import BASES, no_labels


def predict_with_folder(
    model: Path,
    path: Path,
    out: Path,
    *,
    text_column: str | None = None,
    threads: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Predict every text of `path` and write the rows with label and probabilities to `out`.

    Blocks until the file is written, and returns the number of rows. `on_progress` receives the
    texts done and their number; `cancelled` is asked several times a second.

    Raises:
        KnownError: if the model or the file cannot be used, or it was cancelled; `out` is then as
            it was before.
    """
    from engine.interchange.file_predictions import check_prediction_path
    from engine.registry.manifest import verify

    check_prediction_path(out)
    lineage = verify(model)["lineage"]
    if lineage["method"] in BASES:
        raise KnownError(no_labels(lineage["name"]))
    with tempfile.TemporaryDirectory(prefix="glossator-") as name:
        folder = Path(name)
        snapshot = _at_once(snapshot_of_file(path, text_column, folder / "snapshot.parquet", _call))
        predictions = predict_alone(
            model,
            snapshot.path,
            tr("The prediction"),
            threads=threads,
            on_progress=on_progress,
            cancelled=cancelled,
        )
        rows: int = _at_once(
            write_predicted_file(
                path,
                text_column,
                predictions,
                out,
                lineage["labels"],
                lineage["multi_label"],
                _call,
            )
        )
        return rows


def _call(action: Callable[[], Any]) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(action())
    return future


def _at_once(work: SlicedWork) -> Any:
    """Carry sliced work to its end without pausing."""
    answer = None
    try:
        while True:
            yielded = work.send(answer)
            answer = yielded.result() if isinstance(yielded, Future) else None
    except StopIteration as end:
        return end.value
