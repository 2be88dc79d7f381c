"""What a key press does, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.core.errors import KnownError
from engine.project.annotations import (
    clear_labels,
    set_comment,
    set_flagged,
    set_labels,
    set_skipped,
)
from engine.project.counters import get_counts
from engine.project.journal import history, redo, undo
from engine.project.project import ProjectFile, open_project
from engine.project.text_rows import get_text, get_text_rows
from engine.project.texts import ImportSummary


def test_a_label_is_set_with_its_origin_and_annotator(letters: ProjectFile) -> None:
    step = set_labels(letters, 1, [3], [2])
    detail = get_text(letters.connection, 1, 3)
    assert detail is not None
    assert step.text_ids == (3,)
    assert step.words == "Labelled 1 text as question"
    assert (detail.row.label_ids, detail.row.labelled) == ((2,), True)
    assert (detail.origin, detail.annotator) == ("person", "Ada")
    assert detail.labelled_at.endswith("+00:00")


def test_the_same_label_again_is_no_step(letters: ProjectFile) -> None:
    set_labels(letters, 1, [3], [2])
    again = set_labels(letters, 1, [3], [2])
    assert (again.id, again.text_ids) == (0, ())
    assert len(history(letters.connection)) == 2  # the import and the first label


def test_a_person_confirms_what_a_bulk_action_said_and_not_the_other_way(
    letters: ProjectFile,
) -> None:
    set_labels(letters, 1, [3], [2], origin="bulk")
    assert set_labels(letters, 1, [3], [2]).text_ids == (3,)
    assert set_labels(letters, 1, [3], [2], origin="bulk").text_ids == ()
    detail = get_text(letters.connection, 1, 3)
    assert detail is not None
    assert detail.origin == "person"


def test_labelling_lifts_a_skip_and_keeps_flag_and_comment(letters: ProjectFile) -> None:
    set_skipped(letters, 1, [3])
    set_flagged(letters, 1, [3])
    set_comment(letters, 1, 3, "  ask Ben ")
    set_labels(letters, 1, [3], [1])
    (row,) = get_text_rows(letters.connection, 1, [3])
    assert (row.skipped, row.flagged, row.comment, row.label_ids) == (False, True, "ask Ben", (1,))


@pytest.mark.parametrize("labels", [[], [1, 2], [99]])
def test_a_single_label_task_takes_exactly_one_of_its_labels(
    letters: ProjectFile, labels: list[int]
) -> None:
    with pytest.raises(KnownError, match="nothing was changed"):
        set_labels(letters, 1, [3], labels)
    assert get_counts(letters.connection, 1).labelled == 0


def test_in_a_multi_label_task_none_is_an_answer(
    multi_label_project: ProjectFile, bring_in: Callable[..., ImportSummary]
) -> None:
    project = multi_label_project
    bring_in(project, ["one letter about a storm", "another letter about a bicycle"])
    assert set_labels(project, 1, [1], []).words == "Labelled 1 text as none of the labels"
    set_labels(project, 1, [2], [3, 1])
    first, second = get_text_rows(project.connection, 1, [1, 2])
    assert (first.labelled, first.label_ids) == (True, ())
    assert second.label_ids == (1, 3)
    assert get_counts(project.connection, 1).by_label == {1: 1, 2: 0, 3: 1}
    assert clear_labels(project, 1, [1, 2]).text_ids == (1, 2)


def test_the_counts_follow_every_step(letters: ProjectFile) -> None:
    set_labels(letters, 1, [1, 2], [1])
    set_labels(letters, 1, [3], [2])
    set_skipped(letters, 1, [4])
    set_flagged(letters, 1, [1, 4])
    counts = get_counts(letters.connection, 1)
    assert (counts.texts, counts.labelled, counts.skipped, counts.flagged) == (12, 3, 1, 2)
    assert counts.by_label == {1: 2, 2: 1, 3: 0}
    assert sum(texts for texts, _ in counts.by_split.values()) == 12
    assert sum(labelled for _, labelled in counts.by_split.values()) == 3


def test_a_bulk_action_is_one_step(letters: ProjectFile) -> None:
    step = set_labels(letters, 1, range(1, 13), [1], origin="bulk")
    assert len(step.text_ids) == 12
    assert undo(letters).text_ids == step.text_ids
    assert get_counts(letters.connection, 1).labelled == 0


def test_texts_that_are_not_in_the_project_are_passed_over(letters: ProjectFile) -> None:
    assert set_labels(letters, 1, [3, 3, 4711], [1]).text_ids == (3,)


def test_undo_and_redo_survive_a_restart_and_say_what_they_do(letters: ProjectFile) -> None:
    set_labels(letters, 1, [3], [2])
    set_flagged(letters, 1, [3])
    letters.close()
    with open_project(letters.path) as project:
        assert project.info().undo == "Flagged 1 text"
        assert undo(project).words == "Undid: Flagged 1 text"
        assert undo(project).words == "Undid: Labelled 1 text as question"
        assert project.info().redo == "Labelled 1 text as question"
    with open_project(letters.path) as project:
        assert redo(project).words == "Redid: Labelled 1 text as question"
        set_labels(project, 1, [4], [1])
        assert project.info().redo == ""
        with pytest.raises(KnownError, match="nothing to redo"):
            redo(project)
        told = [(step.words, step.undone) for step in history(project.connection)]
    assert told == [
        ("Labelled 1 text as complaint", False),
        ("Flagged 1 text", True),
        ("Labelled 1 text as question", False),
        ("Imported 12 texts from letters.csv", False),
    ]


def test_there_is_an_end_to_undo(project: ProjectFile) -> None:
    with pytest.raises(KnownError, match="nothing to undo"):
        undo(project)


@pytest.mark.parametrize("comment", ["„Anführung“ 😀", "تعليق", "a\nb", "'; DROP TABLE texts; --"])
def test_comments_of_any_script_come_back_as_they_were(letters: ProjectFile, comment: str) -> None:
    set_comment(letters, 1, 3, comment)
    set_comment(letters, 1, 3, "")
    undo(letters)
    (row,) = get_text_rows(letters.connection, 1, [3])
    assert row.comment == comment
