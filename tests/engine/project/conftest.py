"""A real project file with a dozen texts, and a short way to bring texts in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from engine.project.project import ProjectFile, create_project
from engine.project.texts import ImportedRow, ImportSummary, begin_import

LABELS = ("complaint", "question", "praise")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """An open single-label project with the labels complaint, question and praise, ids 1 to 3."""
    with create_project(tmp_path / "letters.glossator", labels=LABELS, annotator="Ada") as project:
        yield project


@pytest.fixture
def multi_label_project(tmp_path: Path) -> Iterator[ProjectFile]:
    """The same with any number of labels a text."""
    with create_project(
        tmp_path / "themes.glossator", labels=LABELS, multi_label=True, annotator="Ada"
    ) as project:
        yield project


@pytest.fixture
def bring_in() -> Callable[..., ImportSummary]:
    """Import contents (or whole rows) into the first task of a project and return the summary."""
    return import_all


def import_all(
    project: ProjectFile, rows: Sequence[str | ImportedRow], source: str = "letters.csv"
) -> ImportSummary:
    session = begin_import(project, source, 1)
    session.add(
        [
            row if isinstance(row, ImportedRow) else ImportedRow(number, row)
            for number, row in enumerate(rows, start=1)
        ]
    )
    return session.finish()


@pytest.fixture
def letters(project: ProjectFile) -> ProjectFile:
    """The project with twelve different letters, ids 1 to 12."""
    import_all(project, TWELVE_LETTERS)
    return project


TWELVE_LETTERS = (
    "The surveyor never came although two dates had been agreed with your office in Leeds",
    "Could you tell me whether a stolen bicycle is covered while it stands in the yard",
    "Thank you for settling the burst pipe within a week, we are most grateful to the team",
    "My premium went up by a third and nobody has given me a reason for it so far",
    "Please confirm in writing that the cover for my daughter's violin starts in March",
    "The young man on the telephone was patient, friendly and knew what he spoke about",
    "Three months after the hailstorm the roof is still open and the rain comes in",
    "Is damage by martens to the cables under the bonnet a part of the partial cover",
    "What a relief that the hire car stood at the door on the very same afternoon",
    "I cancelled the policy in June and the money was taken from my account in July",
    "How do I add a second driver to the contract if she lives at another address",
    "You kept your word about the goodwill payment and that deserves to be said once",
)
