"""Files as other programs and public data sets have them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.interchange.preview import preview_file
from engine.project.counters import get_counts
from engine.project.project import ProjectFile
from engine.project.rows import ImportReport
from engine.project.tasks import read_tasks

Import = Callable[..., ImportReport]


def test_doccano_csv_with_empty_cells(
    project: ProjectFile, data: Path, import_file: Import
) -> None:
    report = import_file(project, data / "interchange/doccano/text_classification_example.csv")
    assert (report.read, report.imported, report.refused, report.labelled) == (4, 2, 2, 1)


def test_doccano_csv_in_utf16(project: ProjectFile, data: Path, import_file: Import) -> None:
    report = import_file(project, data / "interchange/doccano/example.utf16.csv")
    assert (report.imported, report.labelled, report.encoding) == (3, 3, "UTF-16")


def test_doccano_csv_with_a_cell_too_many(
    project: ProjectFile, data: Path, import_file: Import
) -> None:
    path = data / "interchange/doccano/text_classification_example.invalid.2.csv"
    report = import_file(project, path)
    assert (report.read, report.imported, report.refused, report.labelled) == (3, 2, 1, 2)


def test_doccano_lists_of_labels(
    multi_label_project: ProjectFile, data: Path, import_file: Import
) -> None:
    path = data / "interchange/doccano/text_classification_example.jsonl"
    report = import_file(multi_label_project, path)
    assert (report.imported, report.labelled, report.refused) == (3, 2, 0)


def test_doccano_spans_are_refused_as_labels_of_texts_but_the_texts_can_be_had(
    project: ProjectFile, data: Path, import_file: Import
) -> None:
    path = data / "interchange/doccano/sequence_labeling_example.jsonl"
    assert import_file(project, path).imported == 1
    assert import_file(project, path, label_column="").imported == 1


def test_prodigy_answers(project: ProjectFile, data: Path, import_file: Import) -> None:
    path = data / "interchange/prodigy/github_issues_textcat.jsonl"
    accepted = path.read_text(encoding="utf-8").count('"answer":"accept"')
    report = import_file(project, path, unknown_labels="add")
    assert report.labels_added == ("DOCUMENTATION",)
    assert (report.imported, report.labelled) == (200, accepted)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("doccano/text_classification_example.xlsx", "an Excel workbook"),
        ("label_studio/sentiment.json", "not clear which column"),
    ],
)
def test_what_is_not_read_yet_is_refused_in_a_sentence(
    project: ProjectFile, data: Path, import_file: Import, name: str, words: str
) -> None:
    with pytest.raises(KnownError, match=words):
        import_file(project, data / "interchange" / name)


def test_ten_thousand_questions_with_77_intents(
    project: ProjectFile, data: Path, import_file: Import
) -> None:
    report = import_file(project, data / "banking77/train.csv", unknown_labels="add")
    assert (report.read, report.imported, report.labelled) == (10_003, 10_003, 10_003)
    assert len(report.labels_added) == 77


def test_rotten_tomatoes_in_three_files(
    project: ProjectFile, data: Path, import_file: Import
) -> None:
    for split in ("train", "validation", "test"):
        report = import_file(project, data / f"rotten_tomatoes/{split}.jsonl", split=split)
        assert report.refused == 0
    counts = get_counts(project.connection, read_tasks(project.connection)[0].id)
    assert {split: labelled for split, (_, labelled) in counts.by_split.items()} == {
        "train": 8530,
        "validation": 1066,
        "test": 1066,
    }


def test_a_preview_shows_what_an_import_would_take(data: Path) -> None:
    preview = preview_file(data / "banking77/train.csv")
    assert (preview.format, preview.delimiter, preview.encoding) == ("csv", ",", "UTF-8")
    assert (preview.text_column, preview.label_column) == ("text", "category")
    assert (len(preview.rows), len(preview.labels), preview.whole) == (20, 77, True)
    assert preview.labels["card_arrival"] == 153
