"""Passages come back from a file as the same passages of the same text, whatever its characters."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.interchange.cleaning import clean_text
from engine.project.entities import set_entity
from engine.project.project import ProjectFile, create_project
from engine.project.reading import list_text_ids
from engine.project.rows import ImportReport
from engine.project.spans import read_spans, set_spans
from engine.project.text_rows import get_texts
from engine.project.texts import ImportedRow, begin_import

Import = Callable[..., ImportReport]
Export = Callable[..., int]
Marks = dict[tuple[int, int, int], str]

LABELS = ("PER", "DATE", "ort; “é” 😀")
ODD = st.sampled_from(
    list("\r\n\t \u00a0\u2028\x85\ufeff\u200d\u202eאب\u0301é😀👩🏽𝒳\u0000\x07\x0c")
)
WRITTEN = st.text(ODD | st.characters(codec="utf-8"), min_size=1, max_size=40).filter(
    lambda text: clean_text(text)[0].strip()
)
STORED = WRITTEN.map(lambda text: clean_text(text)[0])
ENTITIES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12).map(
    lambda name: " ".join(name.split())
)


@st.composite
def marks_in(draw: st.DrawFn, text: str) -> Marks:
    """Any passages of a text, also nested and overlapping ones, and what they mean."""
    place = st.integers(0, len(text))
    passage = st.tuples(place, place, st.integers(1, len(LABELS))).filter(lambda p: p[0] < p[1])
    return draw(st.dictionaries(passage, ENTITIES, max_size=6))


@st.composite
def marked(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> tuple[str, Marks]:
    text = draw(texts)
    return text, draw(marks_in(text))


def store(project: ProjectFile, texts: list[tuple[str, Marks]]) -> None:
    session = begin_import(project, "made.jsonl", 1)
    session.add([ImportedRow(row, text) for row, (text, _) in enumerate(texts, 1)])
    session.finish()
    for text_id, (_, marks) in enumerate(texts, 1):
        set_spans(project, 1, text_id, list(marks))
        for span, entity in marks.items():
            if entity:
                set_entity(project, 1, text_id, [span], entity)


def found(project: ProjectFile) -> list[tuple[str, Marks]]:
    ids = list_text_ids(project.connection, 1)
    spans = read_spans(project.connection, 1, ids)
    return [
        (
            text.content,
            {(s.start, s.end, s.label_id): s.entity for s in spans.get(text.row.id, ())},
        )
        for text in get_texts(project.connection, 1, ids)
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    texts=st.lists(marked(STORED), min_size=1, max_size=4),
    format=st.sampled_from(["jsonl", "csv"]),
)
def test_any_passages_of_any_text_come_back(
    texts: list[tuple[str, Marks]], format: str, import_file: Import, export_file: Export
) -> None:
    with TemporaryDirectory() as name:
        file = Path(name) / f"out.{format}"
        with create_project(Path(name) / "1.glossator", labels=LABELS, kind="spans") as one:
            store(one, texts)
            assert export_file(one, file, format=format) == len(texts)
        with create_project(Path(name) / "2.glossator", labels=LABELS, kind="spans") as two:
            report = import_file(two, file)
            assert report.problems == ()
            assert found(two) == texts


BROKEN = st.text(
    ODD | st.characters() | st.sampled_from(["\ud800", "\udfff"]), min_size=1, max_size=30
).filter(lambda text: clean_text(text)[0].strip())


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(text_and_marks=marked(BROKEN))
def test_repairing_a_text_moves_no_passage_to_other_words(
    text_and_marks: tuple[str, Marks], import_file: Import
) -> None:
    text, marks = text_and_marks
    # JSON cannot tell the two halves of a pair from the character that they are the halves of.
    assume(not re.search("[\ud800-\udbff][\udc00-\udfff]", text))
    with TemporaryDirectory() as name:
        file = Path(name) / "in.jsonl"
        spans = [[start, end, LABELS[label - 1]] for start, end, label in marks]
        file.write_text(json.dumps({"text": text, "spans": spans}) + "\n", encoding="ascii")
        with create_project(Path(name) / "1.glossator", labels=LABELS, kind="spans") as project:
            import_file(project, file)
            ((content, kept),) = found(project)
    assert content == clean_text(text)[0]
    wanted = {
        (len(clean_text(text[:start])[0]), len(clean_text(text[:end])[0]), label)
        for start, end, label in marks
    }
    assert set(kept) == {span for span in wanted if span[0] < span[1]}


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_what_passages_mean_is_in_the_file_and_comes_back(
    format: str, tmp_path: Path, import_file: Import, export_file: Export
) -> None:
    texts = [("Jane Okafor, or Ms Okafor", {(0, 11, 1): "person-1", (19, 25, 1): "person-1"})]
    file = tmp_path / f"out.{format}"
    with create_project(tmp_path / "1.glossator", labels=LABELS, kind="spans") as one:
        store(one, texts)
        export_file(one, file, format=format)
    assert file.read_text(encoding="utf-8").count("person-1") == 2
    with create_project(tmp_path / "2.glossator", labels=LABELS, kind="spans") as two:
        import_file(two, file)
        assert found(two) == texts
