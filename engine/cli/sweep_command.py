"""sweep: F1 and time against one setting, without keeping a model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from engine.api import (
    Event,
    GetProject,
    GetSweep,
    JobInfo,
    JobLogged,
    JobProgressed,
    ListJobs,
    PauseJob,
    ProjectInfo,
    ResumeJob,
    StartSweep,
    SweepInfo,
    SweepPoint,
    SweepPointScored,
)
from engine.cli.job_commands import read_settings
from engine.cli.options import existing, with_output
from engine.cli.output import Output
from engine.cli.shell import Shell

_BAR = 30  # characters


def _values(_: click.Context, __: click.Parameter, value: str) -> tuple[float | str, ...]:
    return tuple(_value(part.strip()) for part in value.split(",") if part.strip())


def _value(word: str) -> float | str:
    try:
        number = float(word)
    except ValueError:
        return word
    return int(number) if number.is_integer() else number


def _seeds(_: click.Context, __: click.Parameter, value: str) -> tuple[int, ...]:
    try:
        return tuple(int(seed) for seed in value.split(","))
    except ValueError:
        raise click.BadParameter(f"“{value}” is not a list of whole numbers like 42,43.") from None


@click.command("sweep")
@click.argument("project", type=existing)
@click.option("--over", default="frozen_blocks", show_default=True, metavar="KEY",
              help="The setting to vary.")  # fmt: skip
@click.option("--values", default="", callback=_values, metavar="A,B,…",
              help="What to try; of frozen_blocks all numbers and head, if not given.")  # fmt: skip
@click.option("--seed", "seeds", default="42", show_default=True, callback=_seeds,
              help="A training of each value for each of them, as in 42,43,44.")  # fmt: skip
@click.option("--base-model", default="", help="A base model's name or folder; else the starter.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE",
              help="Another setting of fine-tuning; can be repeated.")  # fmt: skip
@click.option("--anew", is_flag=True, help="Begin again, from today's labels.")
@with_output
def sweep(
    output: Output,
    project: Path,
    over: str,
    values: tuple[float | str, ...],
    seeds: tuple[int, ...],
    base_model: str,
    pairs: tuple[str, ...],
    anew: bool,
) -> None:
    """Fine-tune on PROJECT with several values of one setting, and show F1 and time of each.

    How many blocks should I train? Scores are those on the validation part, never on the test part,
    and no model is kept. Ctrl-C, or a computer that goes off, loses no finished point: the same
    command again goes on.
    """
    settings = read_settings(pairs)
    with Shell(project) as shell:
        info: ProjectInfo = shell.ask(GetProject())
        start = StartSweep(info.task.id, over, values, seeds, base_model, settings)
        job_id = _to_go_on(shell, output, start) if not anew else None
        if job_id is None:
            job_id = shell.do(start)
        (job,) = shell.wait_for_jobs([job_id], _reporter(output, over), PauseJob)
        found: SweepInfo = shell.ask(GetSweep(job_id))
    output.result(_data(found, job), *_table(found))


def _to_go_on(shell: Shell, output: Output, start: StartSweep) -> int | None:
    """Put the newest sweep of the same plan that was stopped into the queue, and return its job."""
    jobs: list[JobInfo] = shell.ask(ListJobs())
    for job in jobs:
        if job.kind == "sweep" and job.resumable and _is_of(job.spec, start):
            output.say(f"Going on with the sweep that was stopped (job {job.id}).")
            shell.do(ResumeJob(job.id))
            return job.id
    return None


def _is_of(spec: dict[str, Any], start: StartSweep) -> bool:
    plan, wanted = spec["settings"], spec["request"]["asked"]
    return bool(
        plan["over"] == start.over
        and plan["seeds"] == list(dict.fromkeys(start.seeds))
        and plan["settings"] == start.settings
        and wanted == [list(start.values), start.base_model]
    )


def _reporter(output: Output, over: str) -> Any:
    def on_event(event: Event) -> None:
        if isinstance(event, JobProgressed):
            words = {"warm-up": "Reading what the frozen layers compute", "sweep": "Trying"}
            shown = words.get(event.phase, "Loading")
            output.progress(shown, event.done, event.total, event.seconds_left)
        elif isinstance(event, SweepPointScored):
            point = event.point
            output.say(
                f"{over} {point.value}, seed {point.seed}: F1 {point.f1:.3f} in "
                f"{point.seconds:.1f} s"
            )
        elif isinstance(event, JobLogged):
            output.say(event.message)

    return on_event


def _data(found: SweepInfo, job: JobInfo) -> dict[str, Any]:
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
