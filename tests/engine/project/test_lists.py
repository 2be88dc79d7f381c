"""Lists of texts by filter and order, the queue, and what a reader sees."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from engine.project.annotations import set_comment, set_flagged, set_labels, set_skipped
from engine.project.connection import open_reader
from engine.project.jobs import add_job
from engine.project.models import add_model, set_suggestion_model
from engine.project.predictions import (
    Prediction,
    store_predictions,
)
from engine.project.project import ProjectFile
from engine.project.queue import list_queue
from engine.project.reading import list_text_ids
from engine.project.rows import TextFilter
from engine.project.snapshot import snapshot_slice
from engine.project.tasks import remove_label
from engine.project.text_rows import get_text, get_text_rows, get_texts
from engine.project.texts import ImportedRow, ImportSummary
from engine.project.waiting import count_suggestions, texts_without_prediction

BringIn = Callable[..., ImportSummary]


@pytest.fixture
def labelled(letters: ProjectFile) -> ProjectFile:
    set_labels(letters, 1, [1, 2, 3], [1])
    set_labels(letters, 1, [4, 5], [2])
    set_skipped(letters, 1, [6])
    set_flagged(letters, 1, [1, 7])
    set_comment(letters, 1, 8, "really?")
    return letters


@pytest.fixture
def reader(labelled: ProjectFile) -> Iterator[sqlite3.Connection]:
    with closing(open_reader(labelled.path)) as connection:
        yield connection


@pytest.mark.parametrize(
    ("filter", "ids"),
    [
        (TextFilter(state="labelled"), [1, 2, 3, 4, 5]),
        (TextFilter(state="not labelled"), [6, 7, 8, 9, 10, 11, 12]),
        (TextFilter(state="skipped"), [6]),
        (TextFilter(state="flagged"), [1, 7]),
        (TextFilter(state="commented"), [8]),
        (TextFilter(label_ids=(2, 3)), [4, 5]),
        (TextFilter(state="flagged", label_ids=(1,)), [1]),
        (TextFilter(search="violin", label_ids=(2,)), [5]),
        (TextFilter(duplicates_only=True), []),
    ],
)
def test_filters_narrow(reader: sqlite3.Connection, filter: TextFilter, ids: list[int]) -> None:
    assert list_text_ids(reader, 1, filter).tolist() == ids


def test_the_splits_part_the_texts(reader: sqlite3.Connection) -> None:
    parts = [
        text_id
        for split in ("train", "validation", "test")
        for text_id in list_text_ids(reader, 1, TextFilter(split=split))
    ]
    assert sorted(parts) == list(range(1, 13))
    assert list_text_ids(reader, 1, order="split").tolist() == parts


def test_orders(reader: sqlite3.Connection) -> None:
    by_length = list_text_ids(reader, 1, order="length")
    lengths = [row.length for row in get_text_rows(reader, 1, by_length)]
    assert lengths == sorted(lengths)
    longest_first = list_text_ids(reader, 1, order="length", descending=True)
    assert [row.length for row in get_text_rows(reader, 1, longest_first)] == lengths[::-1]
    by_label = list_text_ids(reader, 1, order="label").tolist()
    assert by_label == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    by_label = list_text_ids(reader, 1, order="label", descending=True).tolist()
    assert by_label == [4, 5, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12]
    backwards = list_text_ids(reader, 1, order="random", descending=True).tolist()
    assert backwards == list_text_ids(reader, 1, order="random").tolist()[::-1]


def test_rows_come_in_the_order_asked_for(reader: sqlite3.Connection) -> None:
    rows = get_text_rows(reader, 1, [7, 1, 99, 4])
    assert [row.id for row in rows] == [7, 1, 4]
    assert [row.flagged for row in rows] == [True, True, False]
    assert [row.label_ids for row in rows] == [(), (1,), (2,)]
    assert [detail.id for detail in get_texts(reader, 1, [4, 1])] == [4, 1]
    assert get_text(reader, 1, 99) is None


def test_a_reader_cannot_write(reader: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM placements")


def test_the_snapshot_holds_positions_of_labels(labelled: ProjectFile) -> None:
    remove_label(labelled, 1)
    rows = snapshot_slice(labelled.connection, 1, after=2, limit=3)
    assert [row.text_id for row in rows] == [3, 4, 5]
    assert [(row.labelled, row.labels) for row in rows] == [(False, ()), (True, (0,)), (True, (0,))]
    assert snapshot_slice(labelled.connection, 1, after=12) == []


def a_model(project: ProjectFile, label_ids: tuple[int, ...] = (1, 2, 3)) -> int:
    job_id = add_job(project, kind="train", method="fine-tune", name="first", spec={})
    return add_model(
        project,
        name="first",
        method="fine-tune",
        task_id=1,
        base_model="tiny",
        job_id=job_id,
        folder=project.models_folder / "first",
        bytes=1,
        label_ids=label_ids,
        metrics={},
        evaluation="test",
        settings={},
        snapshot_sha256="",
        snapshot_texts=0,
        seconds=1.0,
    ).id


def test_queues(labelled: ProjectFile) -> None:
    assert list_queue(labelled.connection, 1).tolist() == [7, 8, 9, 10, 11, 12]
    assert list_queue(labelled.connection, 1, state="skipped").tolist() == [6]
    shuffled = list_queue(labelled.connection, 1, "random").tolist()
    assert sorted(shuffled) == [7, 8, 9, 10, 11, 12]
    assert shuffled == list_queue(labelled.connection, 1, "random").tolist()
    without_model = list_queue(labelled.connection, 1, "least certain").tolist()
    assert without_model == [7, 8, 9, 10, 11, 12]


def test_the_least_certain_come_first_and_every_fifth_is_drawn(
    project: ProjectFile, bring_in: BringIn
) -> None:
    splits = ("train", "train", "test", "train", "validation")
    bring_in(
        project,
        [
            ImportedRow(n, f"letter number {n:b} of {n:x}", split=splits[n % 5])
            for n in range(1, 101)
        ],
    )
    model_id = a_model(project)
    set_suggestion_model(project, model_id)
    predicted = range(1, 81)
    store_predictions(
        project,
        model_id,
        [Prediction(n, (0.5 + n / 200, 0.5 - n / 200, 0.0)) for n in predicted],
    )
    queue = list_queue(project.connection, 1, "least certain").tolist()
    assert sorted(queue) == list(range(1, 101))
    test = {n for n in range(1, 101) if splits[n % 5] == "test"}
    scored = [n for n in predicted if n not in test]
    drawn = queue[4:50:5]
    chosen = [text_id for place, text_id in enumerate(queue[:50]) if place % 5 != 4]
    assert chosen == [n for n in scored if n not in drawn][:40]
    assert not set(chosen) & test
    assert any(text_id in test or text_id > 80 for text_id in drawn)


def test_suggestions_are_for_texts_without_a_label(labelled: ProjectFile) -> None:
    model_id = a_model(labelled)
    set_suggestion_model(labelled, model_id)
    assert count_suggestions(labelled.connection, 1, model_id) == (0, 6)
    waiting = texts_without_prediction(labelled.connection, 1, model_id, 4)
    assert [text_id for text_id, _ in waiting] == [7, 8, 9, 10]
    asked = texts_without_prediction(labelled.connection, 1, model_id, 9, text_ids=[12, 1, 7])
    assert [text_id for text_id, _ in asked] == [12, 7]
    store_predictions(labelled, model_id, [Prediction(n, (0.1, 0.7, 0.2)) for n in (1, 7, 4711)])
    assert count_suggestions(labelled.connection, 1, model_id) == (1, 6)
    detail, decided = get_text(labelled.connection, 1, 7), get_text(labelled.connection, 1, 1)
    assert detail is not None
    assert detail.suggestion is not None
    assert detail.suggestion.label_ids == (2, 3, 1)
    assert detail.suggestion.probabilities == pytest.approx((0.7, 0.2, 0.1))
    assert decided is not None
    assert decided.suggestion is None


def test_a_removed_label_is_suggested_no_more(labelled: ProjectFile) -> None:
    model_id = a_model(labelled)
    set_suggestion_model(labelled, model_id)
    store_predictions(labelled, model_id, [Prediction(7, (0.1, 0.7, 0.2))])
    remove_label(labelled, 2)
    detail = get_text(labelled.connection, 1, 7)
    assert detail is not None
    assert detail.suggestion is not None
    assert detail.suggestion.label_ids == (3, 1)
