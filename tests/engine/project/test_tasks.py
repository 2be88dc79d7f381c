"""Labels have a name, a key and a colour of their own, and every edit can be undone."""

from __future__ import annotations

import pytest

from engine.core.errors import KnownError
from engine.project.annotations import set_labels
from engine.project.counters import get_counts
from engine.project.journal import undo
from engine.project.labels import COLORS, KEYS
from engine.project.project import ProjectFile
from engine.project.tasks import (
    RESERVED_KEYS,
    add_label,
    edit_label,
    edit_task,
    read_task,
    remove_label,
)


def test_keys_and_colours_are_given_out_in_order(project: ProjectFile) -> None:
    labels = read_task(project.connection, 1).labels
    assert [label.key for label in labels] == ["1", "2", "3"]
    assert [label.color for label in labels] == list(COLORS[:3])


def test_reserved_letters_are_never_given_out() -> None:
    assert set("acfgklz") == RESERVED_KEYS
    assert not RESERVED_KEYS & set(KEYS)
    assert KEYS.startswith("123456789")
    assert len(set(KEYS)) == len(KEYS) == 9 + 26 - len(RESERVED_KEYS)


def test_a_task_may_have_more_labels_than_keys(project: ProjectFile) -> None:
    for number in range(len(KEYS)):
        label, _ = add_label(project, 1, f"topic {number}")
    assert label.key == ""
    assert label.color in COLORS


@pytest.mark.parametrize(
    ("name", "key", "color", "sentence"),
    [
        ("Complaint", "", "", "already a label “complaint”"),
        ("  ", "", "", "needs a name"),
        ("x" * 81, "", "", "80 are allowed"),
        ("new", "z", "", "the program uses itself"),
        ("new", "2", "", "belongs to the label “question”"),
        ("new", "ä", "", "cannot be the key"),
        ("new", "12", "", "cannot be the key"),
        ("new", "", "red", "is not a colour"),
    ],
)
def test_labels_that_are_no_good_are_refused(
    project: ProjectFile, name: str, key: str, color: str, sentence: str
) -> None:
    before = read_task(project.connection, 1)
    with pytest.raises(KnownError, match=sentence):
        add_label(project, 1, name, key=key, color=color)
    assert read_task(project.connection, 1) == before


def test_a_label_is_edited_and_the_edit_undone(project: ProjectFile) -> None:
    before = read_task(project.connection, 1)
    label, step = edit_label(project, 2, name=" Query ", key="q", guideline="Asks for something.")
    assert (label.name, label.key, label.guideline) == ("Query", "q", "Asks for something.")
    assert step.words == "Renamed the label question to Query"
    assert step.tasks_changed
    assert undo(project).tasks_changed
    assert read_task(project.connection, 1) == before


def test_an_edit_that_changes_nothing_is_no_step(project: ProjectFile) -> None:
    _, step = edit_label(project, 2, name="question")
    assert step.id == 0


def test_removing_a_label_takes_it_off_its_texts(letters: ProjectFile) -> None:
    set_labels(letters, 1, [1, 2], [1])
    set_labels(letters, 1, [3], [2])
    step = remove_label(letters, 1)
    assert (step.text_ids, step.tasks_changed) == ((1, 2), True)
    counts = get_counts(letters.connection, 1)
    assert (counts.labelled, counts.by_label) == (1, {2: 1, 3: 0})
    undo(letters)
    assert get_counts(letters.connection, 1).by_label == {1: 2, 2: 1, 3: 0}


def test_the_guideline_of_a_task_is_edited(project: ProjectFile) -> None:
    task, step = edit_task(project, 1, guideline=" What does the writer want? ")
    assert task.guideline == "What does the writer want?"
    assert step.tasks_changed
    undo(project)
    assert read_task(project.connection, 1).guideline == ""
