"""evaluate, compare and predict: what a trained model is worth, and its use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from engine.api import (
    SPLITS,
    CompareModels,
    CompareSpanModels,
    Comparison,
    GetEvaluation,
    GetProject,
    GetSpanEvaluation,
    KnownError,
    ModelInfo,
    PredictFile,
    PredictSplit,
    ProjectInfo,
    SpanComparison,
    SpanEvaluation,
    predict_with_folder,
)
from engine.cli.job_commands import evaluated_on, job_reporter
from engine.cli.model_commands import find_model
from engine.cli.options import existing, with_output
from engine.cli.output import Output, counted
from engine.cli.score_words import tell_comparison, tell_labels, tell_span_comparison, tell_spans
from engine.cli.shell import Shell

CROSS_VALIDATION = "cross-validation"
_EVALUATIONS = (*SPLITS, CROSS_VALIDATION)


@click.command("evaluate")
@click.argument("project", type=existing)
@click.option("--model", "name", required=True, help="The model's name.")
@click.option("--split", type=click.Choice(_EVALUATIONS),
              help="What to score on; what the model was scored on, if not given.")  # fmt: skip
@with_output
def evaluate(output: Output, project: Path, name: str, split: str | None) -> None:
    """Score a model of PROJECT against today's labels, or the passages marked today."""
    with Shell(project) as shell:
        info: ProjectInfo = shell.ask(GetProject())
        model = find_model(shell, name)
        wanted = split or model.evaluation
        question = GetSpanEvaluation if info.task.kind == "spans" else GetEvaluation
        evaluation = _evaluation(shell, output, model, question(model.id, wanted))
    if not evaluation.texts:
        raise KnownError(f"There is no labelled text in {evaluated_on(wanted)} to score on.")
    names = {label.id: label.name for label in info.task.labels}
    metrics, words, more = (
        tell_spans(evaluation, names)
        if isinstance(evaluation, SpanEvaluation)
        else tell_labels(evaluation, names)
    )
    head = f"{name} on {evaluated_on(wanted)}, {counted(evaluation.texts, 'text')}: "
    if evaluation.note:
        words.append(evaluation.note)
    output.result(
        {
            "model": name,
            "split": wanted,
            "texts": evaluation.texts,
            "metrics": metrics,
            "labels": [names[label_id] for label_id in evaluation.label_ids],
            **more,
            "note": evaluation.note,
        },
        head + words[0],
        *words[1:],
    )


def _evaluation(
    shell: Shell, output: Output, model: ModelInfo, question: GetEvaluation | GetSpanEvaluation
) -> Any:
    """Return the answer to a question about a model's scores, predicting first what it needs."""
    found = shell.ask(question)
    if found.missing and question.split != CROSS_VALIDATION:
        shell.run_job(PredictSplit(model.id, question.split), job_reporter(output))
        found = shell.ask(question)
    return found


@click.command("compare")
@click.argument("project", type=existing)
@click.argument("model")
@click.argument("against")
@click.option("--split", type=click.Choice(_EVALUATIONS), default="test", show_default=True,
              help="What to compare on.")  # fmt: skip
@with_output
def compare(output: Output, project: Path, model: str, against: str, split: str) -> None:
    """Compare MODEL with AGAINST on the same texts: which were won, which lost.

    Of models that mark passages, it is passages that are won and lost.
    """
    with Shell(project) as shell:
        info: ProjectInfo = shell.ask(GetProject())
        first, second = find_model(shell, model), find_model(shell, against)
        spans = info.task.kind == "spans"
        question = GetSpanEvaluation if spans else GetEvaluation
        for one in (first, second):
            _evaluation(shell, output, one, question(one.id, split))
        comparing = CompareSpanModels if spans else CompareModels
        found: Comparison | SpanComparison = shell.ask(comparing(first.id, second.id, split))
    names = {label.id: label.name for label in info.task.labels}
    figures, words = (
        tell_span_comparison(found, names, model, against)
        if isinstance(found, SpanComparison)
        else tell_comparison(found, names, model, against)
    )
    output.result({"model": model, "against": against, "split": split, **figures}, *words)


@click.command("predict")
@click.argument("file", type=existing)
@click.option("--model", "name", required=True,
              help="A model's folder, or with --project a model's name.")  # fmt: skip
@click.option("--project", type=existing, help="The project that has the model.")
@click.option("--out", type=existing, required=True,
              help="The file to write; its name ends in .csv or .jsonl.")  # fmt: skip
@click.option("--text-column", help="The column that holds the texts.")
@with_output
def predict(
    output: Output,
    file: Path,
    name: str,
    project: Path | None,
    out: Path,
    text_column: str | None,
) -> None:
    """Predict every text of FILE and write its rows with what the model says to --out.

    That is a label and its probabilities, or of a model that marks passages a list of these, with
    their confidence, under the name spans; in CSV, lists are written as JSON.
    """
    if project is None:
        rows = predict_with_folder(
            Path(name),
            file,
            out,
            text_column=text_column,
            on_progress=lambda done, total: output.progress("Predicting", done, total),
        )
    else:
        with Shell(project) as shell:
            model = find_model(shell, name)
            job = shell.run_job(
                PredictFile(model.id, str(file), str(out), text_column), job_reporter(output)
            )
        rows = job.result["rows"]
    output.result(
        {"model": name, "file": str(out), "rows": rows},
        f"Wrote {counted(rows, 'row')} with predictions to {out}.",
    )
