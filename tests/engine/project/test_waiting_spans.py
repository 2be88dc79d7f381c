"""A model that marks passages: which texts wait for it, and which of them are shown first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.project.annotations import set_skipped
from engine.project.models import set_suggestion_model
from engine.project.project import ProjectFile, create_project
from engine.project.queue import list_queue
from engine.project.span_predictions import (
    SpanPrediction,
    read_model_suggestions,
    store_span_predictions,
)
from engine.project.spans import set_spans
from engine.project.tasks import remove_label
from engine.project.texts import ImportedRow, begin_import
from engine.project.waiting import (
    count_suggestions,
    ids_without_prediction,
    texts_without_prediction,
)

PER, DATE = 1, 2
SPLITS = ("train", "test", "train", "validation", "train")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """Twenty texts of 12 characters; the first two have marks, the third is skipped."""
    with create_project(tmp_path / "p.glossator", labels=["PER", "DATE"], kind="spans") as project:
        session = begin_import(project, "twenty.jsonl", 1)
        session.add(
            [ImportedRow(n, f"Ms Okafor {n:02}", split=SPLITS[n % 5]) for n in range(1, 21)]
        )
        session.finish()
        set_spans(project, 1, 1, [(3, 9, PER)])
        set_spans(project, 1, 2, [])
        set_skipped(project, 1, [3])
        yield project


@pytest.fixture
def model_id(project: ProjectFile, enter_tagger: Callable[..., int]) -> int:
    """A model that suggests, and has read nothing so far."""
    model_id = enter_tagger(project, (DATE, PER))
    set_suggestion_model(project, model_id)
    return model_id


def test_texts_with_marks_wait_only_while_somebody_looks_at_them(
    project: ProjectFile, model_id: int
) -> None:
    connection = project.connection
    assert count_suggestions(connection, 1, model_id) == (0, 17)
    waiting = ids_without_prediction(connection, 1, model_id, 3)
    assert waiting == [(4, 12), (5, 12), (6, 12)]
    asked = ids_without_prediction(connection, 1, model_id, 9, text_ids=[7, 1, 99, 3])
    assert [text_id for text_id, _ in asked] == [7]
    looked_at = ids_without_prediction(
        connection, 1, model_id, 9, text_ids=[7, 1, 99, 3], labelled_too=True
    )
    assert [text_id for text_id, _ in looked_at] == [7, 1, 3]

    store_span_predictions(project, model_id, [SpanPrediction(1, []), SpanPrediction(7, [])])
    assert count_suggestions(connection, 1, model_id) == (1, 17), "an empty answer is an answer"
    looked_at = ids_without_prediction(
        connection, 1, model_id, 9, text_ids=[7, 1, 3], labelled_too=True
    )
    assert [text_id for text_id, _ in looked_at] == [3]


@pytest.mark.parametrize(("characters", "ids"), [(1, [4]), (24, [4, 5]), (35, [4, 5])])
def test_no_more_texts_are_read_than_fit(
    project: ProjectFile, model_id: int, characters: int, ids: list[int]
) -> None:
    texts = texts_without_prediction(project.connection, 1, model_id, 9, characters=characters)
    assert texts == [(text_id, f"Ms Okafor {text_id:02}") for text_id in ids]


def test_the_text_with_the_least_certain_passage_comes_first(
    project: ProjectFile, model_id: int
) -> None:
    sure, doubtful = (3, 9, 1, 0.98), (0, 2, 1, 0.52)
    said = {
        4: [sure],
        5: [sure, (10, 12, 1, 0.7)],
        6: [doubtful],  # a test text
        7: [],
        8: [(3, 9, 1, 0.6), sure],
        9: [sure, sure, sure, doubtful],
        10: [sure, (10, 12, 0, 0.3)],
    }
    store_span_predictions(project, model_id, [SpanPrediction(*each) for each in said.items()])

    def queue() -> list[int]:
        found = list_queue(project.connection, 1, "least certain").tolist()
        assert sorted(found) == list(range(4, 21))
        del found[4::5]  # drawn at random
        return [text_id for text_id in found if text_id in said]

    drawn = set(said) - set(queue())
    assert queue() == [n for n in (10, 9, 8, 5, 4, 7, 6) if n not in drawn]
    remove_label(project, DATE)
    assert queue().index(9) < queue().index(5), "what is not suggested any more does not count"
    found = read_model_suggestions(project.connection, 1, 10)
    assert [(one.start, one.end, one.label_id, one.confidence) for one in found] == [
        (3, 9, PER, 0.98)
    ]
