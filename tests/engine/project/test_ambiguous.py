"""A passage people could disagree about: flagged, its reason in the guideline, one step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.project.ambiguous import mark_ambiguous
from engine.project.journal import redo, undo
from engine.project.project import ProjectFile, create_project
from engine.project.tasks import edit_label
from engine.project.text_rows import get_text
from engine.project.texts import ImportedRow, begin_import

PER = 1


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """A text with a person marked."""
    with create_project(tmp_path / "p.glossator", labels=["PER", "DATE"], kind="spans") as project:
        session = begin_import(project, "one.jsonl", 1)
        session.add([ImportedRow(1, "Ms\nOkafor wrote", spans=((3, 9, PER),))])
        session.finish()
        yield project


def state(project: ProjectFile) -> tuple[bool, str, str]:
    detail = get_text(project.connection, 1, 1)
    task = project.info().task
    assert detail is not None
    return detail.row.flagged, task.label(PER).guideline, task.guideline


def test_flag_and_dated_line_are_one_step(project: ProjectFile) -> None:
    edit_label(project, PER, guideline="Names of people.")
    before = state(project)
    step = mark_ambiguous(project, 1, 1, (0, 9, PER), "is the title\n part of it?")
    assert (step.words, step.text_ids, step.tasks_changed) == (
        "Marked “Ms Okafor” as ambiguous", (1,), True,
    )  # fmt: skip
    flagged, guideline, _ = state(project)
    assert flagged
    assert re.fullmatch(
        r"Names of people\.\n\n- \d{4}-\d\d-\d\d “Ms Okafor”: is the title part of it\?", guideline
    )
    after = state(project)
    undo(project)
    assert state(project) == before
    redo(project)
    assert state(project) == after


def test_a_second_reason_is_a_second_line_of_the_list(project: ProjectFile) -> None:
    mark_ambiguous(project, 1, 1, (3, 9, PER), "one")
    mark_ambiguous(project, 1, 1, (3, 9, PER), "two")
    _, guideline, _ = state(project)
    assert [line.rsplit(" ", 1)[-1] for line in guideline.splitlines()] == ["one", "two"]
    undo(project)
    flagged, guideline, _ = state(project)
    assert flagged
    assert guideline.endswith("one")


def test_without_a_label_the_reason_is_the_tasks(project: ProjectFile) -> None:
    mark_ambiguous(project, 1, 1, (10, 15, None), "is this anything?")
    assert "“wrote”: is this anything?" in state(project)[2]
    undo(project)
    assert state(project) == (False, "", "")


@pytest.mark.parametrize(
    ("text_id", "span", "reason", "sentence"),
    [
        (1, (3, 9, PER), "  ", "Say in a few words"),
        (1, (3, 99, PER), "x", "lies outside the text"),
        (1, (3, 9, 7), "x", "label is not in this task"),
        (9, (3, 9, PER), "x", "text is not in this project"),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    project: ProjectFile, text_id: int, span: tuple[int, int, int], reason: str, sentence: str
) -> None:
    with pytest.raises(KnownError, match=sentence):
        mark_ambiguous(project, 1, text_id, span, reason)
    assert state(project) == (False, "", "")
