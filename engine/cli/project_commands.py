"""new, import, export: a project and its texts."""

from __future__ import annotations

from pathlib import Path

import click

from engine.api import (
    FORMATS,
    SPLITS,
    STATES,
    TASK_KINDS,
    TEXT_FORMATS,
    CreateProject,
    Event,
    ExportTexts,
    GetProject,
    ImportProgressed,
    ImportReport,
    ImportTexts,
    ProjectInfo,
    TextFilter,
)
from engine.cli.options import existing, with_output
from engine.cli.output import Output, counted
from engine.cli.shell import Shell

_SHOWN_PROBLEMS = 10


@click.command("new")
@click.argument("project", type=existing)
@click.option("--task", type=click.Choice(TASK_KINDS), default=TASK_KINDS[0],
              show_default=True, help="Label whole texts, or mark passages.")  # fmt: skip
@click.option("--multi-label", is_flag=True, help="A text may have several labels, or none.")
@click.option("--labels", default="", help="The labels, with commas between them.")
@click.option("--name", default="", help="The project's name; its file's name if not given.")
@click.option("--guideline", default="", help="What annotators should know, in a sentence or two.")
@with_output
def new(
    output: Output,
    project: Path,
    task: str,
    multi_label: bool,
    labels: str,
    name: str,
    guideline: str,
) -> None:
    """Create the project file PROJECT.

    Labels can be added later, and an import can add them too.
    """
    names = tuple(label.strip() for label in labels.split(",") if label.strip())
    with Shell() as shell:
        info: ProjectInfo = shell.do(
            CreateProject(
                path=str(project),
                labels=names,
                multi_label=multi_label,
                kind=task,
                name=name,
                guideline=guideline,
            )
        )
    output.result(
        {
            "project": info.path,
            "name": info.name,
            "task": info.task.kind,
            "multi_label": info.task.multi_label,
            "labels": [label.name for label in info.task.labels],
        },
        f"Created {info.path} with {counted(len(info.task.labels), 'label')}.",
    )


@click.command("import")
@click.argument("project", type=existing)
@click.argument("file", type=existing)
@click.option("--format", "format_", type=click.Choice(FORMATS),
              help="The file's format; told by its content if not given.")  # fmt: skip
@click.option("--text-column", help="The column that holds the texts.")
@click.option("--label-column", help="The column that holds the labels; '' for none.")
@click.option("--split", type=click.Choice(SPLITS), help="Put all texts into this split.")
@click.option("--split-column", help="The column that names each text's split; '' for none.")
@click.option("--add-labels", is_flag=True, help="Add labels that the task has not.")
@click.option("--unknown-labels", type=click.Choice(["stop", "add", "drop"]), default="stop",
              show_default=True, help="What to do with labels that the task has not.")  # fmt: skip
@with_output
def import_(
    output: Output,
    project: Path,
    file: Path,
    format_: str | None,
    text_column: str | None,
    label_column: str | None,
    split: str | None,
    split_column: str | None,
    add_labels: bool,
    unknown_labels: str,
) -> None:
    """Import the texts of FILE, with their labels and splits if it has any.

    CSV (with commas, semicolons, tabs or bars), JSON Lines, JSON and CoNLL are read, in any
    encoding. A task of spans takes its passages from CoNLL, or from lists of start, end and label.
    Importing the same file again skips the rows that are there already.
    """

    def on_event(event: Event) -> None:
        if isinstance(event, ImportProgressed):
            output.progress(f"Importing {file.name}", event.done, event.total)

    with Shell(project) as shell:
        info: ProjectInfo = shell.ask(GetProject())
        report: ImportReport = shell.do(
            ImportTexts(
                path=str(file),
                task_id=info.task.id,
                format=format_,
                text_column=text_column,
                label_column=label_column,
                split=split,
                split_column=split_column,
                unknown_labels="add" if add_labels else unknown_labels,
            ),
            on_event,
        )
    _show_report(output, report)


def _show_report(output: Output, report: ImportReport) -> None:
    words = [
        f"Imported {counted(report.imported, 'text')} of {report.read:,} from {report.source}: "
        f"{report.labelled:,} labelled, {report.repaired:,} repaired, {report.refused:,} refused, "
        f"{report.duplicates:,} there already."
    ]
    if report.labels_added:
        words.append("Added the labels " + ", ".join(report.labels_added) + ".")
    if report.split_leaks:
        words.append(
            f"{counted(report.split_leaks, 'text')} resembles or repeats a text of another split, "
            "so scores on the test part may flatter."
        )
    words += [
        f"Row {problem.row} was {problem.kind}: {problem.reason}."
        for problem in report.problems[:_SHOWN_PROBLEMS]
    ]
    if report.problems_total > _SHOWN_PROBLEMS:
        words.append(f"… and {report.problems_total - _SHOWN_PROBLEMS:,} more; --json lists them.")
    output.result(
        {
            "read": report.read,
            "imported": report.imported,
            "repaired": report.repaired,
            "refused": report.refused,
            "duplicates": report.duplicates,
            "problems": [
                {"row": problem.row, "reason": problem.reason, "kind": problem.kind}
                for problem in report.problems
            ],
            "problems_total": report.problems_total,
            "labelled": report.labelled,
            "labels_added": list(report.labels_added),
            "near_duplicates": report.near_duplicates,
            "split_leaks": report.split_leaks,
            "encoding": report.encoding,
        },
        *words,
    )


@click.command("export")
@click.argument("project", type=existing)
@click.argument("file", type=existing)
@click.option("--format", "format_", type=click.Choice(TEXT_FORMATS),
              help="The format; told by the file's name if not given.")  # fmt: skip
@click.option("--split", type=click.Choice(SPLITS), help="Only the texts of this split.")
@click.option("--state", type=click.Choice(STATES), default="all", show_default=True,
              help="Only texts of this state.")  # fmt: skip
@with_output
def export(
    output: Output, project: Path, file: Path, format_: str | None, split: str | None, state: str
) -> None:
    """Write the texts with labels, splits and all that is known of them to FILE.

    Cells of a CSV file are written as they are; import its columns into a spreadsheet as text if
    the texts come from strangers. CoNLL holds the words and the passages of labelled texts alone.
    """
    suffix = file.suffix.lower().lstrip(".")
    if format_ is None and suffix not in TEXT_FORMATS:
        raise click.UsageError(f"Say with --format which to write: {', '.join(TEXT_FORMATS)}.")
    with Shell(project) as shell:
        info: ProjectInfo = shell.ask(GetProject())
        rows: int = shell.do(
            ExportTexts(
                path=str(file),
                task_id=info.task.id,
                format=format_ or suffix,
                filter=TextFilter(state=state, split=split),
            )
        )
    output.result(
        {"file": str(file), "format": format_ or suffix, "rows": rows},
        f"Wrote {counted(rows, 'text')} to {file}.",
    )
