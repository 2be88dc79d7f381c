"""Every disagreement of a model with gold: its kind, its place in the list, and the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from engine.core.errors import KnownError
from engine.inspection.span_confusions import get_span_confusions
from engine.inspection.span_errors import NO_MARK, list_span_errors
from engine.inspection.span_evaluation import get_span_evaluation
from engine.inspection.span_text import get_span_text
from engine.project.annotations import set_comment, set_flagged
from engine.project.project import ProjectFile
from engine.project.span_rows import SpanConfusions, SpanError, SpanMark
from engine.project.spans import add_span, edit_span

PER, DATE = 1, 2
TEXT = "Ms Okafor wrote on 3 March from Leeds"
OKAFOR, MARCH, LEEDS = (3, 9), (19, 26), (32, 37)
# Of texts 1 to 4: right; other boundaries and other label; both at once and spurious; missing.
GOLD = [[(*OKAFOR, PER)], [(*OKAFOR, PER), (*MARCH, DATE)], [(*OKAFOR, PER)], [(*MARCH, DATE)]]
SAID = [
    [(*OKAFOR, 0, 0.9)],
    [(0, 9, 0, 0.8), (*MARCH, 0, 0.6)],
    [(0, 9, 1, 0.5), (*LEEDS, 1, 0.1)],
    [],
]

Made = tuple[ProjectFile, int]


@pytest.fixture
def made(make_marked: Callable[..., ProjectFile], add_tagger: Callable[..., int]) -> Made:
    """Four marked texts with one error of each kind, and the model that makes them."""
    project = make_marked(
        ("PER", "DATE"), [(f"{TEXT} {number}", spans) for number, spans in enumerate(GOLD, 1)]
    )
    return project, add_tagger(project, SAID)


def errors(made: Made, split: str = "test", **wanted: Any) -> list[SpanError]:
    project, model_id = made
    return list_span_errors(project.connection, project.models_folder, model_id, split, **wanted)


def confusions(made: Made) -> SpanConfusions:
    project, model_id = made
    return get_span_confusions(project.connection, project.models_folder, model_id)


def test_each_error_has_its_passage_in_context(made: Made) -> None:
    by_kind = {error.kind: error for error in errors(made)}
    assert by_kind.keys() == {"boundary", "type", "boundary_and_type", "missing", "spurious"}
    boundary = by_kind["boundary"]
    assert (boundary.gold, boundary.predicted) == (SpanMark(3, 9, PER), SpanMark(0, 9, PER))
    assert (boundary.passage, boundary.confidence, boundary.text_id) == ("Okafor", 0.8, 2)
    assert boundary.context == f"{TEXT} 2"
    assert by_kind["missing"].predicted is None
    assert by_kind["missing"].confidence is None
    assert by_kind["spurious"].gold is None
    assert (by_kind["spurious"].passage, by_kind["spurious"].mark.label_id) == ("Leeds", DATE)


def test_a_long_text_is_cut_around_the_passage_onto_one_line(
    make_marked: Callable[..., ProjectFile], add_tagger: Callable[..., int]
) -> None:
    content = "one two\n" * 50 + "Ada\nLovelace" + "\tthree four" * 50
    project = make_marked(("PER",), [(content, [(400, 412, PER)])])
    (error,) = errors((project, add_tagger(project, [[]])))
    assert error.passage == "Ada Lovelace"
    assert (len(error.context), error.context_start) == (60 + 12 + 60, 340)
    assert error.context[60:72] == "Ada Lovelace"
    assert "\n" not in error.context


def test_the_list_is_narrowed_by_kind_label_wording_and_text(made: Made) -> None:
    assert [error.text_id for error in errors(made, kind="missing")] == [4]
    assert {error.kind for error in errors(made, label_id=DATE)} == {"type", "missing", "spurious"}
    assert {error.text_id for error in errors(made, surface="Okafor")} == {2, 3}
    assert {error.kind for error in errors(made, text_id=3)} == {"boundary_and_type", "spurious"}
    assert [error.kind for error in errors(made, gold=NO_MARK)] == ["spurious"]
    assert [error.kind for error in errors(made, predicted=NO_MARK)] == ["missing"]
    assert [error.kind for error in errors(made, gold=DATE, predicted=PER)] == ["type"]
    assert len(errors(made, limit=2)) == 2


def test_counts_by_label_and_kind_add_up_to_the_scores(made: Made) -> None:
    found = confusions(made)
    project, model_id = made
    scores = get_span_evaluation(project.connection, project.models_folder, model_id)
    assert found.errors == scores.errors
    for kind, number in scores.errors.items():
        assert sum(row.counts[kind] for row in found.labels) == number
    for row in found.labels:
        for kind, number in row.counts.items():
            assert len(errors(made, kind=kind, label_id=row.label_id)) == number
    assert [(row.label_id, row.total, row.correct) for row in found.labels] == [
        (PER, 2, 1), (DATE, 3, 0),
    ]  # fmt: skip


def test_the_most_frequent_confusions_of_strings_come_first(
    make_marked: Callable[..., ProjectFile], add_tagger: Callable[..., int]
) -> None:
    texts = [(f"{letter}: Leeds, 3 May", [(3, 8, PER)]) for letter in "abc"]
    project = make_marked(("PER", "DATE"), [*texts, ("d: Leeds", None)])
    said = [[(3, 8, 1, 0.9)], [(3, 8, 1, 0.9), (10, 15, 1, 0.8)], [], [(3, 8, 1, 0.7)]]
    # The last text is not labelled, so what is found in it counts for nothing.
    found = confusions((project, add_tagger(project, said)))
    told = [(row.surface, row.gold, row.predicted, row.count) for row in found.strings]
    assert told[0] == ("Leeds", PER, DATE, 2)
    assert set(told[1:]) == {("3 May", None, DATE, 1), ("Leeds", PER, None, 1)}
    assert found.strings_total == 3


def test_what_is_worth_most_comes_first(
    make_marked: Callable[..., ProjectFile], add_tagger: Callable[..., int]
) -> None:
    texts = [
        ("Ada in Ulm", [(0, 3, PER)]),  # contradicted for sure
        ("Bob, Bob", [(0, 3, PER), (5, 8, PER)]),  # marked twice, found never
        ("Eve", [(0, 3, PER)]),  # marked once, not found
        ("Ulm or Rye", []),
    ]
    project = make_marked(("PER", "DATE"), texts)
    add_span(project, 1, 4, (7, 10, PER))
    said = [[(0, 3, 1, 0.95)], [], [], [(0, 3, 1, 0.1), (7, 10, 0, 0.9)]]
    ranked = [(error.passage, error.kind) for error in errors((project, add_tagger(project, said)))]
    assert ranked == [
        ("Ada", "type"),
        ("Bob", "missing"),
        ("Bob", "missing"),
        ("Eve", "missing"),
        ("Ulm", "spurious"),
    ]


def test_one_question_asked_often_goes_before_a_surer_one(
    make_marked: Callable[..., ProjectFile], add_tagger: Callable[..., int]
) -> None:
    texts = [("Ada wrote", [(0, 3, PER)]), *((f"Bob wrote {n}", [(0, 3, PER)]) for n in range(4))]
    project = make_marked(("PER", "DATE"), texts)
    said = [[(0, 3, 1, 0.9)], *([(0, 3, 1, 0.8)] for _ in range(4))]
    ranked = [error.passage for error in errors((project, add_tagger(project, said)))]
    assert ranked == ["Bob"] * 4 + ["Ada"]


def test_splits_and_merges_are_flagged_on_their_errors(
    make_marked: Callable[..., ProjectFile], add_tagger: Callable[..., int]
) -> None:
    project = make_marked(
        ("PER",),
        [("Ada King Lovelace", [(0, 17, PER)]), ("Bob Eve", [(0, 3, PER), (4, 7, PER)])],
    )
    model_id = add_tagger(project, [[(0, 8, 0, 0.9), (9, 17, 0, 0.8)], [(0, 7, 0, 0.7)]])
    flags = Counter((e.kind, e.split, e.merge) for e in errors((project, model_id)))
    assert flags == {
        ("boundary", True, False): 1,
        ("spurious", True, False): 1,
        ("boundary", False, True): 1,
        ("missing", False, True): 1,
    }
    scores = get_span_evaluation(project.connection, project.models_folder, model_id)
    assert (scores.torn, scores.joined) == (1, 1)


def test_answers_follow_what_is_marked_today(made: Made) -> None:
    project, _ = made
    edit_span(project, 1, 2, (*OKAFOR, PER), (0, 9, PER))
    assert not errors(made, kind="boundary")
    assert confusions(made).errors["boundary"] == 0
    set_flagged(project, 1, (4,))
    set_comment(project, 1, 4, "the day of the letter")
    (missing,) = errors(made, kind="missing")
    assert (missing.flagged, missing.comment) == (True, "the day of the letter")


def test_a_text_is_told_with_everything_the_model_found_in_it(made: Made) -> None:
    project, model_id = made
    place = project.connection, project.models_folder, model_id
    text = get_span_text(*place, 1)
    assert text is not None
    assert text.detail.content == f"{TEXT} 1"
    assert text.predicted == ((SpanMark(*OKAFOR, PER), 0.9),)
    assert get_span_text(*place, 1, "train").predicted == ()
    assert get_span_text(*place, 99) is None


def test_out_of_fold_predictions_are_listed_apart(
    make_marked: Callable[..., ProjectFile], add_tagger: Callable[..., int]
) -> None:
    project = make_marked(("PER",), [("Ada", [(0, 3, PER)])])
    made = project, add_tagger(project, [[]], fold=1)
    assert not errors(made)
    assert [error.kind for error in errors(made, "cross-validation")] == ["missing"]
    with pytest.raises(KnownError, match="not a part of the texts"):
        errors(made, "holdout")
