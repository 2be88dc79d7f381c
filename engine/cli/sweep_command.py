"""sweep: F1 and time against one setting, without keeping a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from engine.api import (
    GetProject,
    GetSweep,
    JobInfo,
    ListJobs,
    PauseJob,
    ProjectInfo,
    ResumeJob,
    StartSweep,
    SweepInfo,
)
from engine.cli.job_commands import job_reporter, read_settings
from engine.cli.options import existing, with_output
from engine.cli.output import Output
from engine.cli.shell import Shell
from engine.cli.sweep_words import tell_sweep


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
        shell.wait_for_jobs([job_id], job_reporter(output), PauseJob)
        found: SweepInfo = shell.ask(GetSweep(job_id))
    tell_sweep(output, found)


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
