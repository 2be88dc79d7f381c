"""redact: a file without the passages that identify people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from engine.api import (
    OPERATORS,
    GetProject,
    ModelInfo,
    OperatorChoice,
    Policy,
    ProjectInfo,
    ProjectKeeper,
    RedactedFile,
    read_policy,
    redact_file,
)
from engine.cli.model_commands import find_model
from engine.cli.options import existing, with_output
from engine.cli.output import Output, counted
from engine.cli.shell import Shell

_PASSING = (
    "Hashes and aliases were made with a secret of this run alone: another run makes other ones."
)


def _names(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


@click.command("redact")
@click.argument("file", type=existing)
@click.option("--model", "name",
              help="A model's folder, or with --project a model's name.")  # fmt: skip
@click.option("--project", type=existing, help="The project that has the model.")
@click.option("--operator", type=click.Choice(OPERATORS),
              help="What is done with the passages of labels not in --policy; without either, "
              "the project's policy, or redact.")  # fmt: skip
@click.option("--policy", "policy_file", type=existing,
              help='A JSON file from labels to operators: {"PERSON": "pseudonymise"}.')  # fmt: skip
@click.option("--patterns", default="", callback=_names, metavar="NAME,…",
              help="Look for email, phone, iban, date and others by their form; "
              "NAME:LABEL gives them a label, and all is all of them.")  # fmt: skip
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, show_default=True,
              help="Leave alone what is found with less.")  # fmt: skip
@click.option("--out", type=existing, required=True,
              help="The file to write, of the same kind; it must not exist.")  # fmt: skip
@click.option("--report", type=existing, help="Write every decision to this JSON file.")
@click.option("--aliases", type=existing,
              help="Write the table of aliases to this CSV file; it undoes them.")  # fmt: skip
@click.option("--text-column", help="The column that holds the texts; * for every field of JSON.")
@with_output
def redact(
    output: Output,
    file: Path,
    name: str | None,
    project: Path | None,
    operator: str | None,
    policy_file: Path | None,
    patterns: tuple[str, ...],
    min_confidence: float,
    out: Path,
    report: Path | None,
    aliases: Path | None,
    text_column: str | None,
) -> None:
    """Write FILE to --out with the passages replaced that identify people.

    FILE is plain text, CSV, TSV, JSON or a Word document. Passages are found by a model that marks
    them, by patterns, or by both. With --project, hashes and aliases are those of the project.
    Read the result before you share it.
    """
    if name is None and not patterns:
        raise click.UsageError("Say how passages are found: --model, --patterns, or both.")
    model, labels = _model(project, name)
    keeper = None if project is None else ProjectKeeper(project)
    choice = OperatorChoice(operator or OPERATORS[0])
    policy = read_policy(policy_file, choice) if policy_file else Policy({}, choice)
    if keeper is not None and operator is None and policy_file is None:
        policy = keeper.policy()
    result = redact_file(
        file,
        out,
        policy,
        model=model,
        label_names=labels,
        patterns=patterns,
        min_confidence=min_confidence,
        text_column=text_column,
        keeper=keeper,
        report=report,
        aliases=aliases,
        on_progress=lambda done, total: output.progress("Looking for passages", done, total),
    )
    notes = _notes(result)
    for sentence in (*result.unseen, *notes):
        output.say(sentence)
    output.result(_data(result, notes), *_words(result))


def _model(project: Path | None, name: str | None) -> tuple[Path | None, tuple[str, ...] | None]:
    """Return a model's folder, and of a project's model the names that its labels have today."""
    if project is None or name is None:
        return Path(name) if name else None, None
    with Shell(project) as shell:
        model: ModelInfo = find_model(shell, name)
        info: ProjectInfo = shell.ask(GetProject())
    today = {label.id: label.name for label in info.task.labels}
    if not set(model.label_ids) <= today.keys():
        return Path(model.folder), None
    return Path(model.folder), tuple(today[label_id] for label_id in model.label_ids)


def _notes(result: RedactedFile) -> list[str]:
    notes = [] if result.lasting else [_PASSING]
    if result.by_doubt:
        kinds = ", ".join(f"{kind} {number:,}" for kind, number in result.by_doubt.items())
        notes.append(
            f"Something may have been missed ({kinds}); --report says where. "
            "Read the result before you share it."
        )
    return notes


def _data(result: RedactedFile, notes: list[str]) -> dict[str, Any]:
    return {
        "out": str(result.out),
        "texts": result.texts,
        "passages": result.passages,
        "by_label": result.by_label,
        "by_operator": result.by_operator,
        "doubts": result.by_doubt,
        "unseen": list(result.unseen),
        "notes": notes,
    }


def _words(result: RedactedFile) -> list[str]:
    return [
        f"Wrote {result.out}: {counted(result.passages, 'passage')} in "
        f"{counted(result.texts, 'text')}.",
        *(f"{label}\t{number:,}" for label, number in result.by_label.items()),
    ]
