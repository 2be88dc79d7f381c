"""Two models on the same passages: which were won and lost, and what was found in vain."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from engine.inspection.span_comparison import compare_span_models
from engine.inspection.span_evaluation import get_span_evaluation
from engine.project.project import ProjectFile
from engine.project.span_rows import SpanComparison

PER, DATE = 1, 2


@pytest.fixture
def project(make_marked: Callable[..., ProjectFile]) -> ProjectFile:
    """Ten texts with a person in each, and a date in the first."""
    first = ("Ada wrote in May", [(0, 3, PER), (13, 16, DATE)])
    return make_marked(
        ("PER", "DATE"), [first, *((f"Ada wrote {n}", [(0, 3, PER)]) for n in range(9))]
    )


def compared(project: ProjectFile, model_id: int, against_id: int) -> SpanComparison:
    return compare_span_models(project.connection, project.models_folder, model_id, against_id)


RIGHT, WRONG, VAIN = (0, 3, 0, 0.9), (0, 3, 1, 0.8), (4, 9, 0, 0.7)


def test_passages_won_and_lost_and_spurious_ones_that_came_and_went(
    project: ProjectFile, add_tagger: Callable[..., int]
) -> None:
    ours = add_tagger(project, [[RIGHT], *[[RIGHT]] * 7, [WRONG], [RIGHT, VAIN]], name="ours")
    theirs = add_tagger(project, [[WRONG, VAIN], *[[WRONG]] * 7, [RIGHT], [RIGHT]], name="theirs")
    found = compared(project, ours, theirs)
    assert (found.texts, found.gold) == (10, 11)
    assert (found.won_total, found.lost_total) == (8, 1) == (len(found.won), len(found.lost))
    assert {error.kind for error in found.won} == {"type"}
    assert [(error.text_id, error.confidence) for error in found.lost] == [(9, 0.8)]
    assert [(error.text_id, error.kind) for error in found.came] == [(10, "spurious")]
    assert [(error.text_id, error.kind) for error in found.went] == [(1, "spurious")]
    # The date that both passed over is neither won nor lost.
    assert found.p_value == pytest.approx(2 * (1 + 9) / 2**9)
    for model_id, f1 in ((ours, found.f1), (theirs, found.against_f1)):
        scores = get_span_evaluation(project.connection, project.models_folder, model_id)
        assert f1 == pytest.approx(scores.f1)


def test_a_model_differs_from_itself_in_nothing(
    project: ProjectFile, add_tagger: Callable[..., int]
) -> None:
    model_id = add_tagger(project, [[WRONG, VAIN]] * 10)
    found = compared(project, model_id, model_id)
    assert (found.won, found.lost, found.came, found.went, found.p_value) == ((), (), (), (), 1.0)


def test_only_texts_that_both_have_predicted_count(
    project: ProjectFile, add_tagger: Callable[..., int]
) -> None:
    ours, theirs = add_tagger(project, [[RIGHT]] * 10), add_tagger(project, [[]] * 4, name="few")
    found = compared(project, ours, theirs)
    assert (found.texts, found.gold, found.won_total, found.against_f1) == (4, 5, 4, 0.0)
    assert all(first != second for first, second in pairwise(found.won))
