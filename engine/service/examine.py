"""Examining a project file that is not open: whether it is whole, and a recovered copy if not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.errors import KnownError

if TYPE_CHECKING:
    from engine.project.check import Finding


def check_file(path: Path) -> list[Finding]:
    """Return what is wrong with a project: its file, its journal, and its models' files.

    Raises:
        KnownError: if the file cannot be opened as a project at all.
    """
    from engine.project.check import Finding, check_project
    from engine.project.models import list_models
    from engine.project.project import open_project
    from engine.registry.manifest import verify

    with open_project(path) as project:
        findings = list(check_project(project))
        for model in list_models(project.connection, project.models_folder):
            if not model.present:
                continue  # the check of the project has told so
            try:
                verify(Path(model.folder))
            except KnownError as error:
                findings.append(Finding("error", error.message))
    return findings


def repair_file(path: Path, out: Path) -> list[Finding]:
    """Write a recovered copy of a project to `out`, and return what is wrong with the copy.

    Raises:
        KnownError: if nothing can be recovered, or `out` exists or cannot be written.
    """
    from engine.project.repair import repair_project

    return repair_project(path, out)
