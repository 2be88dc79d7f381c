"""demo: the sample project, in the window or from import to a trained model without one."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import click

from engine.api import (
    CreateSampleProject,
    Evaluation,
    GetCounts,
    GetEvaluation,
    KnownError,
    ListModels,
    ListPredictedRows,
    ListQueue,
    ListTextIds,
    ModelInfo,
    PredictedRow,
    ProjectInfo,
    SetLabels,
    StartJob,
    TextFilter,
)
from engine.cli.job_commands import job_reporter, training_result
from engine.cli.options import existing, with_output
from engine.cli.output import Output
from engine.cli.shell import Shell

SAMPLE_FILE = "sample letters.glossator"
PASSAGES_FILE = "sample passages.glossator"
REPORT_FILE = "report.json"
_LABELLED_BY_HAND = 20
# About a minute on two processor cores. So few steps learn nothing at the usual learning rate; two
# free blocks bear a higher one.
_SETTINGS = {"epochs": 3, "learning_rate": 5e-4, "frozen_blocks": 4, "max_length": 96}

_FEW_LABELS = {"shots": 16, "steps": 20, "max_length": 128}
# A smaller project of marked passages: its language is learned first, and passages from there.
_PASSAGES = CreateSampleProject("", texts=400, labelled=350, kind="spans")
_LANGUAGE = {"epochs": 1}
_MARKING = {
    "epochs": 3,
    "batch_size": 8,
    "learning_rate": 4e-4,
    "frozen_blocks": 2,
    "max_length": 128,
}


class Desktop(Protocol):
    """The window, for the commands that want one; the engine works without."""

    def open_window(self, project: Path | None) -> int:
        """Open the window, on a project or on the start page; returns the exit code."""
        ...

    def open_sample(self, folder: Path | None) -> int:
        """Open the window on the sample project; returns the exit code."""
        ...

    def take_pictures(self, folder: Path) -> dict[str, Any]:
        """Drive the window through the sample project without a screen; returns the report."""
        ...


@click.command("demo")
@click.option("--headless", is_flag=True, help="Work through the sample project without a screen.")
@click.option("--dir", "folder", type=existing,
              help="Where the sample project is put, and with --headless the report.")  # fmt: skip
@click.pass_obj
@with_output
def demo(output: Output, desktop: Desktop | None, headless: bool, folder: Path | None) -> None:
    """Open the sample project: 2,000 letters to an insurer, some of them labelled.

    With --headless: import, label, train, inspect, and write report.json with pictures of the
    window.
    """
    if not headless:
        if desktop is None:
            raise KnownError("There is no window here; use demo --headless.")
        raise click.exceptions.Exit(desktop.open_sample(folder))
    if folder is None:
        raise click.UsageError("Say with --dir where the report shall be written.")
    if desktop is None:
        folder.mkdir(parents=True, exist_ok=True)
        report = work_through_sample(folder, output)
        text = json.dumps(report, ensure_ascii=False, indent=2)
        (folder / REPORT_FILE).write_text(text, encoding="utf-8")
    else:
        report = desktop.take_pictures(folder)
    output.result(report, f"The report is {folder / REPORT_FILE}.")


def work_through_sample(folder: Path, output: Output) -> dict[str, Any]:
    """Create the sample project in a folder, label, train and inspect; returns a report."""
    started = time.perf_counter()
    with Shell() as shell:
        output.progress("Writing the sample project")
        info: ProjectInfo = shell.do(CreateSampleProject(str(folder / SAMPLE_FILE)))
        task = info.task
        labelled = _label_some(shell, info)
        to_first_label = time.perf_counter() - started
        job = shell.run_job(
            StartJob(task_id=task.id, method="fine-tune", settings=dict(_SETTINGS)),
            job_reporter(output),
        )
        models: list[ModelInfo] = shell.ask(ListModels())
        model = next(model for model in models if model.id == job.model_id)
        evaluation: Evaluation = shell.ask(GetEvaluation(model.id, model.evaluation))
        mistakes: list[PredictedRow] = shell.ask(
            ListPredictedRows(model.id, model.evaluation, limit=10)
        )
        counts = shell.ask(GetCounts(task.id))
        few_labels = _train(shell, output, task.id, "setfit", _FEW_LABELS)
        path = str(folder / PASSAGES_FILE)
        passages: ProjectInfo = shell.do(replace(_PASSAGES, path=path))
        language = _train(shell, output, passages.task.id, "mlm", _LANGUAGE)
        marking = _train(shell, output, passages.task.id, "ner", _MARKING, language["model"])
    names = {label.id: label.name for label in task.labels}
    return {
        "project": info.path,
        "texts": counts.texts,
        "labelled": counts.labelled,
        "labelled_here": labelled,
        "training": training_result(job, model),
        "methods": [training_result(job, model), few_labels, language, marking],
        "labels": [names[label_id] for label_id in evaluation.label_ids],
        "confusion": [list(row) for row in evaluation.confusion],
        "mistakes": [
            {
                "excerpt": row.excerpt,
                "gold": [names[label_id] for label_id in row.gold],
                "predicted": [names[label_id] for label_id in row.predicted],
                "confidence": row.confidence,
            }
            for row in mistakes
        ],
        "seconds": {
            "to_first_label": round(to_first_label, 3),
            "total": round(time.perf_counter() - started, 3),
        },
    }


def _train(
    shell: Shell,
    output: Output,
    task_id: int,
    method: str,
    settings: dict[str, Any],
    base_model: str = "",
) -> dict[str, Any]:
    """Train by a method and return what "train --json" says of it."""
    command = StartJob(task_id, method, base_model=base_model, settings=dict(settings))
    job = shell.run_job(command, job_reporter(output))
    models: list[ModelInfo] = shell.ask(ListModels())
    return training_result(job, next(model for model in models if model.id == job.model_id))


def _label_some(shell: Shell, info: ProjectInfo) -> int:
    """Label a few texts by the words that give an intent away, as a hasty person would."""
    labelled = 0
    for label in info.task.labels:
        word = label.name.split()[-1]
        found = shell.ask(ListTextIds(info.task.id, TextFilter("not labelled", search=word)))
        for text_id in found[: _LABELLED_BY_HAND // len(info.task.labels)]:
            shell.do(SetLabels(info.task.id, (text_id,), (label.id,)))
            labelled += 1
    if not labelled:
        queue = shell.ask(ListQueue(info.task.id))
        shell.do(SetLabels(info.task.id, (queue[0],), (info.task.labels[0].id,)))
        labelled = 1
    return labelled
