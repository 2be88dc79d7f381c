"""evaluate, compare and predict: what a trained model is worth, and its use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from engine.api import (
    SPLITS,
    CompareModels,
    Comparison,
    Evaluation,
    GetEvaluation,
    GetProject,
    GetSpanEvaluation,
    KnownError,
    ModelInfo,
    PredictedRow,
    PredictFile,
    PredictSplit,
    ProjectInfo,
    SpanEvaluation,
    predict_with_folder,
)
from engine.cli.job_commands import evaluated_on, job_reporter
from engine.cli.model_commands import find_model
from engine.cli.options import existing, with_output
from engine.cli.output import Output, counted
from engine.cli.shell import Shell

CROSS_VALIDATION = "cross-validation"
_EVALUATIONS = (*SPLITS, CROSS_VALIDATION)
_ERRORS = {
    "boundary": "with other boundaries",
    "type": "with another label",
    "boundary_and_type": "with other boundaries and another label",
    "missing": "not found",
    "spurious": "where nothing is marked",
}

Told = tuple[dict[str, Any], list[str], dict[str, Any]]
"""An evaluation: its metrics, what is said of them line by line, and what else JSON has."""


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
    tell = _tell_spans if isinstance(evaluation, SpanEvaluation) else _tell_labels
    metrics, words, more = tell(evaluation, names)
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


def _tell_labels(evaluation: Evaluation, names: dict[int, str]) -> Told:
    metrics = {
        "accuracy": evaluation.accuracy,
        "macro_f1": evaluation.macro_f1,
        "macro_f1_interval": [evaluation.f1_low, evaluation.f1_high],
        "f1": evaluation.f1,
        "per_label": _per_label(evaluation, names),
    }
    words = [
        f"accuracy {evaluation.accuracy:.3f}, macro F1 {evaluation.macro_f1:.3f} "
        f"({evaluation.f1_low:.3f} to {evaluation.f1_high:.3f}), F1 {evaluation.f1:.3f}.",
        *_words_by_label(evaluation, names, "text"),
    ]
    return metrics, words, {"confusion": [list(row) for row in evaluation.confusion]}


def _tell_spans(evaluation: SpanEvaluation, names: dict[int, str]) -> Told:
    metrics = {
        "f1": evaluation.f1,
        "precision": evaluation.precision,
        "recall": evaluation.recall,
        "macro_f1": evaluation.macro_f1,
        "per_label": _per_label(evaluation, names),
        "errors": evaluation.errors,
        "exact_f1": evaluation.exact_f1,
        "type_f1": evaluation.type_f1,
        "gold": evaluation.gold,
        "predicted": evaluation.predicted,
        "correct": evaluation.correct,
        "torn": evaluation.torn,
        "joined": evaluation.joined,
    }
    errors = ", ".join(f"{number:,} {_ERRORS[kind]}" for kind, number in evaluation.errors.items())
    words = [
        f"F1 {evaluation.f1:.3f}, precision {evaluation.precision:.3f}, "
        f"recall {evaluation.recall:.3f}; {evaluation.correct:,} of "
        f"{counted(evaluation.gold, 'passage')} found as marked.",
        f"Mistakes: {errors}.",
        *_words_by_label(evaluation, names, "passage"),
    ]
    return metrics, words, {}


def _per_label(evaluation: Evaluation | SpanEvaluation, names: dict[int, str]) -> dict[str, Any]:
    return {
        names[scores.label_id]: {
            "precision": scores.precision,
            "recall": scores.recall,
            "f1": scores.f1,
            "support": scores.support,
        }
        for scores in evaluation.per_label
    }


def _words_by_label(
    evaluation: Evaluation | SpanEvaluation, names: dict[int, str], noun: str
) -> list[str]:
    return [
        f"{names[scores.label_id]}: F1 {scores.f1:.3f}, precision {scores.precision:.3f}, "
        f"recall {scores.recall:.3f}, {counted(scores.support, noun)}"
        for scores in evaluation.per_label
    ]


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
    """Compare MODEL with AGAINST on the same texts: which were won, which lost."""
    with Shell(project) as shell:
        info: ProjectInfo = shell.ask(GetProject())
        first, second = find_model(shell, model), find_model(shell, against)
        for one in (first, second):
            _evaluation(shell, output, one, GetEvaluation(one.id, split))
        found: Comparison = shell.ask(CompareModels(first.id, second.id, split))
    names = {label.id: label.name for label in info.task.labels}
    output.result(
        {
            "model": model,
            "against": against,
            "split": split,
            "texts": found.texts,
            "accuracy": [found.accuracy, found.against_accuracy],
            "macro_f1": [found.macro_f1, found.against_macro_f1],
            "p_value": found.p_value,
            "won": [_flipped(row, names) for row in found.won],
            "lost": [_flipped(row, names) for row in found.lost],
        },
        f"On {counted(found.texts, 'text')} of {evaluated_on(split)}: "
        f"{model} accuracy {found.accuracy:.3f}, macro F1 {found.macro_f1:.3f}; "
        f"{against} accuracy {found.against_accuracy:.3f}, macro F1 {found.against_macro_f1:.3f}.",
        f"{model} wins {counted(len(found.won), 'text')} and loses {len(found.lost):,}; "
        f"chance alone gives such a difference with p = {found.p_value:.3f}.",
        *(f"won\t{row.text_id}\t{row.excerpt}" for row in found.won),
        *(f"lost\t{row.text_id}\t{row.excerpt}" for row in found.lost),
    )


def _flipped(row: PredictedRow, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": row.text_id,
        "excerpt": row.excerpt,
        "gold": [names[label_id] for label_id in row.gold],
        "predicted": [names[label_id] for label_id in row.predicted],
        "confidence": row.confidence,
    }


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
