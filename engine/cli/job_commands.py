"""train and jobs: what computes for long."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from engine.api import (
    METHODS,
    CancelJob,
    Event,
    GetProject,
    GetSweep,
    JobInfo,
    JobLogged,
    JobMeasured,
    JobProgressed,
    ListJobs,
    ListModels,
    ModelInfo,
    PauseJob,
    ProjectInfo,
    ResumeJob,
    StartJob,
    SweepPointScored,
)
from engine.cli.options import ProjectGroup, existing, needed, with_output
from engine.cli.output import Output, counted, duration
from engine.cli.shell import Shell
from engine.cli.sweep_words import tell_sweep

_PHASES = {
    "load": "Loading",
    "warm-up": "Preparing the base model",
    "train": "Training",
    "evaluate": "Evaluating",
    "cross-validate": "Cross-validating",
    "predict": "Predicting",
    "publish": "Saving the model",
    "sweep": "Trying",
}

_FIGURES = (
    ("accuracy", "accuracy"),
    ("precision", "precision"),
    ("recall", "recall"),
    ("macro_f1", "macro F1"),
    ("f1", "F1"),
    ("perplexity_before", "perplexity before"),
    ("perplexity", "perplexity after"),
)


def job_reporter(output: Output) -> Callable[[Event], None]:
    """Return a listener that shows a job's progress and what it has to say."""

    def on_event(event: Event) -> None:
        if isinstance(event, JobProgressed):
            words = _PHASES.get(event.phase, event.phase)
            output.progress(words, event.done, event.total, event.seconds_left)
        elif isinstance(event, JobMeasured) and event.split == "validation":
            figures = ", ".join(
                f"{name.replace('_', ' ')} {value:.3f}" for name, value in event.metrics.items()
            )
            when = f"After epoch {event.epoch:g}" if event.epoch else "Before the training"
            output.say(f"{when}: validation {figures}")
        elif isinstance(event, SweepPointScored):
            one = event.point
            output.say(f"At {one.value}, seed {one.seed}: F1 {one.f1:.3f} in {one.seconds:.1f} s")
        elif isinstance(event, JobLogged):
            output.say(event.message)

    return on_event


