"""What the engine counts of marked passages equals what nervaluate and seqeval count.

Gold and predictions go through a real project file. nervaluate pairs greedily, in the order of the
predictions, where ours takes exact matches first and then the largest overlap. The two readings
are the same where no passage overlaps more than one of the other side, so the random texts are
such. Its ends are inclusive.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.inspection.span_confusions import get_span_confusions
from engine.inspection.span_errors import list_span_errors
from engine.inspection.span_evaluation import get_span_evaluation
from engine.project.project import ProjectFile
from engine.project.span_predictions import SpanPrediction, store_span_predictions
from engine.project.span_rows import SPAN_ERRORS
from engine.project.spans import set_spans

LABELS = ("person", "place", "company")
WORDS = 12  # of six letters in each text, with a space behind
TEXTS = 3
CONTENT = " ".join(["🙂ünter"] * WORDS)

Marks = list[tuple[int, int, int]]  # first word, word behind the last, position of the label
Pair = tuple[Marks, Marks]


def characters(marks: Marks) -> Marks:
    return [(7 * first, 7 * last - 1, label) for first, last, label in marks]


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """Gold and predictions over words, none overlapping two of the other side."""
    gold: Marks = []
    predicted: Marks = []
    label = st.sampled_from(range(len(LABELS)))
    for place in range(0, WORDS, 4):
        for side in (gold, predicted):
            if draw(st.booleans()):
                first = draw(st.integers(0, 3))
                side.append((place + first, place + draw(st.integers(first + 1, 4)), draw(label)))
    return gold, predicted


BY_HAND: list[list[Pair]] = [
    [([(0, 2, 0)], [(0, 2, 0)]), ([], []), ([], [])],
    [([(0, 2, 0)], [(0, 1, 0)]), ([(0, 2, 0)], [(0, 2, 1)]), ([(0, 2, 0)], [(1, 3, 1)])],
    [([(0, 2, 0), (5, 6, 2)], []), ([], [(0, 1, 0)]), ([(4, 8, 1)], [(0, 4, 1)])],
]


def check_nervaluate(project: ProjectFile, model_id: int, texts: list[Pair]) -> None:
    from nervaluate import Evaluator

    def entities(marks: Marks) -> list[dict[str, Any]]:
        return [
            {"label": LABELS[label], "start": start, "end": end - 1}
            for start, end, label in characters(marks)
        ]

    theirs = Evaluator(
        [entities(gold) for gold, _ in texts],
        [entities(predicted) for _, predicted in texts],
        list(LABELS),
        loader="dict",
    ).evaluate()["overall"]
    place = project.connection, project.models_folder, model_id
    scores, counts = get_span_evaluation(*place), get_span_confusions(*place)
    for name, ours in (
        ("strict", scores.f1),
        ("exact", scores.exact_f1),
        ("partial", scores.partial_f1),
        ("ent_type", scores.type_f1),
    ):
        assert ours == pytest.approx(theirs[name].f1), name
    errors = counts.errors
    paired = errors["boundary"] + errors["type"] + errors["boundary_and_type"]
    assert theirs["strict"].correct == scores.correct == sum(row.correct for row in counts.labels)
    assert theirs["strict"].incorrect == paired
    assert theirs["exact"].incorrect == errors["boundary"] + errors["boundary_and_type"]
    assert theirs["partial"].partial == errors["boundary"] + errors["boundary_and_type"]
    assert theirs["ent_type"].incorrect == errors["type"] + errors["boundary_and_type"]
    for name in ("strict", "exact", "partial", "ent_type"):
        assert theirs[name].missed == errors["missing"]
        assert theirs[name].spurious == errors["spurious"]


def check_sums(project: ProjectFile, model_id: int) -> None:
    place = project.connection, project.models_folder, model_id
    scores, counts = get_span_evaluation(*place), get_span_confusions(*place)
    listed = list_span_errors(*place)
    assert counts.errors == scores.errors
    for kind in SPAN_ERRORS:
        assert sum(row.counts[kind] for row in counts.labels) == scores.errors[kind]
        assert sum(error.kind == kind for error in listed) == scores.errors[kind]
    paired = len(listed) - scores.errors["missing"] - scores.errors["spurious"]
    assert scores.correct + paired + scores.errors["missing"] == scores.gold
    assert scores.correct + paired + scores.errors["spurious"] == scores.predicted
    assert sum(string.count for string in counts.strings) == len(listed)


def check_seqeval(project: ProjectFile, model_id: int, texts: list[Pair]) -> None:
    metrics = pytest.importorskip("seqeval.metrics", reason="seqeval is not in the lock")

    def tags(marks: Marks) -> list[str]:
        found = ["O"] * WORDS
        for first, last, label in marks:
            found[first:last] = [
                f"B-{LABELS[label]}", *[f"I-{LABELS[label]}"] * (last - first - 1)
            ]  # fmt: skip
        return found

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        f1 = metrics.f1_score(
            [tags(gold) for gold, _ in texts],
            [tags(predicted) for _, predicted in texts],
            average="micro",
            zero_division=0,
        )
    scores = get_span_evaluation(project.connection, project.models_folder, model_id)
    assert scores.f1 == pytest.approx(f1)


Check = Callable[[list[Pair]], tuple[ProjectFile, int]]


@pytest.fixture
def project_of(make_marked: Callable[..., ProjectFile], add_tagger: Callable[..., int]) -> Check:
    """Make gold and predictions of a project these: ``project_of(pairs of each text)``."""
    project = make_marked(LABELS, [(f"{CONTENT} {number}", []) for number in range(TEXTS)])
    model_id = add_tagger(project, [[]] * TEXTS)

    def mark(texts: list[Pair]) -> tuple[ProjectFile, int]:
        said = []
        for text_id, (gold, predicted) in enumerate(texts, 1):
            set_spans(
                project,
                1,
                text_id,
                [(start, end, label + 1) for start, end, label in characters(gold)],
            )
            found = [(*mark, 0.5) for mark in characters(predicted)]
            said.append(SpanPrediction(text_id, found))
        store_span_predictions(project, model_id, said)
        return project, model_id

    return mark


@pytest.mark.parametrize("texts", BY_HAND)
def test_counts_made_by_hand_equal_nervaluate(project_of: Check, texts: list[Pair]) -> None:
    made = project_of(texts)
    check_sums(*made)
    check_nervaluate(*made, texts)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(pairs(), min_size=TEXTS, max_size=TEXTS))
def test_random_counts_equal_nervaluate(project_of: Check, texts: list[Pair]) -> None:
    made = project_of(texts)
    check_sums(*made)
    check_nervaluate(*made, texts)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(pairs(), min_size=TEXTS, max_size=TEXTS))
def test_random_strict_scores_equal_seqeval(project_of: Check, texts: list[Pair]) -> None:
    check_seqeval(*project_of(texts), texts)


@st.composite
def tangled(draw: st.DrawFn) -> Pair:
    """Gold and predictions that overlap and lie inside each other in any way."""
    mark = st.tuples(
        st.integers(0, WORDS - 1), st.integers(1, 6), st.sampled_from(range(len(LABELS)))
    ).map(lambda drawn: (drawn[0], min(drawn[0] + drawn[1], WORDS), drawn[2]))
    marks = st.lists(mark, max_size=6, unique=True)
    return draw(marks), draw(marks)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(tangled(), min_size=TEXTS, max_size=TEXTS))
def test_counts_add_up_however_passages_overlap(project_of: Check, texts: list[Pair]) -> None:
    made = project_of(texts)
    check_sums(*made)
    project, model_id = made
    place = project.connection, project.models_folder, model_id
    scores, listed = get_span_evaluation(*place), list_span_errors(*place)
    assert scores.torn == sum(error.split for error in listed if error.gold)
    assert scores.joined == sum(error.merge for error in listed if error.predicted)
