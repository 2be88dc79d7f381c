"""What is suggested for a text of passages, beside what somebody has marked in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.assist.span_suggestions import list_span_suggestions, most_confident_apart
from engine.core.errors import KnownError
from engine.project import journal
from engine.project.entities import dismiss_spans
from engine.project.jobs import add_job
from engine.project.models import add_model, set_suggestion_model
from engine.project.project import ProjectFile, create_project
from engine.project.rows import Rule, SpanSuggestion
from engine.project.rules import set_rules
from engine.project.span_predictions import SpanPrediction, store_span_predictions
from engine.project.spans import set_spans
from engine.project.tasks import add_label, remove_label
from engine.project.texts import ImportedRow, begin_import

PER, DATE = 1, 2
LETTER = "Dear Ms Okafor, Jane Okafor called on 3 March."
MS_OKAFOR, OKAFOR, JANE, MARCH = (5, 14), (8, 14), (16, 27), (38, 45)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """One letter, in a task with the labels PER and DATE."""
    with create_project(tmp_path / "p.glossator", labels=["PER", "DATE"], kind="spans") as project:
        session = begin_import(project, "one.jsonl", 1)
        session.add([ImportedRow(1, LETTER)])
        session.finish()
        yield project


def says(project: ProjectFile, *spans: tuple[int, int, int, float]) -> int:
    """Let a model suggest that has found these: start, end, position of the label, confidence."""
    job_id = add_job(project, kind="train", method="ner", name="m", spec={})
    model = add_model(
        project,
        name="m",
        method="ner",
        task_id=1,
        base_model="tiny",
        job_id=job_id,
        folder=project.models_folder / f"m{job_id}",
        bytes=1,
        label_ids=(PER, DATE),
        metrics={},
        evaluation="test",
        settings={},
        snapshot_sha256="",
        snapshot_texts=0,
        seconds=1.0,
    )
    store_span_predictions(project, model.id, [SpanPrediction(1, spans)])
    set_suggestion_model(project, model.id)
    return model.id


def suggested(project: ProjectFile) -> list[tuple[int, int, int]]:
    found = list_span_suggestions(project.connection, {}, 1, 1)
    return [(one.start, one.end, one.label_id) for one in found]


def test_the_model_suggests_and_nobody_else(project: ProjectFile) -> None:
    assert suggested(project) == []
    model_id = says(project, (*OKAFOR, 0, 0.9), (*MARCH, 1, 0.8))
    assert list_span_suggestions(project.connection, {}, 1, 1) == (
        SpanSuggestion(*OKAFOR, PER, 0.9, "model", model_id),
        SpanSuggestion(*MARCH, DATE, 0.8, "model", model_id),
    )
    remove_label(project, DATE)
    assert suggested(project) == [(*OKAFOR, PER)]
    set_suggestion_model(project, None)
    assert suggested(project) == []


def test_what_a_person_did_is_not_touched(project: ProjectFile) -> None:
    says(project, (*OKAFOR, 0, 0.9), (*JANE, 0, 0.7), (*MARCH, 1, 0.8))
    set_spans(project, 1, 1, [(*MS_OKAFOR, DATE)])
    assert suggested(project) == [(*JANE, PER), (*MARCH, DATE)]
    # A short mark behind a long one that it lies in: the long one still covers what follows.
    set_spans(project, 1, 1, [(5, 40, PER), (6, 7, DATE)])
    assert suggested(project) == []
    set_spans(project, 1, 1, [(14, 16, PER), (45, 46, PER)])
    assert len(suggested(project)) == 3, "neighbours share no character"
    dismiss_spans(project, 1, 1, [(*JANE, PER), (*MARCH, PER)])
    assert suggested(project) == [(*OKAFOR, PER), (*MARCH, DATE)]


def test_rules_suggest_beside_the_model(project: ProjectFile) -> None:
    memory: dict[str, Any] = {}

    def suggested() -> list[tuple[str, int, str]]:
        found = list_span_suggestions(project.connection, memory, 1, 1)
        return [(LETTER[one.start : one.end], one.label_id, one.source) for one in found]

    set_rules(project, PER, [Rule(PER, "list", "Okafor"), Rule(PER, "list", "Jane")])
    assert suggested() == [
        ("Okafor", PER, "list"),
        ("Jane", PER, "list"),
        ("Okafor", PER, "list"),
    ]
    # The same passage is the model's, as sure as the surer of the two; other rules are looked for
    # at once, whatever was remembered.
    model_id = says(project, (*OKAFOR, 0, 0.6), (*MARCH, 0, 0.7))
    set_rules(project, DATE, [Rule(DATE, "recogniser", "date")])
    (okafor, *_, march) = list_span_suggestions(project.connection, memory, 1, 1)
    assert okafor == SpanSuggestion(*OKAFOR, PER, 1.0, "model", model_id)
    assert (march.start, march.end, march.label_id, march.source) == (*MARCH, DATE, "recogniser")
    # Behind what is left out the next best comes to the fore.
    dismiss_spans(project, 1, 1, [(*MARCH, DATE)])
    assert suggested()[-1] == ("3 March", PER, "model")
    set_spans(project, 1, 1, [(*JANE, PER)])
    assert suggested() == [("Okafor", PER, "model"), ("3 March", PER, "model")]
    # A removed label takes its rules along; undo brings both back.
    set_spans(project, 1, 1, [])
    set_suggestion_model(project, None)
    remove_label(project, PER)
    assert suggested() == []
    journal.undo(project)
    assert len(suggested()) == 3


def test_a_task_of_whole_texts_has_no_passages(tmp_path: Path) -> None:
    with (
        create_project(tmp_path / "c.glossator", labels=["a", "b"]) as project,
        pytest.raises(KnownError, match="whole texts"),
    ):
        list_span_suggestions(project.connection, {}, 1, 1)


def test_a_label_that_took_the_name_of_a_removed_one_is_not_suggested(project: ProjectFile) -> None:
    says(project, (*OKAFOR, 0, 0.9))
    remove_label(project, PER)
    add_label(project, 1, "PER")
    assert suggested(project) == []


def one(start: int, end: int, label: int, confidence: float, model: bool = True) -> SpanSuggestion:
    source, model_id = ("model", 4) if model else ("expression", None)
    return SpanSuggestion(start, end, label, confidence, source, model_id)


def test_of_overlapping_suggestions_the_most_confident_stays() -> None:
    found = [one(0, 9, PER, 0.6), one(3, 9, PER, 0.9), one(9, 12, DATE, 0.2), one(2, 4, DATE, 0.5)]
    assert most_confident_apart(found) == (found[1], found[2])


def test_two_sources_of_the_same_passage_agree_or_the_surer_one_wins() -> None:
    rule, model = one(0, 4, DATE, 0.95, model=False), one(0, 4, DATE, 0.6)
    assert most_confident_apart([rule, model]) == (one(0, 4, DATE, 0.95),)
    assert most_confident_apart([model, rule]) == (one(0, 4, DATE, 0.95),)
    surer = one(0, 4, PER, 0.97)
    assert most_confident_apart([rule, surer, model]) == (surer,)
    assert most_confident_apart([rule, one(0, 4, PER, 0.95)]) == (one(0, 4, PER, 0.95),)


SUGGESTIONS = st.lists(
    st.builds(
        lambda start, length, label, confidence, model: one(
            start, start + length, label, confidence, model
        ),
        st.integers(0, 40),
        st.integers(1, 12),
        st.integers(1, 3),
        st.sampled_from([0.25, 0.5, 0.75, 1.0]),
        st.booleans(),
    ),
    max_size=25,
)


@given(SUGGESTIONS)
def test_no_two_overlap_and_nothing_is_left_out_without_a_better_one(
    found: Sequence[SpanSuggestion],
) -> None:
    kept = most_confident_apart(found)
    assert all(first.end <= second.start for first, second in pairwise(kept))
    for each in found:
        assert any(
            other.start < each.end
            and each.start < other.end
            and other.confidence >= each.confidence
            for other in kept
        )
