"""What all training jobs have in common: how they begin, and how their result is published."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch

from engine.core.language import tr
from engine.inference.device import device_name, pick_device, pick_precision
from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.registry.base_models import find_base_model
from engine.registry.publish import publishing, require_free
from engine.training.data import snapshot_sha256
from engine.training.meter import Meter
from engine.training.method_settings import MethodSettings
from engine.training.parts import Parts
from engine.training.prefix.cache import PrefixCache
from engine.training.prefix.store import cache_folder
from engine.training.resuming.course import Course
from engine.training.versions import library_versions

S = TypeVar("S", bound=MethodSettings)


@dataclass(frozen=True, slots=True)
class Result:
    """What a training found, beside the model itself.

    `metrics` are by split, `evaluation` names the split of the headline, `texts` counts the texts
    of each part, `labels` are those that the model gives, and `further` goes into the manifest.
    """

    metrics: dict[str, Any]
    evaluation: str
    best_epoch: int
    texts: dict[str, int]
    labels: tuple[str, ...]
    further: dict[str, Any] = field(default_factory=dict)


class TrainingJob(Generic[S]):
    """The frame of a job; a method's own class loads, trains and scores inside it.

    `settings` are complete but for what only the texts can tell. `predictions` is the file that a
    method may leave for the engine. `course` is where the run stands: it goes on from the newest
    checkpoint in the job's folder. `cache` keeps what frozen blocks compute, beside the models.

    Raises:
        KnownError: if there is something where the model is to be, or the base model or the device
            cannot be used.
    """

    def __init__(self, spec: JobSpec, report: Reporter, settings: S) -> None:
        require_free(Path(spec.output))
        self.base_model = find_base_model(spec.base_model)
        self.spec = replace(
            spec,
            base_model=self.base_model.folder,
            base_model_name=spec.base_model_name or self.base_model.name,
        )
        self.report = report
        self.meter = Meter()
        self.predictions = Path(spec.folder) / "predictions.parquet"
        self.device = pick_device(spec.device)
        self.precision = pick_precision(settings.precision, self.device)
        self._snapshot_sha256 = snapshot_sha256(Path(spec.snapshot))
        self.course = Course(Path(spec.folder), self._identity(settings), report, self.meter)
        self.cache = PrefixCache(
            cache_folder(Path(spec.output).parent),
            Path(self.base_model.folder),
            self.base_model.sha256,
            self.precision,
            report,
            self.meter,
            self.course,
        )
        # The number of threads changes the last digits of a result.
        if settings.threads or self.course.threads:
            torch.set_num_threads(settings.threads or self.course.threads)
        self._asked_precision = settings.precision
        self.settings = replace(settings, threads=torch.get_num_threads(), precision=self.precision)

    def begin(self) -> None:
        """Report what computes, and say in the log if that is not what was asked for."""
        self.report.send(
            "started",
            device=device_name(self.device),
            pid=os.getpid(),
            threads=self.settings.threads,
            versions=library_versions(),
        )
        self.course.tell()
        if self._asked_precision not in ("auto", self.precision):
            self.report.log(
                tr(
                    "The precision {asked} needs a GPU; this run computes in {used}.",
                    asked=self._asked_precision,
                    used=self.precision,
                )
            )

    def publish(self, save: Callable[[Path], None], result: Result) -> None:
        """Publish what `save` writes into the folder it is given, and report the end of the job.

        Raises:
            KnownError: if the disk does not allow it; nothing is left behind then.
        """
        report = self.report
        report.progress("publish", 0, 1)
        with publishing(Path(self.spec.output)) as publication:
            save(publication.folder)
            publication.lineage.update(self._lineage(result))
        report.progress("publish", 1, 1)
        if self.predictions.exists():
            report.send("predictions", path=str(self.predictions))
        report.send(
            "published",
            folder=self.spec.output,
            manifest_sha256=publication.manifest_sha256,
            bytes=publication.bytes,
        )
        report.send(
            "finished",
            metrics=result.metrics,
            seconds={"total": self.course.seconds, **self.meter.seconds},
            device=device_name(self.device),
            best_epoch=result.best_epoch,
            evaluation=result.evaluation,
            settings=self.settings.to_json(),
        )

    def _identity(self, settings: S) -> dict[str, Any]:
        """Return what a checkpoint must agree on, so that going on from it makes sense."""
        spec = self.spec
        free = ("threads", "precision", "learning_rate", "weight_decay")
        return {
            "method": spec.method,
            "labels": list(spec.labels),
            "multi_label": spec.multi_label,
            "base_model": self.base_model.sha256,
            "snapshot": self._snapshot_sha256,
            "settings": {key: one for key, one in settings.to_json().items() if key not in free},
        }

    def _lineage(self, result: Result) -> dict[str, Any]:
        spec = self.spec
        return {
            "name": spec.name,
            "method": spec.method,
            "base_model": spec.base_model_name,
            "base_model_sha256": self.base_model.sha256,
            "labels": list(result.labels),
            "multi_label": spec.multi_label and bool(result.labels),
            "snapshot_sha256": self._snapshot_sha256,
            "texts": result.texts,
            "settings": self.settings.to_json(),
            "metrics": result.metrics,
            "evaluation": result.evaluation,
            "best_epoch": result.best_epoch,
            "device": device_name(self.device),
            "versions": library_versions(),
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            **result.further,
        }


def parts_in_numbers(parts: Parts) -> dict[str, int]:
    """Return how many texts each part of a run has."""
    return {
        "train": len(parts.train),
        "validation": len(parts.validation),
        "test": len(parts.test),
    }


def evaluated_by(parts: Parts) -> str:
    """Return what the scores of a run rest on: its test part, or cross-validation."""
    return "test" if parts.folds is None else "cross-validation"
