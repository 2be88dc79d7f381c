"""A project file to import into, and the data sets where they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.interchange.exporting import export_texts
from engine.interchange.importing import import_texts
from engine.project.project import ProjectFile, create_project
from engine.project.rows import ImportReport
from engine.project.tasks import read_tasks
from engine.service.commands import ExportTexts, ImportTexts

DATA = Path(os.environ.get("GLOSSATOR_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))


@pytest.fixture
def data() -> Path:
    """The folder of public data sets; the test is skipped where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"the test data is not there: {DATA}")
    return DATA


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """A single-label project with the labels positive and negative."""
    with create_project(tmp_path / "p.glossator", labels=["positive", "negative"]) as file:
        yield file


@pytest.fixture
def multi_label_project(tmp_path: Path) -> Iterator[ProjectFile]:
    """A multi-label project with the labels positive and negative."""
    path = tmp_path / "m.glossator"
    with create_project(path, labels=["positive", "negative"], multi_label=True) as file:
        yield file


@pytest.fixture
def import_file() -> Callable[..., ImportReport]:
    """Import a file to the end and return the report."""

    def run(project: ProjectFile, path: Path, **options: object) -> ImportReport:
        task = read_tasks(project.connection)[0]
        work = import_texts(project, ImportTexts(str(path), task.id, **options))
        while True:
            try:
                next(work)
            except StopIteration as end:
                return end.value

    return run


@pytest.fixture
def export_file() -> Callable[..., int]:
    """Export to a file and return the number of rows."""

    def run(project: ProjectFile, path: Path, **options: object) -> int:
        task = read_tasks(project.connection)[0]
        work = export_texts(project, ExportTexts(str(path), task.id, **options))
        while True:
            try:
                next(work)
            except StopIteration as end:
                return end.value

    return run
