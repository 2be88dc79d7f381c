"""The job that predicts every text of a snapshot."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import torch

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.inference.classify import Classifier
from engine.inference.device import device_name
from engine.inference.tag import Tagger, is_tagger
from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.training.predictions import write_predictions, write_span_predictions
from engine.training.versions import library_versions


def run(spec: JobSpec, report: Reporter) -> None:
    """Carry out a job of the kind "predict": all texts of the snapshot, labelled or not.

    Raises:
        KnownError: if the model cannot be used for the labels of the job.
        Cancelled: when someone asked the job to stop.
    """
    started = time.perf_counter()
    report.progress("load", 0, 1)
    kind = Tagger if is_tagger(spec.model) else Classifier
    model: Tagger | Classifier = kind(spec.model, spec.device, spec.threads)
    if spec.labels and model.labels != spec.labels:
        raise KnownError(
            tr(
                "The model in {folder} knows the labels {known}, not {asked}; nothing was "
                "predicted.",
                folder=spec.model,
                known=", ".join(model.labels),
                asked=", ".join(spec.labels),
            )
        )
    device = device_name(model.device)
    report.send(
        "started",
        device=device,
        pid=os.getpid(),
        threads=torch.get_num_threads(),
        versions=library_versions(),
    )
    snapshot = pq.read_table(spec.snapshot, columns=["text_id", "text", "split"])
    texts = snapshot["text"].to_pylist()
    report.progress("load", 1, 1)
    loaded = time.perf_counter()

    def tell(done: int) -> None:
        spent = time.perf_counter() - loaded
        report.progress("predict", done, len(texts), spent * (len(texts) - done) / max(done, 1))

    path = Path(spec.folder) / "predictions.parquet"
    text_ids, splits = snapshot["text_id"].to_numpy(), snapshot["split"].to_pylist()
    folds = np.full(len(texts), -1)
    if isinstance(model, Tagger):
        spans = model.tag(texts, report.check, tell)
        write_span_predictions(path, text_ids, splits, folds, spans)
    else:
        probabilities = model.classify(texts, check=report.check, on_progress=tell)
        write_predictions(path, text_ids, splits, folds, probabilities)
    report.send("predictions", path=str(path))
    ended = time.perf_counter()
    report.send(
        "finished",
        metrics={},
        seconds={
            "total": ended - started,
            "load": loaded - started,
            "train": 0.0,
            "evaluate": ended - loaded,
        },
        device=device,
        best_epoch=0,
        evaluation="",
        settings={},
    )
