"""Passages are marked, changed and taken back, and nothing else is disturbed by it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.errors import KnownError
from engine.project import annotations, journal, tasks
from engine.project.check import check_project
from engine.project.counters import get_counts
from engine.project.project import ProjectFile, create_project, open_project
from engine.project.reading import list_text_ids
from engine.project.repair import repair_project
from engine.project.rows import TextFilter
from engine.project.snapshot import snapshot_slice
from engine.project.spans import add_span, edit_span, read_spans, remove_span, set_spans
from engine.project.text_rows import get_text, get_texts
from engine.project.texts import ImportedRow, begin_import

TASK = 1
PER, DATE, PLACE = 1, 2, 3
LETTER = "Dear Ms Okafor 😀, your letter of 3 March reached us at 14 Mill Lane."
OKAFOR, MARCH, MILL_LANE = (8, 14, PER), (34, 41, DATE), (56, 68, PLACE)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """Three letters without a mark, in a task with the labels PER, DATE and PLACE."""
    with make_project(tmp_path) as project:
        yield project
        assert check_project(project) == []


def make_project(folder: Path) -> ProjectFile:
    project = create_project(
        folder / "letters.glossator", labels=("PER", "DATE", "PLACE"), kind="spans", annotator="Ada"
    )
    session = begin_import(project, "three.jsonl", TASK)
    contents = (LETTER, "Nothing to see here.", "See you on 3 March, Ms Okafor.")
    session.add([ImportedRow(row, content) for row, content in enumerate(contents, 1)])
    session.finish()
    return project


def spans(project: ProjectFile, text_id: int = 1) -> list[tuple[int, int, int]]:
    text = get_text(project.connection, TASK, text_id)
    assert text is not None
    return [(span.start, span.end, span.label_id) for span in text.spans]


def is_labelled(project: ProjectFile, text_id: int = 1) -> bool:
    text = get_text(project.connection, TASK, text_id)
    assert text is not None
    return text.row.labelled


def snapshot(project: ProjectFile) -> dict[str, Any]:
    """Everything that a person can see of a project."""
    connection = project.connection
    return {
        "tasks": tasks.read_tasks(connection),
        "texts": get_texts(connection, TASK, list_text_ids(connection, TASK)),
        "counts": get_counts(connection, TASK),
    }


def test_a_marked_passage_knows_who_marked_it(project: ProjectFile) -> None:
    step = add_span(project, TASK, 1, OKAFOR)
    text = get_text(project.connection, TASK, 1)
    assert text is not None
    (span,) = text.spans
    assert (span.start, span.end, span.label_id) == OKAFOR
    assert (span.origin, span.annotator) == ("person", "Ada")
    assert text.content[span.start : span.end] == "Okafor"
    assert text.row.label_ids == (PER,)
    assert step.words == "Marked “Okafor” as PER"


def test_passages_stand_in_the_order_of_the_text_and_may_overlap(project: ProjectFile) -> None:
    for span in (MILL_LANE, OKAFOR, (5, 14, PER), (8, 14, PLACE)):
        add_span(project, TASK, 1, span)
    assert spans(project) == [(5, 14, PER), OKAFOR, (8, 14, PLACE), MILL_LANE]


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ((60, 200, PER), "lies outside the text, which has 68 characters"),
        ((-1, 4, PER), "lies outside the text"),
        ((14, 8, PER), "its end is before its beginning"),
        ((8, 8, PER), "has no characters"),
        ((8, 14, 9), "label is not in this task"),
    ],
)
def test_what_is_no_passage_of_the_text_is_refused(
    project: ProjectFile, span: tuple[int, int, int], reason: str
) -> None:
    add_span(project, TASK, 1, MARCH)
    with pytest.raises(KnownError, match=reason):
        add_span(project, TASK, 1, span)
    with pytest.raises(KnownError, match=reason):
        set_spans(project, TASK, 1, (OKAFOR, span))
    with pytest.raises(KnownError, match=reason):
        edit_span(project, TASK, 1, MARCH, span)
    assert spans(project) == [MARCH]


def test_the_same_mark_is_not_given_twice(project: ProjectFile) -> None:
    set_spans(project, TASK, 1, (OKAFOR, MARCH))
    with pytest.raises(KnownError, match="“Okafor” is marked as PER already"):
        add_span(project, TASK, 1, OKAFOR)
    with pytest.raises(KnownError, match="already"):
        edit_span(project, TASK, 1, MARCH, OKAFOR)
    with pytest.raises(KnownError, match="already"):
        set_spans(project, TASK, 1, (MARCH, MARCH))


def test_what_is_not_marked_cannot_be_changed(project: ProjectFile) -> None:
    add_span(project, TASK, 1, OKAFOR)
    with pytest.raises(KnownError, match="not marked so any more"):
        remove_span(project, TASK, 1, MARCH)
    with pytest.raises(KnownError, match="not marked so any more"):
        edit_span(project, TASK, 1, MARCH, MILL_LANE)
    with pytest.raises(KnownError, match="not in this project"):
        add_span(project, TASK, 99, OKAFOR)


def test_label_and_boundaries_change_in_place(project: ProjectFile) -> None:
    set_spans(project, TASK, 1, (OKAFOR, MARCH))
    step = edit_span(project, TASK, 1, OKAFOR, (8, 14, PLACE))
    assert step.words == "Changed “Okafor” from PER to PLACE"
    step = edit_span(project, TASK, 1, (8, 14, PLACE), (5, 14, PLACE))
    assert step.words == "Moved PLACE from “Okafor” to “Ms Okafor”"
    assert spans(project) == [(5, 14, PLACE), MARCH]


def test_a_text_can_be_gone_through_with_nothing_to_mark(project: ProjectFile) -> None:
    set_spans(project, TASK, 2, ())
    assert is_labelled(project, 2)
    (row,) = [row for row in snapshot_slice(project.connection, TASK) if row.text_id == 2]
    assert row.labelled
    assert row.spans == ()


def test_a_text_left_without_marks_is_not_labelled_any_more(project: ProjectFile) -> None:
    add_span(project, TASK, 1, OKAFOR)
    remove_span(project, TASK, 1, OKAFOR)
    assert not is_labelled(project)
    journal.undo(project)
    assert spans(project) == [OKAFOR]


def test_passages_that_stay_keep_who_marked_them(project: ProjectFile) -> None:
    add_span(project, TASK, 1, OKAFOR)
    project.set_annotator("Ben")
    set_spans(project, TASK, 1, (OKAFOR, MARCH))
    text = get_text(project.connection, TASK, 1)
    assert text is not None
    assert [span.annotator for span in text.spans] == ["Ada", "Ben"]


def test_what_changes_nothing_makes_no_step(project: ProjectFile) -> None:
    set_spans(project, TASK, 1, (OKAFOR,))
    assert set_spans(project, TASK, 1, (OKAFOR,)).id == 0


def test_marking_lifts_a_skip(project: ProjectFile) -> None:
    annotations.set_skipped(project, TASK, (1,))
    add_span(project, TASK, 1, OKAFOR)
    text = get_text(project.connection, TASK, 1)
    assert text is not None
    assert not text.row.skipped


def test_sums_and_filters_know_the_labels_of_passages(project: ProjectFile) -> None:
    set_spans(project, TASK, 1, (OKAFOR, (5, 14, PER), MARCH))
    set_spans(project, TASK, 3, ((11, 18, DATE),))
    counts = get_counts(project.connection, TASK)
    assert counts.labelled == 2
    assert counts.by_label == {PER: 1, DATE: 2, PLACE: 0}
    assert counts.spans_by_label == {PER: 2, DATE: 2, PLACE: 0}
    with_dates = list_text_ids(project.connection, TASK, TextFilter(label_ids=(DATE,)))
    assert with_dates.tolist() == [1, 3]


def test_a_removed_label_takes_its_marks_along_and_undo_brings_them_back(
    project: ProjectFile,
) -> None:
    set_spans(project, TASK, 1, (OKAFOR, MARCH))
    add_span(project, TASK, 3, (23, 29, PER))
    tasks.remove_label(project, PER)
    assert spans(project) == [MARCH]
    assert not is_labelled(project, 3)
    journal.undo(project)
    assert spans(project) == [OKAFOR, MARCH]
    assert spans(project, 3) == [(23, 29, PER)]


def test_passages_and_whole_texts_are_different_tasks(project: ProjectFile, tmp_path: Path) -> None:
    for change in (annotations.set_labels, annotations.give_labels, annotations.take_labels):
        with pytest.raises(KnownError, match="In this task passages are marked"):
            change(project, TASK, (1,), (PER,))
    with create_project(tmp_path / "whole.glossator", labels=("a",)) as other:
        session = begin_import(other, "one.csv", TASK)
        session.add([ImportedRow(1, "a text")])
        session.finish()
        with pytest.raises(KnownError, match="In this task whole texts get labels"):
            add_span(other, TASK, 1, (0, 1, 1))


def test_a_task_of_spans_is_not_asked_for_several_labels(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="any number of them"):
        create_project(tmp_path / "x.glossator", labels=("a",), kind="spans", multi_label=True)


def test_an_import_with_marks_is_one_step_back_and_forth(project: ProjectFile) -> None:
    before = snapshot(project)
    session = begin_import(project, "more.jsonl", TASK)
    new = session.add_label("DRUG")
    session.add(
        [
            ImportedRow(1, "Aspirin for Ms Okafor", spans=((0, 7, new), (12, 21, PER))),
            ImportedRow(2, "Nothing for anybody", spans=()),
            ImportedRow(3, "Nobody looked at this"),
        ]
    )
    summary = session.finish()
    assert summary.labelled == 2
    assert summary.labels_added == ("DRUG",)
    after = snapshot(project)
    drug = tasks.read_task(project.connection, TASK).labels[-1].id
    assert spans(project, 4) == [(0, 7, drug), (12, 21, PER)]
    assert [is_labelled(project, text_id) for text_id in (4, 5, 6)] == [True, True, False]
    assert check_project(project) == []
    journal.undo(project)
    assert snapshot(project) == before
    journal.redo(project)
    assert snapshot(project) == after
    journal.undo(project)


def test_an_abandoned_import_leaves_no_marks(project: ProjectFile) -> None:
    before = snapshot(project)
    session = begin_import(project, "more.jsonl", TASK)
    session.add([ImportedRow(1, "Ms Okafor again", spans=((3, 9, PER),))])
    session.abandon()
    assert snapshot(project) == before


def test_a_repaired_copy_has_the_marks(tmp_path: Path) -> None:
    with make_project(tmp_path) as project:
        set_spans(project, TASK, 1, (OKAFOR, MARCH))
    assert repair_project(tmp_path / "letters.glossator", tmp_path / "saved.glossator") == []
    with open_project(tmp_path / "saved.glossator") as saved:
        assert spans(saved) == [OKAFOR, MARCH]
        assert get_counts(saved.connection, TASK).by_label[PER] == 1


def test_marks_that_cannot_be_are_found(project: ProjectFile) -> None:
    add_span(project, TASK, 1, OKAFOR)
    with project.transaction() as connection:
        connection.execute('UPDATE spans SET "end" = 1000, label_id = 2')
    words = " ".join(finding.words for finding in check_project(project))
    assert "1 marked passage lies outside its text" in words
    assert "2 labels of texts are not those of their passages" in words
    with project.transaction() as connection:
        connection.execute('UPDATE spans SET "end" = 14, label_id = 1')


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "edit", "set", "clear", "skip", "label", "undo"]),
        st.integers(1, 3),
        st.lists(
            st.tuples(st.integers(0, 10), st.integers(1, 10), st.integers(1, 3)),
            min_size=2,
            max_size=2,
        ),
    ),
    max_size=12,
)


@settings(max_examples=8, deadline=None)
@given(operations=OPERATIONS)
def test_any_changes_can_be_undone_to_the_beginning_and_redone_to_the_end(
    operations: list[tuple[str, int, list[tuple[int, int, int]]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, make_project(Path(folder)) as project:
        for name, text_id, chosen in operations:
            with suppress(KnownError):
                _operate(project, name, text_id, chosen)
        assert check_project(project) == []
        seen = [snapshot(project)]
        with suppress(KnownError):
            while True:
                journal.undo(project)
                seen.append(snapshot(project))
        assert seen.pop()["texts"] == []
        assert check_project(project) == []
        while seen:
            journal.redo(project)
            assert snapshot(project) == seen.pop()
        assert check_project(project) == []


def _operate(
    project: ProjectFile, name: str, text_id: int, chosen: list[tuple[int, int, int]]
) -> None:
    first, second = chosen
    found = read_spans(project.connection, TASK, (text_id,)).get(text_id, ())[:1]
    marked = [(span.start, span.end, span.label_id) for span in found]
    if name == "add":
        add_span(project, TASK, text_id, first)
    elif name == "remove":
        for span in marked:
            remove_span(project, TASK, text_id, span)
    elif name == "edit":
        for span in marked:
            edit_span(project, TASK, text_id, span, second)
    elif name == "set":
        set_spans(project, TASK, text_id, [span for span in chosen if span[0] < span[1]])
    elif name == "clear":
        annotations.clear_labels(project, TASK, (text_id,))
    elif name == "skip":
        annotations.set_skipped(project, TASK, (text_id,))
    elif name == "label":
        tasks.remove_label(project, first[2])
    else:
        journal.undo(project)
