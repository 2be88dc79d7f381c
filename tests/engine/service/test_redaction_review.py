"""Before texts are handed out: what was likely missed, and how much of what is marked is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    CreateProject,
    DecideRedaction,
    DoubtList,
    Engine,
    GetRedactionReport,
    KnownError,
    ListDoubts,
    OpenProject,
    RedactionReport,
    SetPolicy,
    TextFilter,
)
from engine.project.project import ProjectFile, create_project
from engine.project.span_predictions import SpanPrediction, store_span_predictions
from engine.project.spans import set_spans
from engine.project.texts import ImportedRow, begin_import

WAIT = 60.0
TASK = 1
PERSON, DATE, TRADE = 1, 2, 3
LETTERS = (
    "Dear Jane Okafor, the flood of 3 March 2024 is settled.",
    "We have written to Jane Okafor twice about claim HX-48213.",
    "Yesterday jane okafor rang, and Mr Adeyemi with her.",
    "Nobody has looked at this one.",
)
MARKED, READ, DOUBTED, UNREAD = 1, 2, 3, 4


@pytest.fixture
def path(tmp_path: Path, enter_tagger: Callable[..., int]) -> Path:
    """Four texts: one marked by a person, two read by a model, one by nobody."""
    path = tmp_path / "letters.glossator"
    with create_project(
        path,
        labels=("PERSON", "DATE", "TRADE"),
        kind="spans",
        identifiers=("direct", "quasi", "none"),
    ) as project:
        session = begin_import(project, "post.jsonl", TASK)
        rows = [
            ImportedRow(row, content, split="test" if row == MARKED else "train")
            for row, content in enumerate(LETTERS, 1)
        ]
        session.add(rows)
        session.finish()
        mark(project, MARKED, ("Jane Okafor", PERSON), ("flood", TRADE), ("3 March 2024", DATE))
        model_id = enter_tagger(project, (PERSON, DATE, TRADE))
        predict(project, model_id, MARKED, ("Jane Okafor", PERSON, 0.99))
        predict(project, model_id, READ, ("Jane Okafor", PERSON, 0.41))
        predict(project, model_id, DOUBTED)
    return path


def place(text_id: int, passage: str) -> tuple[int, int]:
    start = LETTERS[text_id - 1].index(passage)
    return start, start + len(passage)


def mark(project: ProjectFile, text_id: int, *passages: tuple[str, int]) -> None:
    spans = [(*place(text_id, passage), label_id) for passage, label_id in passages]
    set_spans(project, TASK, text_id, spans)


def predict(
    project: ProjectFile, model_id: int, text_id: int, *passages: tuple[str, int, float]
) -> None:
    spans = [(*place(text_id, words), label_id - 1, sure) for words, label_id, sure in passages]
    store_span_predictions(project, model_id, [SpanPrediction(text_id, spans)])


@pytest.fixture
def opened(engine: Engine, path: Path) -> Engine:
    """The engine with the project open."""
    engine.submit(OpenProject(str(path))).result(WAIT)
    return engine


def doubts(engine: Engine, model_id: int | None = 1, **options: Any) -> DoubtList:
    query = ListDoubts(TASK, model_id=model_id, patterns=False, **options)
    answer: DoubtList = engine.ask(query).result(WAIT)
    return answer


def report(engine: Engine, model_id: int | None = 1, split: str = "test") -> RedactionReport:
    query = GetRedactionReport(TASK, split, model_id=model_id, patterns=False)
    answer: RedactionReport = engine.ask(query).result(WAIT)
    return answer


def passages(found: DoubtList) -> Sequence[tuple[str, str]]:
    return [(doubt.passage, doubt.reason) for doubt in found.doubts]


# --- doubts -------------------------------------------------------------------------------------


def test_the_most_risky_doubt_comes_first(opened: Engine) -> None:
    found = doubts(opened)
    assert passages(found)[0] == ("jane okafor", "same string")
    assert set(passages(found)[1:]) == {
        ("Adeyemi", "name"),
        ("HX-48213", "number"),
        ("Jane Okafor", "unsure"),
    }
    risks = [doubt.risk for doubt in found.doubts]
    assert risks == sorted(risks, reverse=True)
    assert (found.total, found.decided, found.texts, found.unread) == (4, 0, 3, 1)


def test_a_doubt_shows_what_stands_around_it_and_a_label_where_one_suggests_itself(
    opened: Engine,
) -> None:
    first, *_ = doubts(opened).doubts
    assert (first.text_id, first.start, first.end) == (DOUBTED, *place(DOUBTED, "jane okafor"))
    assert (first.before, first.after) == ("Yesterday ", " rang, and Mr Adeyemi with her.")
    assert (first.label_id, first.replaced) == (PERSON, False)
    unsure = doubts(opened).doubts[-1]
    assert (unsure.text_id, unsure.label_id, unsure.replaced) == (READ, PERSON, True)
    assert unsure.words == "The model was only 41 % sure."


def test_what_was_decided_is_no_doubt_any_more(opened: Engine) -> None:
    for decision, label_id in (("keep", None), ("mask", PERSON)):
        where = place(DOUBTED, "jane okafor")
        command = DecideRedaction(TASK, DOUBTED, *where, label_id=label_id, decision=decision)
        opened.submit(command).result(WAIT)
        found = doubts(opened)
        assert ("jane okafor", "same string") not in passages(found)
        assert (found.total, found.decided) == (3, 1)
    opened.submit(DecideRedaction(TASK, DOUBTED, *where, decision="withdrawn")).result(WAIT)
    assert (doubts(opened).total, doubts(opened).decided) == (4, 0)


def test_to_mask_a_name_raises_the_question_of_its_other_places(opened: Engine) -> None:
    where = place(DOUBTED, "Adeyemi")
    opened.submit(DecideRedaction(TASK, DOUBTED, *where, PERSON, "mask")).result(WAIT)
    assert ("Adeyemi", "name") not in passages(doubts(opened))


def test_the_filter_and_the_limit_narrow_the_doubts(opened: Engine) -> None:
    found = doubts(opened, limit=1)
    assert (len(found.doubts), found.total) == (1, 4)
    labelled = doubts(opened, filter=TextFilter(state="labelled"))
    assert (labelled.texts, labelled.doubts) == (1, ())


def test_without_a_model_only_the_marked_text_was_looked_at(opened: Engine) -> None:
    found = doubts(opened, model_id=None)
    assert (found.texts, found.unread, found.doubts) == (1, 3, ())


def test_a_label_that_is_kept_leaves_its_passages_in_doubt_nowhere(opened: Engine) -> None:
    opened.submit(SetPolicy(PERSON, "keep")).result(WAIT)
    reasons = {reason for _, reason in passages(doubts(opened))}
    assert "same string" not in reasons
    assert "unsure" not in reasons


# --- the report ---------------------------------------------------------------------------------


def test_recall_is_of_entities_that_point_to_one_person_and_of_those_that_help(
    opened: Engine,
) -> None:
    found = report(opened)
    assert (found.texts, found.split, found.model_id) == (1, "test", 1)
    assert (found.direct_recall, found.direct_entities) == (1.0, 1)
    assert (found.quasi_recall, found.quasi_entities) == (0.0, 1)
    assert (found.mention_recall, found.mentions) == (0.5, 2)
    assert found.precision == 1.0
    by_label = {each.label_id: (each.found, each.mentions) for each in found.per_label}
    assert by_label == {PERSON: (1, 1), DATE: (0, 1)}
    assert "quasi identifiers" in found.words


def test_the_report_counts_what_is_done_and_what_is_open(opened: Engine) -> None:
    where = place(DOUBTED, "Adeyemi")
    opened.submit(DecideRedaction(TASK, DOUBTED, *where, PERSON, "mask", "a name")).result(WAIT)
    found = report(opened)
    assert found.operators == {"redact": 4, "keep": 1}
    assert (found.open_doubts, found.decided, found.unread) == (3, 1, 1)
    assert [(each.decision, each.reason) for each in found.log] == [("mask", "a name")]


def test_a_label_that_is_kept_protects_nobody(opened: Engine) -> None:
    opened.submit(SetPolicy(PERSON, "keep")).result(WAIT)
    assert report(opened).direct_recall == 0.0


def test_decisions_do_not_make_the_model_look_better(opened: Engine) -> None:
    where = place(MARKED, "3 March 2024")
    opened.submit(DecideRedaction(TASK, MARKED, *where, DATE, "mask")).result(WAIT)
    assert report(opened).quasi_recall == 0.0


def test_where_nothing_can_be_measured_a_sentence_says_why(opened: Engine) -> None:
    assert "choose a model" in report(opened, model_id=None).words
    found = report(opened, split="validation")
    assert "no text of the validation part" in found.words
    assert (found.direct_recall, found.quasi_recall, found.mention_recall) == (None, None, None)
    with pytest.raises(KnownError, match="no part “holdout”"):
        report(opened, split="holdout")


def test_whole_texts_have_no_doubts(engine: Engine, tmp_path: Path) -> None:
    engine.submit(CreateProject(str(tmp_path / "post.glossator"), ("new", "old"))).result(WAIT)
    for query in (ListDoubts(TASK), GetRedactionReport(TASK)):
        with pytest.raises(KnownError, match="whole texts get labels"):
            engine.ask(query).result(WAIT)
