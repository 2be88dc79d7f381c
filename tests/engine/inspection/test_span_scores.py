"""Span scores: hand-made cases, and equality with seqeval and nervaluate where they are defined."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inspection.span_scores import PAIRED_ERRORS, Span, match_spans, score_spans

LABELS = ("person", "place", "company")
PERSON, PLACE, COMPANY = range(3)

Tags = list[int]


def kinds(gold: list[Span], predicted: list[Span]) -> list[str]:
    return [match.kind for match in match_spans(gold, predicted)]


@pytest.mark.parametrize(
    ("gold", "predicted", "kind"),
    [
        ((0, 5, PERSON), (0, 5, PERSON), "correct"),
        ((0, 5, PERSON), (0, 6, PERSON), "boundary"),
        ((0, 5, PERSON), (0, 5, PLACE), "type"),
        ((0, 5, PERSON), (4, 9, PLACE), "boundary_and_type"),
    ],
)
def test_a_pair_has_one_kind_of_error(gold: Span, predicted: Span, kind: str) -> None:
    assert kinds([gold], [predicted]) == [kind]


def test_touching_spans_do_not_overlap() -> None:
    assert kinds([(0, 5, PERSON)], [(5, 9, PERSON)]) == ["missing", "spurious"]


def test_an_exact_match_is_never_taken_by_an_overlap() -> None:
    gold = [(0, 10, PERSON), (3, 5, PLACE)]

    assert sorted(kinds(gold, [(3, 5, PLACE)])) == ["correct", "missing"]


def test_the_largest_overlap_is_paired_first() -> None:
    spurious, paired = match_spans([(0, 10, PERSON)], [(0, 3, PERSON), (4, 10, PLACE)])

    assert (paired.kind, paired.predicted) == ("boundary_and_type", (4, 10, PLACE))
    assert (spurious.kind, spurious.predicted) == ("spurious", (0, 3, PERSON))


def test_of_equal_overlaps_the_closer_boundaries_then_the_same_label_win() -> None:
    (closer, _) = match_spans([(0, 4, PERSON)], [(0, 4, PLACE), (0, 9, PERSON)])
    (_, same) = match_spans([(0, 8, PERSON)], [(0, 4, PLACE), (4, 8, PERSON)])

    assert closer.kind == "type"
    assert same.predicted == (4, 8, PERSON)


def test_a_span_given_twice_is_found_twice_or_missed() -> None:
    twice = [(0, 4, PERSON), (0, 4, PERSON)]

    assert kinds(twice, twice) == ["correct", "correct"]
    assert kinds(twice, twice[:1]) == ["correct", "missing"]


def test_splits_and_merges_are_counted() -> None:
    scores = score_spans(
        [[(0, 10, PERSON)], [(0, 4, PERSON), (5, 9, PERSON)]],
        [[(0, 4, PERSON), (5, 10, PERSON)], [(0, 9, PERSON)]],
        LABELS,
    )

    assert (scores["split"], scores["merge"]) == (1, 1)
    assert scores["errors"]["boundary"] == 2
    assert scores["errors"]["spurious"] == scores["errors"]["missing"] == 1


def test_scores_of_a_small_case_by_hand() -> None:
    scores = score_spans(
        [[(0, 4, PERSON), (5, 9, PLACE)], [(0, 3, COMPANY)], []],
        [[(0, 4, PERSON), (5, 8, PLACE)], [], [(1, 2, PERSON)]],
        LABELS,
    )

    assert (scores["texts"], scores["gold"], scores["predicted"], scores["correct"]) == (3, 3, 3, 1)
    assert scores["f1"] == scores["precision"] == scores["recall"] == pytest.approx(1 / 3)
    assert scores["errors"] == {
        "boundary": 1,
        "type": 0,
        "boundary_and_type": 0,
        "missing": 1,
        "spurious": 1,
    }
    person = scores["per_label"]["person"]
    assert person == {"precision": 0.5, "recall": 1.0, "f1": pytest.approx(2 / 3), "support": 1}
    assert scores["macro_f1"] == pytest.approx((2 / 3 + 0 + 0) / 3)
    assert scores["partial"]["recall"] == pytest.approx(0.5)
    assert scores["type"]["precision"] == pytest.approx(2 / 3)


def test_nothing_to_find_and_nothing_found_is_no_division_by_zero() -> None:
    scores = score_spans([[]], [[]], LABELS)

    assert scores["f1"] == scores["macro_f1"] == 0.0


def test_a_long_text_of_many_spans_is_quick() -> None:
    gold = [(at, at + 6, at % 3) for at in range(0, 200_000, 10)]
    predicted = [(start + 1, end, label) for start, end, label in gold]

    assert score_spans([gold], [predicted], LABELS)["errors"]["boundary"] == len(gold)


def spans_of(tags: Tags) -> list[Span]:
    """Return the spans of tags 0 (outside), 2 k + 1 (begins label k) and 2 k + 2 (continues it)."""
    spans: list[Span] = []
    for place, tag in enumerate(tags):
        if tag and tag % 2 == 0 and place and tags[place - 1] in (tag, tag - 1):
            start, _, label = spans.pop()
            spans.append((start, place + 1, label))
        elif tag:
            spans.append((place, place + 1, (tag - 1) // 2))
    return spans


def words_of(tags: Tags) -> list[str]:
    names = ["O"] + [f"{letter}-{name}" for name in LABELS for letter in "BI"]
    return [names[tag] for tag in tags]


def sequences(count: int) -> st.SearchStrategy[list[tuple[Tags, Tags]]]:
    tag = st.integers(0, 2 * len(LABELS))
    return st.lists(
        st.lists(st.tuples(tag, tag), min_size=1, max_size=12), min_size=1, max_size=count
    ).map(lambda texts: [([a for a, _ in text], [b for _, b in text]) for text in texts])


@settings(max_examples=40, deadline=None)
@given(sequences(6))
def test_errors_sum_to_what_the_metrics_say(texts: list[tuple[Tags, Tags]]) -> None:
    gold = [spans_of(first) for first, _ in texts]
    predicted = [spans_of(second) for _, second in texts]
    scores = score_spans(gold, predicted, LABELS)

    errors = scores["errors"]
    paired = scores["correct"] + sum(errors[kind] for kind in PAIRED_ERRORS)
    assert paired + errors["missing"] == scores["gold"] == sum(map(len, gold))
    assert paired + errors["spurious"] == scores["predicted"] == sum(map(len, predicted))
    exact = sum(len(set(a) & set(b)) for a, b in zip(gold, predicted, strict=True))
    assert scores["correct"] == exact


@settings(max_examples=40, deadline=None)
@given(sequences(5))
def test_strict_scores_equal_seqeval(texts: list[tuple[Tags, Tags]]) -> None:
    metrics = pytest.importorskip(
        "seqeval.metrics", reason="seqeval comes without a wheel, so it is not in the lock"
    )
    scores = score_spans(
        [spans_of(first) for first, _ in texts], [spans_of(second) for _, second in texts], LABELS
    )
    gold, predicted = ([words_of(pair[side]) for pair in texts] for side in (0, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        options = {"average": "micro", "zero_division": 0}
        precision, recall, f1 = (
            getattr(metrics, name)(gold, predicted, **options)
            for name in ("precision_score", "recall_score", "f1_score")
        )
        anything = any(spans_of(tags) for pair in texts for tags in pair)
        report = (
            metrics.classification_report(gold, predicted, output_dict=True, zero_division=0)
            if anything
            else {}
        )

    assert scores["f1"] == pytest.approx(f1)
    assert scores["precision"] == pytest.approx(precision)
    assert scores["recall"] == pytest.approx(recall)
    for name in set(report) & set(LABELS):
        assert scores["per_label"][name]["f1"] == pytest.approx(report[name]["f1-score"])
        assert scores["per_label"][name]["support"] == report[name]["support"]


def test_readings_of_odd_tags_are_those_of_conlleval() -> None:
    """What seqeval 1.2.2 reads, kept here for machines without it."""
    begin, inside = 2 * PERSON + 1, 2 * PERSON + 2

    assert spans_of([inside, inside, 0]) == [(0, 2, PERSON)]
    assert spans_of([begin, 2 * PLACE + 2, 0]) == [(0, 1, PERSON), (1, 2, PLACE)]
    assert spans_of([begin, begin]) == [(0, 1, PERSON), (1, 2, PERSON)]


@st.composite
def pairs_apart(draw: st.DrawFn) -> tuple[list[Span], list[Span]]:
    """Spans of one text of which each overlaps at most one of the other side.

    nervaluate pairs greedily in the order of the predictions; where there is nothing to choose,
    both readings are defined and must agree.
    """
    gold: list[Span] = []
    predicted: list[Span] = []
    label = st.sampled_from(range(len(LABELS)))
    for number in range(draw(st.integers(0, 8))):
        first = 20 * number
        for side in (gold, predicted):
            if draw(st.booleans()):
                start = draw(st.integers(0, 9))
                end = draw(st.integers(start + 1, 20))  # up to the next span, which it touches
                side.append((first + start, first + end, draw(label)))
    return gold, predicted


@settings(max_examples=40, deadline=None)
@given(st.lists(pairs_apart(), min_size=1, max_size=4))
def test_all_readings_equal_nervaluate(texts: list[tuple[list[Span], list[Span]]]) -> None:
    from nervaluate import Evaluator

    def entities(spans: list[Span]) -> list[dict[str, Any]]:
        # nervaluate's ends are inclusive.
        return [{"label": LABELS[k], "start": start, "end": end - 1} for start, end, k in spans]

    gold, predicted = [a for a, _ in texts], [b for _, b in texts]
    scores = score_spans(gold, predicted, LABELS)
    found = Evaluator(
        [entities(spans) for spans in gold],
        [entities(spans) for spans in predicted],
        list(LABELS),
        loader="dict",
    ).evaluate()["overall"]

    ours = {"strict": scores, **{name: scores[name] for name in ("exact", "partial")}}
    for name, values in {**ours, "ent_type": scores["type"]}.items():
        theirs = found[name]
        assert values["precision"] == pytest.approx(theirs.precision), name
        assert values["recall"] == pytest.approx(theirs.recall), name
    errors = scores["errors"]
    assert found["strict"].incorrect == sum(errors[kind] for kind in PAIRED_ERRORS)
    assert found["strict"].missed == errors["missing"]
    assert found["strict"].spurious == errors["spurious"]
    assert found["partial"].partial == errors["boundary"] + errors["boundary_and_type"]
    assert found["ent_type"].incorrect == errors["type"] + errors["boundary_and_type"]
