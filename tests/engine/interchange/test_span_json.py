"""Marked passages come in with offsets that mean what they meant, and go out again unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core.errors import KnownError
from engine.interchange.preview import preview_file
from engine.project.check import check_project
from engine.project.project import ProjectFile, create_project
from engine.project.reading import list_text_ids
from engine.project.rows import ImportReport, TextDetail
from engine.project.tasks import read_tasks
from engine.project.text_rows import get_texts

Import = Callable[..., ImportReport]
Export = Callable[..., int]
Passage = tuple[int, int, str]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """A project that marks persons and dates."""
    with create_project(tmp_path / "s.glossator", labels=["PER", "DATE"], kind="spans") as file:
        yield file


def write(folder: Path, *records: dict[str, Any], name: str = "a.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"".join(json.dumps(record).encode() + b"\n" for record in records))
    return path


def texts_of(project: ProjectFile) -> list[TextDetail]:
    return get_texts(project.connection, 1, list_text_ids(project.connection, 1))


def passages(project: ProjectFile) -> list[list[Passage] | None]:
    """The passages of each text; None where it is not labelled."""
    task = read_tasks(project.connection)[0]
    return [
        [(span.start, span.end, task.label(span.label_id).name) for span in text.spans]
        if text.row.labelled
        else None
        for text in texts_of(project)
    ]


@pytest.mark.parametrize(
    "marks",
    [
        {"spans": [{"start": 3, "end": 9, "label": "PER"}, [13, 20, "DATE"]]},
        {"spans": [{"start": 3.0, "end": 9.0, "label": "PER"}, [13, 20, "DATE"]]},
        {"label": [[3, 9, "PER"], [13, 20, "DATE"]]},
        {"labels": [[3, 9, "PER"], [13, 20, "DATE"]]},
        {"entities": [[3, 9, "PER"], [13, 20, "DATE"]]},
        {
            "entities": [
                {"id": 7, "start_offset": 3, "end_offset": 9, "label": "PER"},
                {"id": 8, "start_offset": 13, "end_offset": 20, "label": "DATE"},
            ]
        },
        {"label": "letters", "spans": [[3, 9, "PER"], [13, 20, "DATE"]]},
    ],
)  # fmt: skip
def test_every_common_notation_is_read(
    project: ProjectFile, tmp_path: Path, import_file: Import, marks: dict[str, Any]
) -> None:
    report = import_file(project, write(tmp_path, {"text": "Ms Okafor on 3 March", **marks}))
    assert (report.imported, report.labelled, report.repaired) == (1, 1, 0)
    assert passages(project) == [[(3, 9, "PER"), (13, 20, "DATE")]]


def test_nothing_to_mark_differs_from_not_looked_at(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(
        tmp_path,
        {"text": "Nothing to mark.", "spans": []},
        {"text": "Not looked at.", "spans": None},
        {"text": "Nor this."},
        {"text": "Ms Okafor", "spans": [[3, 9, "PER"]]},
    )
    assert import_file(project, path).labelled == 2
    assert passages(project) == [[], None, None, [(3, 9, "PER")]]


def test_another_program_writes_an_empty_list_for_a_text_not_looked_at(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(tmp_path, {"text": "a b", "label": []}, {"text": "Ada", "label": [[0, 3, "PER"]]})
    import_file(project, path)
    assert passages(project) == [None, [(0, 3, "PER")]]


def test_what_cannot_be_is_left_out_and_told_and_the_rest_is_kept(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    good = [3, 9, "PER"]
    bad: list[tuple[object, str]] = [
        ([5, 99, "PER"], "the passage 5–99 “PER” was left out because it lies outside the text"),
        ([-2, 3, "PER"], "lies outside the text, which has 20 characters"),
        ([9, 3, "PER"], "its end is before its beginning"),
        ([4, 4, "PER"], "it has no characters"),
        ([3, 9], "has no beginning and end in numbers"),
        (["3", "9", "PER"], "has no beginning and end in numbers"),
        ([3.5, 9, "PER"], "has no beginning and end in numbers"),
        ([1e999, 9, "PER"], "has no beginning and end in numbers"),
        ([True, 9, "PER"], "has no beginning and end in numbers"),
        ([3, 9, None], "because it has no label"),
        ([3, 9, "x" * 81], "label is longer than 80 characters"),
        ([3, 9, "PER"], "is there twice and was taken once"),
    ]
    records = [{"text": "Ms Okafor on 3 March", "spans": [good, item]} for item, _ in bad]
    report = import_file(project, write(tmp_path, *records))
    assert (report.imported, report.repaired, report.refused) == (len(bad), len(bad), 0)
    assert passages(project) == [[(3, 9, "PER")]] * len(bad)
    for problem, (_, reason) in zip(report.problems, bad, strict=True):
        assert problem.kind == "repaired"
        assert reason in problem.reason


def test_a_text_whose_passages_were_all_bad_is_not_labelled(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    report = import_file(project, write(tmp_path, {"text": "short", "spans": [[3, 99, "PER"]]}))
    assert (report.imported, report.labelled, report.repaired) == (1, 0, 1)


def test_labels_of_whole_texts_mark_nothing(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(tmp_path, {"text": "Ms Okafor", "label": "letter"})
    report = import_file(project, path)
    assert (report.imported, report.labelled, report.repaired) == (1, 0, 0)
    assert texts_of(project)[0].meta == {"label": "letter"}
    report = import_file(project, write(tmp_path, {"text": "b", "label": "x"}, name="b.jsonl"),
                         label_column="label")  # fmt: skip
    assert report.problems[0].reason == "its labels mark no passages of the text and were left out"


@pytest.mark.parametrize("what", ["add", "drop"])
def test_labels_that_the_task_has_not_are_added_or_dropped(
    project: ProjectFile, tmp_path: Path, import_file: Import, what: str
) -> None:
    path = write(
        tmp_path,
        {"text": "Ms Okafor took Aspirin", "spans": [[3, 9, "per"], [15, 22, "DRUG"]]},
        {"text": "Aspirin", "spans": [[0, 7, "Drug"]]},
    )
    with pytest.raises(KnownError, match="has a label that the task “s” has not: “DRUG” \\(2\\)"):
        import_file(project, path)
    assert texts_of(project) == []
    report = import_file(project, path, unknown_labels=what)
    assert report.problems[0].reason == "a label differs from the task's in case or spaces"
    if what == "add":
        assert report.labels_added == ("DRUG",)
        assert passages(project) == [[(3, 9, "PER"), (15, 22, "DRUG")], [(0, 7, "DRUG")]]
    else:
        assert passages(project) == [[(3, 9, "PER")], None]
    assert check_project(project) == []


def test_line_ends_and_odd_characters_move_no_passage(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    text = "Dear\r\nMs\x00 Okafor,\x0c\u2028e\u0301 😀\ud83d 3 March\x07."
    wanted = ["Okafor", "3 March"]
    spans = [[text.index(word), text.index(word) + len(word), label]
             for word, label in zip(wanted, ("PER", "DATE"), strict=True)]  # fmt: skip
    control = text.index("\x07")
    spans.append([control, control + 1, "DATE"])
    report = import_file(project, write(tmp_path, {"text": text, "spans": spans}))
    (stored,) = texts_of(project)
    assert stored.content.startswith("Dear\r\nMs Okafor,\n")
    assert [stored.content[span.start : span.end] for span in stored.spans] == wanted
    assert "with its only, unusable characters" in report.problems[0].reason


def test_doccano_examples(project: ProjectFile, data: Path, import_file: Import) -> None:
    folder = data / "interchange/doccano"
    report = import_file(project, folder / "sequence_labeling_example.jsonl", unknown_labels="add")
    assert (report.read, report.imported, report.refused, report.labelled) == (3, 2, 1, 1)
    report = import_file(project, folder / "sequence_labeling_example_overlapping.jsonl")
    assert report.problems[0].reason == "the passage 0–1 “LOC” is there twice and was taken once"
    assert passages(project) == [[(0, 1, "LOC")], None, [(0, 1, "LOC")]]


def test_a_preview_counts_the_labels_of_passages(tmp_path: Path) -> None:
    path = write(tmp_path, {"text": "a b c", "label": "x", "spans": [[0, 1, "A"], [2, 3, "A"]]})
    preview = preview_file(path, kind="spans")
    assert (preview.label_column, preview.labels) == ("spans", {"A": 2})
    assert preview_file(path).label_column == "label"


characters = st.one_of(
    st.sampled_from(list("\"',;|#\t\n\r =[]{}😀é\u0301\u202eאب\u2028\x85\ufeff\x00\x0b\x7f")),
    st.characters(codec="utf-8", exclude_categories=["Cs"]),
)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Passage]]:
    text = draw(st.text(characters, min_size=1, max_size=30).filter(lambda text: text.strip()))
    offsets = st.integers(0, len(text))
    bounds = st.tuples(offsets, offsets).filter(lambda pair: pair[0] < pair[1])
    drawn = draw(st.lists(st.tuples(bounds, st.sampled_from(["PER", "DATE"])), max_size=4))
    return text, [(start, end, label) for (start, end), label in drawn]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(marked_texts(), min_size=1, max_size=4), format=st.sampled_from(["jsonl", "csv"])
)
def test_import_store_export_import_keeps_every_passage(
    import_file: Import, export_file: Export, rows: list[tuple[str, list[Passage]]], format: str
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        records = [{"text": text, "spans": spans} for text, spans in rows]
        stored: list[tuple[list[str], list[list[Passage] | None]]] = []
        source = write(folder, *records)
        for turn in ("first", "second"):
            path = folder / f"{turn}.glossator"
            with create_project(path, labels=["PER", "DATE"], kind="spans") as project:
                import_file(project, source, text_column="text")
                source = folder / f"{turn}.{format}"
                stored.append(([text.content for text in texts_of(project)], passages(project)))
                export_file(project, source, format=format)
                assert check_project(project) == []
        assert stored[0] == stored[1]
        usable = [row for row in rows if any(map(_storable, row[0].strip()))]
        kept = iter(zip(*stored[0], strict=True))
        for text, spans in usable:
            content, found = next(kept)
            covered = sorted({(_clean(text[start:end]), label) for start, end, label in spans})
            assert content == _clean(text)
            marked = {(content[start:end], label) for start, end, label in found or []}
            assert sorted(marked) == [pair for pair in covered if pair[0]]


def _storable(character: str) -> bool:
    return _clean(character).strip() != ""


def _clean(text: str) -> str:
    """The text as it can be stored, by the rule in words: controls go, page breaks break lines."""
    text = text.replace("\x0b", "\n").replace("\x0c", "\n")
    return "".join(char for char in text if char in "\t\n\r" or not (char < " " or char == "\x7f"))
