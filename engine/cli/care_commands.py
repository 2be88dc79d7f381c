"""check and doctor: whether a project is whole, and what this machine can do."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from engine.api import check_file, describe_machine, repair_file
from engine.cli.options import existing, with_output
from engine.cli.output import Output, counted


@click.command("check")
@click.argument("project", type=existing)
@click.option("--repair", type=existing, metavar="OUT",
              help="Write a recovered copy of the project to this new file.")  # fmt: skip
@click.pass_context
@with_output
def check(output: Output, context: click.Context, project: Path, repair: Path | None) -> None:
    """Check that the file, the journal and the models of PROJECT are whole.

    PROJECT itself is never changed. The exit code is 1 if something is wrong with it.
    """
    output.progress(f"Checking {project.name}")
    findings = check_file(project) if repair is None else repair_file(project, repair)
    subject = project if repair is None else repair
    data: dict[str, Any] = {
        "project": str(subject),
        "whole": not any(finding.severity == "error" for finding in findings),
        "findings": [
            {"severity": finding.severity, "words": finding.words} for finding in findings
        ],
    }
    words = [f"{finding.severity}: {finding.words}" for finding in findings]
    verdict = f"{subject} is whole." if data["whole"] else f"{subject} is damaged."
    if repair is not None and data["whole"]:
        verdict = f"The recovered copy {repair} is whole."
    output.result(data, *words, verdict)
    if not data["whole"]:
        context.exit(1)


@click.command("doctor")
@with_output
def doctor(output: Output) -> None:
    """Say what this machine can do, and what is missing; nothing leaves the machine."""
    output.progress("Loading the model libraries, which takes some seconds")
    machine = describe_machine()
    words = [f"{fact}: {value}" for fact, value in machine.facts.items()]
    words += [f"{library}: {version}" for library, version in machine.versions.items()]
    words += [f"missing: {problem}" for problem in machine.problems]
    missing = counted(len(machine.problems), "thing")
    verdict = f"{missing} to mend." if machine.problems else "Nothing is missing."
    output.result(asdict(machine), *words, verdict)
