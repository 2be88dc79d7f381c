"""rules: what passages of a label look like, so that they are suggested without a model."""

from __future__ import annotations

from pathlib import Path

import click

from engine.api import (
    RECOGNISERS,
    GetProject,
    KnownError,
    LabelInfo,
    ListRules,
    ProjectInfo,
    ReadEntries,
    Rule,
    SetRules,
    TaskInfo,
)
from engine.cli.options import existing, with_output
from engine.cli.output import Output, counted
from engine.cli.shell import Shell


@click.command("rules")
@click.argument("project", type=existing)
@click.option("--label", default="", help="The label that the rules are for.")
@click.option("--recogniser", "recognisers", multiple=True,
              help=f"Find what looks like one of {', '.join(RECOGNISERS)}; may be given again. "
              "phone:US,CA names the regions of telephone numbers.")  # fmt: skip
@click.option("--expression", "expressions", multiple=True,
              help="Find what a regular expression matches; may be given again.")  # fmt: skip
@click.option("--list", "list_file", type=existing,
              help="Find the entries of this text file, one a line.")  # fmt: skip
@click.option("--clear", is_flag=True, help="Forget the label's rules first.")
@with_output
def rules(
    output: Output,
    project: Path,
    label: str,
    recognisers: tuple[str, ...],
    expressions: tuple[str, ...],
    list_file: Path | None,
    clear: bool,
) -> None:
    """List the rules of PROJECT, or add some to a label.

    What they find in a text is suggested while passages are marked, without a model.
    """
    given = [
        *(("recogniser", name) for name in recognisers),
        *(("expression", expression) for expression in expressions),
    ]
    if (given or clear or list_file is not None) and not label:
        raise click.UsageError("Say with --label which label the rules are for.")
    with Shell(project) as shell:
        if list_file is not None:
            given += [("list", entry) for entry in shell.ask(ReadEntries(str(list_file)))]
        info: ProjectInfo = shell.ask(GetProject())
        task = info.task
        chosen = _label(task, label) if label else None
        found: tuple[Rule, ...] = shell.ask(ListRules(task.id))
        if chosen is not None and (given or clear):
            before = () if clear else (rule for rule in found if rule.label_id == chosen.id)
            new = (Rule(chosen.id, kind, value) for kind, value in given)
            shell.do(SetRules(chosen.id, (*before, *new)))
            found = shell.ask(ListRules(task.id))
    shown = [rule for rule in found if chosen is None or rule.label_id == chosen.id]
    output.result(
        {
            "rules": [
                {"label": task.label(rule.label_id).name, "kind": rule.kind, "value": rule.value}
                for rule in shown
            ]
        },
        *_words(shown, task),
    )


def _label(task: TaskInfo, name: str) -> LabelInfo:
    for label in task.labels:
        if label.name == name:
            return label
    names = ", ".join(f"“{label.name}”" for label in task.labels)
    raise KnownError(f"The project has no label “{name}”: its labels are {names or 'none yet'}.")


def _words(rules: list[Rule], task: TaskInfo) -> list[str]:
    """One line a rule, and one for all entries of a label's list."""
    words = []
    for label in task.labels:
        of_label = [rule for rule in rules if rule.label_id == label.id]
        entries = sum(rule.kind == "list" for rule in of_label)
        words += [
            f"{label.name}\t{rule.kind}\t{rule.value}" for rule in of_label if rule.kind != "list"
        ]
        if entries:
            words.append(f"{label.name}\tlist\t{counted(entries, 'entry', 'entries')}")
    return words or ["There are no rules."]
