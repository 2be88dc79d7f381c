"""How long a training will take and how much memory, said before it starts.

The arithmetic of `engine.service.workload` is divided by the speed that the last trainings on this
machine reached; before there is one, by that of an ordinary processor, with a wider margin.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.core.language import mark, tr, trn
from engine.project.training_rows import JobInfo, TrainingEstimate
from engine.registry.base_models import BaseModel
from engine.service.workload import Material, Workload, workload

CORE_RATE = 3.9e10
"""Operations a second of one core, the starter model on letters of 80 tokens: 0.13 s a text."""
CARD_RATE = 1.5e13
"""Operations a second of a small graphics card in half precision, mostly waiting for kernels."""
LOADING_SECONDS = 10.0
SAME_METHOD, OTHER_METHOD, UNKNOWN = (0.8, 1.3), (0.6, 1.8), (0.5, 2.5)
"""Between which multiples of the calculated time a job has ended, by what its speed comes from."""
_GIGABYTE = 1_000_000_000
_SENTENCES = {
    "test": mark("{time}, will use about {memory:.1f} GB of memory; test scores on {n:,} texts."),
    "cross-validation": mark(
        "{time}, will use about {memory:.1f} GB of memory; scores by cross-validation on {n:,} "
        "texts."
    ),
    "held-out": mark(
        "{time}, will use about {memory:.1f} GB of memory; tried on {n:,} texts held back."
    ),
}
"""What an estimate says, by what the scores come from."""


@dataclass(frozen=True, slots=True)
class _Speed:
    """Operations a second, seconds of loading, and the margin around what follows from them."""

    rate: float
    loading: float
    margin: tuple[float, float]
    measured: bool


def estimate(
    method: str,
    settings: Mapping[str, Any],
    material: Material,
    encoder: BaseModel,
    jobs: Sequence[JobInfo],
    encoders: Sequence[BaseModel] = (),
) -> TrainingEstimate:
    """Return what a training takes; `jobs` are past ones, newest first, for the speed.

    `encoders` are those that past jobs may have started from.

    Raises:
        KnownError: for a setting that there is not, or that is out of range.
    """
    work = workload(method, settings, material, encoder)
    speed = _speed(method, material, jobs, {base.name: base for base in (*encoders, encoder)})
    computing = work.operations / speed.rate
    low, high = (speed.loading + computing * factor for factor in speed.margin)
    free = _free_memory()
    return TrainingEstimate(
        seconds_low=low,
        seconds_high=high,
        memory=work.memory,
        free_memory=free,
        texts=work.texts,
        evaluation=work.evaluation,
        scored_texts=work.scored_texts,
        measured=speed.measured,
        words=_words(low, high, work, free, speed.measured),
    )


def material_of(connection: sqlite3.Connection, task_id: int) -> Material:
    """Return what a task of the project offers to learn from."""
    from engine.project.counters import get_counts

    counts = get_counts(connection, task_id)
    mean, longest = connection.execute("SELECT avg(length), max(length) FROM placements").fetchone()
    return Material(
        texts={split: texts for split, (texts, _) in counts.by_split.items()},
        labelled={split: labelled for split, (_, labelled) in counts.by_split.items()},
        labels=sum(1 for texts in counts.by_label.values() if texts),
        mean_length=float(mean or 0.0),
        longest=int(longest or 0),
    )


def in_words(seconds: float) -> str:
    """Say a duration as a person would: "about 3 minutes"."""
    if seconds < 50:
        return tr("less than a minute")
    minutes = round(seconds / 60)
    if minutes < 90:
        return trn("about {n} minute", "about {n} minutes", minutes)
    return trn("about {n} hour", "about {n} hours", round(minutes / 60))


def _speed(
    method: str, material: Material, jobs: Sequence[JobInfo], encoders: Mapping[str, BaseModel]
) -> _Speed:
    """Return the speed of the newest job of this method, else of any other, else a guess."""
    done = [
        job
        for job in jobs
        if job.kind == "train"
        and job.status == "done"
        and job.result.get("seconds", {}).get("train")
    ]
    for job in sorted(done, key=lambda job: job.method != method):
        spec, seconds = job.spec, job.result["seconds"]
        encoder = encoders.get(spec.get("base_model_name", ""))
        if encoder is None:
            continue
        then = _as_then(material, spec["request"]["snapshot_texts"], job.method)
        operations = workload(job.method, spec["settings"], then, encoder).operations
        loading = float(seconds.get("load", 0.0))
        rate = operations / max(seconds["total"] - loading, 0.1)
        margin = SAME_METHOD if job.method == method else OTHER_METHOD
        return _Speed(max(rate, 1.0), loading, margin, True)
    if shutil.which("nvidia-smi"):
        # Whether the card can be used is known only once a worker has tried; the margin holds both.
        slowest = CARD_RATE / (CORE_RATE * (os.cpu_count() or 1))
        return _Speed(CARD_RATE, LOADING_SECONDS, (1.0, max(3.0, slowest)), False)
    return _Speed(CORE_RATE * (os.cpu_count() or 1), LOADING_SECONDS, UNKNOWN, False)


def _as_then(material: Material, snapshot_texts: int, method: str) -> Material:
    """Return the material of a past job: what there is today, shrunk to the texts it had.

    How its texts were spread over the splits is not known; today's spread is close enough.
    """
    today = sum(material.labelled.values())
    if method == "mlm":
        today = sum(n for split, n in material.texts.items() if split != "test")
    factor = snapshot_texts / max(today, 1)

    def shrink(parts: Mapping[str, int]) -> dict[str, int]:
        return {split: round(n * factor) for split, n in parts.items()}

    return Material(
        shrink(material.texts),
        shrink(material.labelled),
        material.labels,
        material.mean_length,
        material.longest,
    )


def _free_memory() -> int:
    import psutil

    return int(psutil.virtual_memory().available)


def _words(low: float, high: float, work: Workload, free: int, measured: bool) -> str:
    time = _range_words(low, high)
    sentences = [
        tr(
            _SENTENCES[work.evaluation],
            time=time[:1].upper() + time[1:],
            memory=work.memory / _GIGABYTE,
            n=work.scored_texts,
        )
    ]
    if work.memory > free:
        sentences.append(
            tr(
                "Only {free:.1f} GB are free now: close other programs, or take fewer texts a "
                "step.",
                free=free / _GIGABYTE,
            )
        )
    if not measured:
        sentences.append(tr("The time is a guess until this machine has trained once."))
    return " ".join(sentences)


def _range_words(low: float, high: float) -> str:
    """Say a range as one figure where its ends sound alike: "about 3 minutes", "2 to 5 minutes"."""
    if in_words(low) == in_words(high):
        return in_words(high)
    if high < 90 * 60:
        least, most = max(1, round(low / 60)), max(1, round(high / 60))
        if low < 50:
            return trn("up to {n} minute", "up to {n} minutes", most)
        if least >= most:
            return in_words(high)
        return tr("{least} to {most} minutes", least=least, most=most)
    return tr("{least:.1f} to {most:.1f} hours", least=low / 3600, most=high / 3600)
