"""What is said of passages beside their marks survives undo, export, import and older files."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.project import journal
from engine.project.check import check_project
from engine.project.entities import dismiss_spans, read_dismissed, set_entity
from engine.project.migrations import MIGRATIONS, migrate
from engine.project.project import ProjectFile, create_project, open_project
from engine.project.spans import (
    add_span,
    add_spans,
    edit_span,
    read_spans,
    remove_span,
    set_spans,
)
from engine.project.tasks import add_label, edit_label, remove_label
from engine.project.text_rows import get_text
from engine.project.texts import ImportedRow, begin_import

TASK, TEXT = 1, 1
PER, DATE = 1, 2
LETTER = "Dear Ms Okafor, Jane Okafor called on 3 March."
FIRST, SECOND, MARCH = (8, 14, PER), (16, 27, PER), (38, 45, DATE)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """One letter, in a task with the labels PER and DATE."""
    with create_project(
        tmp_path / "letters.glossator", labels=("PER", "DATE"), kind="spans", annotator="Ada"
    ) as project:
        session = begin_import(project, "one.jsonl", TASK)
        session.add([ImportedRow(1, LETTER)])
        session.finish()
        yield project
        assert check_project(project) == []


def entities(project: ProjectFile) -> dict[tuple[int, int, int], str]:
    spans = read_spans(project.connection, TASK, (TEXT,)).get(TEXT, ())
    return {(span.start, span.end, span.label_id): span.entity for span in spans}


def dismissed(project: ProjectFile) -> set[tuple[int, int, int]]:
    return read_dismissed(project.connection, TASK, TEXT)


def test_a_passage_with_other_boundaries_or_another_label_means_what_it_meant(
    project: ProjectFile,
) -> None:
    set_spans(project, TASK, TEXT, [FIRST, SECOND])
    set_entity(project, TASK, TEXT, [FIRST, SECOND], "person-1")
    moved, renamed = (5, 14, PER), (16, 27, DATE)
    edit_span(project, TASK, TEXT, FIRST, moved)
    edit_span(project, TASK, TEXT, SECOND, renamed)
    assert entities(project) == {moved: "person-1", renamed: "person-1"}
    journal.undo(project)
    assert entities(project) == {moved: "person-1", SECOND: "person-1"}


def test_passages_that_mean_the_same_say_so_and_undo_takes_it_back(project: ProjectFile) -> None:
    set_spans(project, TASK, TEXT, [FIRST, SECOND, MARCH])
    step = set_entity(project, TASK, TEXT, [FIRST, SECOND], " person-1 ")
    assert step.words == "Said that 2 passages mean person-1"
    assert entities(project) == {FIRST: "person-1", SECOND: "person-1", MARCH: ""}
    journal.undo(project)
    assert set(entities(project).values()) == {""}
    journal.redo(project)
    remove_span(project, TASK, TEXT, SECOND)
    journal.undo(project)
    assert entities(project)[SECOND] == "person-1", "a mark comes back with what it meant"


def test_only_what_is_marked_can_mean_something(project: ProjectFile) -> None:
    set_spans(project, TASK, TEXT, [FIRST])
    with pytest.raises(KnownError, match="not marked so any more"):
        set_entity(project, TASK, TEXT, [FIRST, MARCH], "person-1")
    with pytest.raises(KnownError, match="81 characters"):
        set_entity(project, TASK, TEXT, [FIRST], "x" * 81)
    assert entities(project) == {FIRST: ""}


def test_a_suggestion_that_was_left_out_stays_out(project: ProjectFile) -> None:
    dismiss_spans(project, TASK, TEXT, [MARCH])
    text = get_text(project.connection, TASK, TEXT)
    assert text is not None
    assert not text.row.labelled, "looking at a suggestion does not label a text"
    add_span(project, TASK, TEXT, FIRST)
    assert dismissed(project) == {MARCH}
    journal.undo(project)
    assert dismissed(project) == {MARCH}
    journal.undo(project)
    assert dismissed(project) == set()
    journal.redo(project)
    assert dismissed(project) == {MARCH}


def test_a_suggestion_outside_the_text_cannot_be_left_out(project: ProjectFile) -> None:
    with pytest.raises(KnownError, match="lies outside the text"):
        dismiss_spans(project, TASK, TEXT, [(0, 99, PER)])
    assert dismissed(project) == set()


def test_many_passages_are_marked_in_one_step_and_those_there_stay(project: ProjectFile) -> None:
    add_span(project, TASK, TEXT, FIRST)
    step = add_spans(project, TASK, TEXT, [FIRST, SECOND, SECOND], origin="bulk")
    assert step.words == "Marked 1 passage as PER"
    spans = read_spans(project.connection, TASK, (TEXT,))[TEXT]
    assert [(span.start, span.origin) for span in spans] == [(8, "person"), (16, "bulk")]
    again = add_spans(project, TASK, TEXT, [FIRST, SECOND], origin="bulk")
    assert again.id == 0, "nothing new is no step"
    journal.undo(project)
    assert set(entities(project)) == {FIRST}


def test_a_label_says_what_its_passages_give_away(project: ProjectFile) -> None:
    (per, date) = project.info().task.labels
    assert (per.identifier, date.identifier) == ("direct", "direct")
    edit_label(project, DATE, identifier="quasi")
    label, _ = add_label(project, TASK, "PLACE", identifier="none")
    remove_label(project, label.id)
    journal.undo(project)
    assert [each.identifier for each in project.info().task.labels] == ["direct", "quasi", "none"]
    with pytest.raises(KnownError, match="direct, quasi, none"):
        edit_label(project, DATE, identifier="secret")


def test_what_a_file_says_of_meaning_is_imported(project: ProjectFile) -> None:
    session = begin_import(project, "two.jsonl", TASK)
    session.add(
        [ImportedRow(1, "Okafor wrote.", spans=((0, 6, PER),), entities={(0, 6, PER): "p-7"})]
    )
    session.finish()
    (span,) = read_spans(project.connection, TASK, (2,))[2]
    assert span.entity == "p-7"
    journal.undo(project)
    journal.redo(project)
    assert read_spans(project.connection, TASK, (2,))[2] == (span,)


def test_a_project_of_version_2_keeps_its_passages_and_its_history(tmp_path: Path) -> None:
    path = tmp_path / "old.glossator"
    image = {
        "labels": [1], "origin": "person", "annotator": "Ada", "at": "2026-01-01", "model": None,
        "skipped": 0, "flagged": 0, "comment": "",
        "spans": [[0, 6, 1, "person", "Ada", "2026-01-01", None]],
    }  # fmt: skip
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.executescript((Path(__file__).parent / "version_1.sql").read_text(encoding="utf-8"))
        migrate(old, path, MIGRATIONS[:1])
        assert old.execute("PRAGMA user_version").fetchone() == (2,)
        old.executescript(
            f"""INSERT INTO project (id, uuid, name, created, seed)
                VALUES (1, 'f00d', 'old', '2026-01-01T00:00:00+00:00', 'a1');
            INSERT INTO tasks VALUES (1, 'names', 'spans', 0, '', 0);
            INSERT INTO labels VALUES (1, 1, 'PER', '1', '#E69F00', '', 0);
            INSERT INTO sources VALUES (1, 'a.jsonl');
            INSERT INTO imports VALUES (1, 1, 1, 'x', 'x', 'done');
            INSERT INTO texts VALUES (1, 1, 1, x'00', NULL, '{{}}', 'Okafor wrote.');
            INSERT INTO placements VALUES (1, 'train', 1, 13, 1);
            INSERT INTO annotations VALUES (1, 1, 'person', 'Ada', '2026-01-01', NULL);
            INSERT INTO annotation_labels VALUES (1, 1, 1);
            INSERT INTO spans VALUES (1, 1, 0, 6, 1, 'person', 'Ada', '2026-01-01', NULL);
            INSERT INTO journal VALUES (1, 'x', 'Ada', 'do', NULL, 'Marked', 1, NULL);
            INSERT INTO journal_texts VALUES (1, 1, 1, NULL, '{json.dumps(image)}');
            INSERT INTO undo_stack VALUES (1, 0);"""
        )
    with open_project(path) as project:
        assert entities(project) == {(0, 6, 1): ""}
        journal.undo(project)
        assert entities(project) == {}
        journal.redo(project)
        assert entities(project) == {(0, 6, 1): ""}
    assert path.with_name("old.glossator.backup-2").is_file()
