"""Labels given to and taken off many texts at once, in a task that takes several a text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.project.annotations import give_labels, set_labels, set_skipped, take_labels
from engine.project.journal import undo
from engine.project.project import ProjectFile, create_project
from engine.project.text_rows import get_text_rows
from engine.project.texts import ImportedRow, begin_import

TASK = 1
LAW, MEDICINE, MONEY = 1, 2, 3


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """Four texts: law; law and medicine; none of the labels; not labelled."""
    path = tmp_path / "several.glossator"
    with create_project(path, labels=("law", "medicine", "money"), multi_label=True) as project:
        session = begin_import(project, "four.csv", TASK)
        session.add([ImportedRow(row, f"text {row}") for row in range(1, 5)])
        session.finish()
        set_labels(project, TASK, (1,), (LAW,))
        set_labels(project, TASK, (2,), (LAW, MEDICINE))
        set_labels(project, TASK, (3,), ())
        yield project


def labels(project: ProjectFile) -> list[tuple[int, ...] | None]:
    rows = get_text_rows(project.connection, TASK, (1, 2, 3, 4))
    return [row.label_ids if row.labelled else None for row in rows]


def test_given_labels_join_those_that_are_there(project: ProjectFile) -> None:
    step = give_labels(project, TASK, (1, 2, 3, 4), (MEDICINE,))
    assert labels(project) == [(LAW, MEDICINE), (LAW, MEDICINE), (MEDICINE,), (MEDICINE,)]
    assert set(step.text_ids) == {1, 3, 4}
    undo(project)
    assert labels(project) == [(LAW,), (LAW, MEDICINE), (), None]


def test_giving_a_label_lifts_a_skip(project: ProjectFile) -> None:
    set_skipped(project, TASK, (4,))
    give_labels(project, TASK, (4,), (LAW,))
    (row,) = get_text_rows(project.connection, TASK, (4,))
    assert row.labelled
    assert not row.skipped


def test_a_text_left_without_labels_is_not_labelled_any_more(project: ProjectFile) -> None:
    take_labels(project, TASK, (1, 2, 3, 4), (LAW,))
    assert labels(project) == [None, (MEDICINE,), (), None]
    undo(project)
    assert labels(project) == [(LAW,), (LAW, MEDICINE), (), None]


def test_what_changes_nothing_makes_no_step(project: ProjectFile) -> None:
    assert give_labels(project, TASK, (1, 2), (LAW,)).id == 0
    assert take_labels(project, TASK, (1, 3, 4), (MONEY,)).id == 0


def test_a_task_of_one_label_a_text_refuses(tmp_path: Path) -> None:
    with (
        create_project(tmp_path / "one.glossator", labels=("a", "b")) as project,
        pytest.raises(KnownError, match="exactly one label"),
    ):
        give_labels(project, TASK, (1,), (1,))
