"""Texts come in as one step; what is a duplicate, what is similar, and what a crash leaves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.core.errors import KnownError
from engine.project.annotations import set_labels
from engine.project.check import check_project
from engine.project.counters import get_counts
from engine.project.journal import redo, undo
from engine.project.project import ProjectFile, open_project
from engine.project.reading import list_text_ids
from engine.project.rows import TextFilter
from engine.project.tasks import read_task, remove_label
from engine.project.text_rows import get_text
from engine.project.texts import ImportedRow, ImportSummary, begin_import

BringIn = Callable[..., ImportSummary]
LONG = "The surveyor never came although two dates had been agreed with your office in {place}"


def test_a_row_keeps_everything_it_came_with(project: ProjectFile, bring_in: BringIn) -> None:
    content = "  Grüße 😀\n\tمرحبا “so”\r\n "
    bring_in(
        project,
        [ImportedRow(7, content, {"sender": "Zoë", "age": 3}, "case-1", "test", (2,))],
        "post.csv",
    )
    detail = get_text(project.connection, 1, 1)
    assert detail is not None
    assert detail.content == content
    assert detail.meta == {"sender": "Zoë", "age": 3}
    assert (detail.document, detail.row.split) == ("case-1", "test")
    assert (detail.row.source, detail.row.source_row) == ("post.csv", 7)
    assert (detail.row.label_ids, detail.origin) == ((2,), "import")
    assert detail.row.length == len(content)
    assert detail.row.excerpt == "Grüße 😀 مرحبا “so”"


def test_the_same_row_of_the_same_source_is_skipped(
    letters: ProjectFile, bring_in: BringIn
) -> None:
    summary = bring_in(letters, ["A new first row", "a second new row that was not there"])
    assert (summary.imported, summary.duplicates) == (2, 0)  # same rows, other content
    again = bring_in(letters, ["A new first row", "and a changed second row"])
    assert (again.imported, again.duplicates) == (1, 1)


def test_equal_texts_of_different_rows_are_stored_and_linked(
    project: ProjectFile, bring_in: BringIn
) -> None:
    text = LONG.format(place="Leeds")
    bring_in(project, [text], "first.csv")
    summary = bring_in(project, [ImportedRow(9, text)], "second.csv")
    assert (summary.imported, summary.duplicates, summary.near_duplicates) == (1, 0, 1)
    detail = get_text(project.connection, 1, 2)
    assert detail is not None
    assert detail.near_duplicates == (1,)
    assert detail.row.group_size == 2
    ids = list_text_ids(project.connection, 1, TextFilter(duplicates_only=True))
    assert ids.tolist() == [1, 2]


def test_an_import_is_invisible_until_it_is_finished(project: ProjectFile) -> None:
    session = begin_import(project, "letters.csv", 1)
    session.add([ImportedRow(1, "A storm"), ImportedRow(2, "A bicycle")])
    assert len(list_text_ids(project.connection, 1)) == 0
    assert len(list_text_ids(project.connection, 1, TextFilter(search="storm"))) == 0
    assert project.info().texts == 0
    step = session.finish().step
    assert step.texts_changed
    assert project.info().texts == 2


def test_an_import_is_undone_and_redone_with_its_labels(
    project: ProjectFile, bring_in: BringIn
) -> None:
    bring_in(project, [ImportedRow(1, "A storm in May", label_ids=(1,)), "A bicycle in June"])
    assert undo(project).texts_changed
    counts = get_counts(project.connection, 1)
    assert (counts.texts, counts.labelled) == (0, 0)
    assert len(list_text_ids(project.connection, 1, TextFilter(search="storm"))) == 0
    assert redo(project).texts_changed
    counts = get_counts(project.connection, 1)
    assert (counts.texts, counts.labelled, counts.by_label[1]) == (2, 1, 1)
    assert list_text_ids(project.connection, 1, TextFilter(search="storm")).tolist() == [1]


def test_after_an_undo_the_same_file_can_be_imported_again(
    project: ProjectFile, bring_in: BringIn
) -> None:
    bring_in(project, ["A storm in May", "A bicycle in June"])
    undo(project)
    summary = bring_in(project, ["A storm in May", "A bicycle in June"])
    assert (summary.imported, summary.duplicates, summary.near_duplicates) == (2, 0, 0)
    project.close()
    with open_project(project.path) as reopened:  # what can no longer be redone is cleared away
        assert reopened.connection.execute("SELECT count(*) FROM texts").fetchone() == (2,)
        assert check_project(reopened) == []


def test_an_abandoned_import_leaves_nothing(project: ProjectFile) -> None:
    session = begin_import(project, "letters.csv", 1)
    session.add([ImportedRow(n, f"storm number {n}") for n in range(1, 50)])
    session.abandon()
    assert project.info().undo == ""
    assert project.connection.execute("SELECT count(*) FROM texts").fetchone() == (0,)
    assert check_project(project) == []


def test_an_import_that_a_crash_cut_off_is_taken_back(project: ProjectFile) -> None:
    session = begin_import(project, "letters.csv", 1)
    session.add([ImportedRow(n, f"storm number {n}") for n in range(1, 50)])
    project.close()
    with open_project(project.path) as reopened:
        assert reopened.info().texts == 0
        assert reopened.connection.execute("SELECT count(*) FROM texts").fetchone() == (0,)
        assert check_project(reopened) == []


def test_labels_can_be_given_while_an_import_runs(letters: ProjectFile) -> None:
    session = begin_import(letters, "more.csv", 1)
    session.add([ImportedRow(1, "one more storm")])
    set_labels(letters, 1, [3], [2])
    session.finish()
    undo(letters)
    counts = get_counts(letters.connection, 1)
    assert (counts.texts, counts.labelled) == (12, 1)


def test_new_labels_come_and_go_with_their_import(project: ProjectFile) -> None:
    session = begin_import(project, "letters.csv", 1)
    invoice = session.add_label("invoice")
    assert session.add_label("invoice") == invoice
    session.add([ImportedRow(1, "Your bill of May", label_ids=(invoice,))])
    assert len(read_task(project.connection, 1).labels) == 3
    summary = session.finish()
    assert summary.labels_added == ("invoice",)
    assert summary.step.tasks_changed
    assert read_task(project.connection, 1).labels[3].name == "invoice"
    assert get_counts(project.connection, 1).by_label[4] == 1
    undo(project)
    assert len(read_task(project.connection, 1).labels) == 3
    redo(project)
    assert get_counts(project.connection, 1).by_label[4] == 1


def test_a_label_that_is_removed_while_the_import_runs_is_taken_off_it(
    project: ProjectFile,
) -> None:
    session = begin_import(project, "letters.csv", 1)
    session.add([ImportedRow(1, "A storm", label_ids=(1,)), ImportedRow(2, "B", label_ids=(2,))])
    remove_label(project, 1)
    assert session.finish().labelled == 1
    assert get_counts(project.connection, 1).labelled == 1


def test_an_import_without_rows_is_no_step(project: ProjectFile, bring_in: BringIn) -> None:
    assert bring_in(project, []).step.id == 0
    assert project.info().undo == ""


def test_an_import_into_a_task_that_is_not_there(project: ProjectFile) -> None:
    with pytest.raises(KnownError, match="task is not in this project"):
        begin_import(project, "letters.csv", 9)


def test_empty_labels_mean_nothing_in_a_single_label_task_and_none_in_a_multi_label_one(
    project: ProjectFile, multi_label_project: ProjectFile, bring_in: BringIn
) -> None:
    row = ImportedRow(1, "A storm", label_ids=())
    assert bring_in(project, [row]).labelled == 0
    assert bring_in(multi_label_project, [row]).labelled == 1