def read_settings(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return the settings of pairs like "epochs=3" (BadParameter for others)."""
    settings: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise click.BadParameter(f"“{pair}” is not of the form key=value.")
        settings[key.strip()] = value.strip()
    return settings


@click.command("train")
@click.argument("project", type=existing)
@click.option("--method", type=click.Choice(METHODS), default=METHODS[0], show_default=True,
              help="How to train.")  # fmt: skip
@click.option("--base-model", default="", help="A base model's name or folder; else the starter.")
@click.option("--name", default="", help="The new model's name.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE",
              help="A setting, such as epochs=3; can be repeated.")  # fmt: skip
@with_output
def train(
    output: Output, project: Path, method: str, base_model: str, name: str, pairs: tuple[str, ...]
) -> None:
    """Train a model from the labels of PROJECT and wait for it. Ctrl-C cancels."""
    settings = read_settings(pairs)
    with Shell(project) as shell:
        info: ProjectInfo = shell.ask(GetProject())
        job = shell.run_job(
            StartJob(
                task_id=info.task.id,
                method=method,
                base_model=base_model,
                name=name,
                settings=settings,
            ),
            job_reporter(output),
        )
        models: list[ModelInfo] = shell.ask(ListModels())
    _tell_result(output, job, models)


def _tell_result(output: Output, job: JobInfo, models: list[ModelInfo]) -> None:
    model = next(model for model in models if model.id == job.model_id)
    result = training_result(job, model)
    output.result(
        result,
        f"Trained {model.name} in {duration(result['seconds']['total'])} on {result['device']}.",
        f"On {evaluated_on(result['evaluation'])}: {figures(result['metrics'])}.",
    )


def figures(metrics: dict[str, Any]) -> str:
    """Return the main scores among a model's metrics in words."""
    return ", ".join(f"{words} {metrics[key]:.3f}" for key, words in _FIGURES if key in metrics)


def training_result(job: JobInfo, model: ModelInfo) -> dict[str, Any]:
    """Return a finished training job as `train --json` tells of it."""
    return {
        "job": job.id,
        "model": model.name,
        "method": model.method,
        "base_model": model.base_model,
        "device": job.result["device"],
        "metrics": model.metrics[model.evaluation],
        "seconds": job.result["seconds"],
        "evaluation": model.evaluation,
        "settings": model.settings,
        "folder": model.folder,
    }


def evaluated_on(evaluation: str) -> str:
    """Return in words what scores rest on."""
    if evaluation == "cross-validation":
        return "cross-validation (there are too few test labels)"
    return f"the {evaluation} part"


@click.group("jobs", cls=ProjectGroup)
def jobs() -> None:
    """List the jobs of PROJECT, or pause, resume or cancel one."""


@jobs.command("list")
@click.pass_obj
@with_output
def list_(output: Output, project: Path | None) -> None:
    """List the jobs, newest first."""
    with Shell(needed(project)) as shell:
        found: list[JobInfo] = shell.ask(ListJobs())
    rows = [
        {
            "job": job.id,
            "kind": job.kind,
            "method": job.method,
            "name": job.name,
            "status": job.status,
            "created": job.created,
            "started": job.started,
            "finished": job.finished,
            "message": job.message,
            "resumable": job.resumable,
            "checkpoint": job.checkpoint,
        }
        for job in found
    ]
    words = [
        f"{job.id}\t{job.status}\t{job.method or job.kind}\t{job.name}\t{_state(job)}".rstrip()
        for job in found
    ]
    output.result({"jobs": rows}, *words, f"{counted(len(rows), 'job')}.")


def _state(job: JobInfo) -> str:
    """Return what there is to say of a job beside its status."""
    if job.status == "paused" and job.checkpoint.get("steps"):
        return f"at step {job.checkpoint['step']} of {job.checkpoint['steps']}"
    return job.message


@jobs.command("pause")
@click.argument("job", type=int)
@click.pass_obj
@with_output
def pause(output: Output, project: Path | None, job: int) -> None:
    """Hold the waiting training with the number JOB back, until it is resumed."""
    with Shell(needed(project)) as shell:
        shell.do(PauseJob(job))
        found: list[JobInfo] = shell.ask(ListJobs())
    state = next(item.status for item in found if item.id == job)
    output.result({"job": job, "status": state}, f"Job {job} is {state}.")


@jobs.command("resume")
@click.argument("job", type=int)
@click.option("--anew", is_flag=True, help="Begin again, from today's labels.")
@click.option("--learning-rate", type=float, help="Go on with another rate.")
@click.pass_obj
@with_output
def resume(
    output: Output, project: Path | None, job: int, anew: bool, learning_rate: float | None
) -> None:
    """Go on with the paused or stopped training or sweep with the number JOB, and wait for it.

    Ctrl-C cancels it.
    """
    with Shell(needed(project)) as shell:
        shell.do(ResumeJob(job, anew=anew, learning_rate=learning_rate))
        (done,) = shell.wait_for_jobs([job], job_reporter(output))
        if done.kind == "sweep":
            tell_sweep(output, shell.ask(GetSweep(job)))
            return
        models: list[ModelInfo] = shell.ask(ListModels())
    _tell_result(output, done, models)


@jobs.command("cancel")
@click.argument("job", type=int)
@click.pass_obj
@with_output
def cancel(output: Output, project: Path | None, job: int) -> None:
    """Cancel the waiting, paused or stopped job with the number JOB; it cannot go on then."""
    with Shell(needed(project)) as shell:
        shell.do(CancelJob(job))
        found: list[JobInfo] = shell.ask(ListJobs())
    state = next(item.status for item in found if item.id == job)
    output.result({"job": job, "status": state}, f"Job {job} is {state}.")
