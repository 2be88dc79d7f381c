"""What continued pretraining was worth: scores with and without it, the same seeds in both."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import tr, trn
from engine.project.jobs import ENDED, list_jobs
from engine.project.models import get_model
from engine.project.training_rows import JobInfo, PretrainingComparison, SeedScores

_EVERY_JOB = -1  # no limit


def comparison_names(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the comparisons of a project, newest first."""
    rows = connection.execute(
        "SELECT json_extract(spec, '$.request.comparison.name') AS comparison FROM jobs "
        "WHERE comparison IS NOT NULL GROUP BY comparison ORDER BY max(id) DESC"
    )
    return [name for (name,) in rows]


def get_pretraining_comparison(
    connection: sqlite3.Connection, models_folder: Path, name: str = ""
) -> PretrainingComparison | None:
    """Return a comparison as far as it has come; "" is the newest, None if there is none at all.

    Raises:
        KnownError: if there is no comparison of this name.
    """
    names = comparison_names(connection)
    if not name and not names:
        return None
    name = name or names[0]
    jobs = [
        job
        for job in reversed(list_jobs(connection, _EVERY_JOB))
        if job.spec.get("request", {}).get("comparison", {}).get("name") == name
    ]
    if not jobs:
        raise KnownError(tr('There is no comparison "{name}" in this project.', name=name))
    pretraining = next(job for job in jobs if _part(job)["part"] == "pretraining")
    seeds = _seed_scores(connection, models_folder, jobs)
    held_out = pretraining.result.get("metrics", {}).get("held-out", {})
    gains = [one.gain for one in seeds if one.gain is not None]
    waiting = sum(job.status not in ENDED for job in jobs)
    return PretrainingComparison(
        name=name,
        method=next(job.method for job in jobs if job is not pretraining),
        job_ids=tuple(job.id for job in jobs),
        over=not waiting,
        seeds=seeds,
        difference=mean(gains) if gains else None,
        perplexity_before=held_out.get("perplexity_before"),
        perplexity=held_out.get("perplexity"),
        words=_words(seeds, gains, waiting, [job for job in jobs if job.status in _LOST]),
    )


_LOST = ("failed", "cancelled", "interrupted")


def _part(job: JobInfo) -> dict[str, Any]:
    found: dict[str, Any] = job.spec["request"]["comparison"]
    return found


def _seed_scores(
    connection: sqlite3.Connection, models_folder: Path, jobs: Sequence[JobInfo]
) -> tuple[SeedScores, ...]:
    scores: dict[int, dict[str, float | None]] = {}
    for job in jobs:
        part = _part(job)
        if part["part"] != "pretraining":
            scores.setdefault(part["seed"], {})[part["part"]] = _f1(connection, models_folder, job)
    return tuple(
        SeedScores(seed, found.get("without"), found.get("with")) for seed, found in scores.items()
    )


def _f1(connection: sqlite3.Connection, models_folder: Path, job: JobInfo) -> float | None:
    if job.model_id is None:
        return None
    model = get_model(connection, models_folder, job.model_id)
    return float(model.metrics[model.evaluation]["f1"])


def _words(
    seeds: Sequence[SeedScores], gains: Sequence[float], waiting: int, lost: Sequence[JobInfo]
) -> str:
    """Say what the middle step was worth; a loss is said as plainly as a gain."""
    said = []
    if gains:
        complete = [one for one in seeds if one.gain is not None]
        without = mean(one.without or 0.0 for one in complete)
        with_step = mean(one.with_step or 0.0 for one in complete)
        said.append(_verdict(len(gains), 100 * mean(gains), without, with_step))
        if min(gains) < 0 < max(gains):
            said.append(tr("The seeds disagree on which is better, so this may be chance."))
        elif len(gains) == 1:
            said.append(tr("One seed says little; compare with three or more."))
    if waiting:
        said.append(
            trn(
                "{n} training of this comparison is not over yet.",
                "{n} trainings of this comparison are not over yet.",
                waiting,
            )
        )
    if lost:
        said.append(
            trn(
                "{n} training of it did not finish.",
                "{n} trainings of it did not finish.",
                len(lost),
            )
        )
    return " ".join(said)


def _verdict(seeds: int, points: float, without: float, with_step: float) -> str:
    """Say in one sentence by how many hundredths of F1 the step helped or harmed."""
    scores = {"without": without, "with_it": with_step}
    if abs(points) < 0.05:
        return trn(
            "Continued pretraining changes nothing of F1: {without:.3f} without it, {with_it:.3f} "
            "with it, on average over one seed.",
            "Continued pretraining changes nothing of F1: {without:.3f} without it, {with_it:.3f} "
            "with it, on average over {n} seeds.",
            seeds,
            **scores,
        )
    if points > 0:
        return trn(
            "Continued pretraining gains {points:.1f} points of F1: {without:.3f} without it, "
            "{with_it:.3f} with it, on average over one seed.",
            "Continued pretraining gains {points:.1f} points of F1: {without:.3f} without it, "
            "{with_it:.3f} with it, on average over {n} seeds.",
            seeds,
            points=points,
            **scores,
        )
    return trn(
        "Continued pretraining loses {points:.1f} points of F1: {without:.3f} without it, "
        "{with_it:.3f} with it, on average over one seed.",
        "Continued pretraining loses {points:.1f} points of F1: {without:.3f} without it, "
        "{with_it:.3f} with it, on average over {n} seeds.",
        seeds,
        points=-points,
        **scores,
    )
