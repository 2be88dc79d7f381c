"""A finished sweep as the command line tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.api import SweepInfo, SweepPoint
from engine.cli.output import Output

_BAR = 30  # characters


def tell_sweep(output: Output, found: SweepInfo) -> None:
    """Write F1 and time of every value, as data or as a table."""
    output.result(_data(found), *_table(found))


def _data(found: SweepInfo) -> dict[str, Any]:
    job = found.job
    means = [(value, found.mean_at(value)) for value in found.values]
    return {
        "job": job.id,
        "over": found.over,
        "base_model": found.base_model,
        "device": job.result["device"],
        "split": "validation",
        "texts": job.result["texts"],
        "points": [_point(point) for point in found.points],
        "means": [
            {"value": value, "f1": mean[0], "seconds": mean[1]}
            for value, mean in means
            if mean is not None
        ],
        "seconds": job.result["seconds"],
    }


def _point(point: SweepPoint) -> dict[str, Any]:
    return {
        "value": point.value,
        "seed": point.seed,
        "f1": point.f1,
        "macro_f1": point.macro_f1,
        "seconds": point.seconds,
    }


def _table(found: SweepInfo) -> Sequence[str]:
    """Return a line for each value: its F1, its time, and a bar for each of the two."""
    rows = [(value, *mean) for value in found.values if (mean := found.mean_at(value))]
    if not rows:
        return ["No point is finished."]
    longest = max(seconds for _, _, seconds in rows) or 1.0
    width = max(len(found.over), *(len(str(value)) for value, _, _ in rows))
    reading = found.job.result["seconds"]["reading"]
    return [
        f"{found.over:>{width}}  F1 on validation                       seconds",
        *(
            f"{value!s:>{width}}  {f1:.3f} {_bar(f1):<{_BAR}}  {seconds:7.1f} "
            f"{_bar(seconds / longest)}"
            for value, f1, seconds in rows
        ),
        f"What the frozen layers compute was read once for all, in {reading:.1f} s.",
    ]


def _bar(share: float) -> str:
    return "#" * round(share * _BAR)
