"""How a job that was stopped is spoken of, wherever it is shown."""

from __future__ import annotations

from engine.api import JobInfo, tr


def stood_at(job: JobInfo) -> str:
    """Return where a stopped job stands: "at step 412 of 900"; "" before its first step."""
    step, steps = job.checkpoint.get("step"), job.checkpoint.get("steps")
    return tr("at step {step:,} of {steps:,}", step=step, steps=steps) if step and steps else ""
