"""An import keeps account of every row, and does all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.interchange.importing import import_texts
from engine.project.counters import get_counts
from engine.project.journal import redo, undo
from engine.project.project import ProjectFile
from engine.project.reading import list_text_ids
from engine.project.rows import ImportReport, TextDetail
from engine.project.tasks import read_tasks
from engine.project.text_rows import get_texts
from engine.service.commands import ImportTexts

Import = Callable[..., ImportReport]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def texts_of(project: ProjectFile) -> list[TextDetail]:
    task = read_tasks(project.connection)[0]
    return get_texts(project.connection, task.id, list_text_ids(project.connection, task.id))


def labels_of(project: ProjectFile) -> list[list[str]]:
    task = read_tasks(project.connection)[0]
    return [[task.label(label).name for label in text.row.label_ids] for text in texts_of(project)]


def label_names(project: ProjectFile) -> list[str]:
    return [label.name for label in read_tasks(project.connection)[0].labels]


def balance(report: ImportReport) -> bool:
    return report.read == report.imported + report.refused + report.duplicates


def test_texts_arrive_with_labels_splits_documents_and_metadata(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(
        tmp_path,
        "a.jsonl",
        '{"text": " Good. ", "label": "positive", "split": "dev", "document": "D1", "stars": 5,'
        ' "meta": {"by": "A"}}\n'
        '{"text": "Bad.", "label": null}\n',
    )
    report = import_file(project, path)
    assert (report.read, report.imported, report.labelled) == (2, 2, 1)
    assert report.encoding == "UTF-8"
    first, second = texts_of(project)
    assert first.content == " Good. "
    assert first.row.split == "validation"
    assert (first.document, first.meta) == ("D1", {"by": "A", "stars": 5})
    assert (first.row.source, first.row.source_row) == ("a.jsonl", 1)
    assert labels_of(project) == [["positive"], []]
    assert not second.row.labelled


def test_every_row_is_accounted_for(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(
        tmp_path,
        "a.jsonl",
        b'{"text": "Good.", "label": " POSITIVE"}\n'
        b"{oops}\n"
        b'{"text": "  ", "label": "positive"}\n'
        b'{"text": 7}\n'
        b'{"text": "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa9 bell\\u0007 page\\u000cbreak \xff"}\n'
        b'{"text": "Both.", "label": ["positive", "negative"]}\n'
        b'{"text": "' + b"x" * 1_000_001 + b'"}\n'
        b'{"text": "Spans.", "label": [[0, 1, "ORG"]]}\n',
    )
    report = import_file(project, path)
    assert balance(report)
    assert (report.read, report.imported, report.repaired, report.refused) == (8, 2, 2, 6)
    reasons = {problem.row: (problem.kind, problem.reason) for problem in report.problems}
    assert reasons[1] == ("repaired", "its label differs from the task's in case or spaces")
    assert "line 2 is not valid JSON" in reasons[2][1]
    assert reasons[3] == ("refused", "it has no text")
    assert reasons[4] == ("refused", "its text is a number, not a string")
    assert reasons[5] == (
        "repaired",
        "1 damaged character replaced by “\ufffd”; 1 page break replaced by a new line; "
        "1 control character removed",
    )
    assert "it has 2 labels" in reasons[6][1]
    assert "1,000,001 characters" in reasons[7][1]
    assert "mark passages" in reasons[8][1]
    assert [text.content for text in texts_of(project)] == [
        "Good.",
        "äöüßé bell page\nbreak \ufffd",
    ]


def test_the_same_rows_again_are_duplicates_and_equal_texts_of_other_rows_are_not(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(tmp_path, "a.csv", "text,label\nsame,positive\nsame,positive\nother,Negative\n")
    assert import_file(project, path).imported == 3
    again = import_file(project, path)
    assert (again.imported, again.duplicates, again.repaired) == (0, 3, 0)
    assert balance(again)
    write(tmp_path, "a.csv", "text,label\nsame,positive\nsame,positive\nnew,negative\n")
    changed = import_file(project, path)
    assert (changed.imported, changed.duplicates) == (1, 2)


def test_unknown_labels_stop_the_import_before_it_begins(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    rows = "".join(f"text {number},{'abcdefg'[number % 7]}\n" for number in range(15))
    path = write(tmp_path, "a.csv", "text,label\n" + rows)
    with pytest.raises(KnownError) as refusal:
        import_file(project, path)
    message = refusal.value.message
    assert "has 7 labels that the task" in message
    assert "“a” (3), “b” (2)" in message
    assert "and 2 more; nothing was imported" in message
    assert "(--add-labels)" in message
    assert texts_of(project) == []


def test_unknown_labels_are_added_with_the_import_and_undone_with_it(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(tmp_path, "a.csv", "text,label\na,mixed\nb,Mixed\nc,positive\n")
    report = import_file(project, path, unknown_labels="add")
    assert report.labels_added == ("mixed",)
    assert labels_of(project) == [["mixed"], ["mixed"], ["positive"]]
    undo(project)
    assert texts_of(project) == []
    assert label_names(project) == ["positive", "negative"]
    redo(project)
    assert labels_of(project) == [["mixed"], ["mixed"], ["positive"]]


def test_unknown_labels_are_dropped_when_asked_for(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(tmp_path, "a.csv", "text,label\na,mixed\nb,positive\n")
    report = import_file(project, path, unknown_labels="drop")
    assert (report.imported, report.labelled) == (2, 1)
    assert labels_of(project) == [[], ["positive"]]


def test_a_column_of_hundreds_of_values_is_not_taken_for_labels(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    rows = "".join(f"text {number},id {number}\n" for number in range(501))
    path = write(tmp_path, "a.csv", "text,label\n" + rows)
    with pytest.raises(KnownError, match="501 different values"):
        import_file(project, path, unknown_labels="add")


def test_a_split_can_be_given_for_all_rows(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(tmp_path, "a.csv", "text,split\na,train\nb,train\n")
    import_file(project, path, split="test")
    assert [text.row.split for text in texts_of(project)] == ["test", "test"]


def test_a_row_with_an_unknown_split_is_refused(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(tmp_path, "a.csv", "text,part\na,train\nb,half\nc,\n")
    report = import_file(project, path, split_column="part")
    assert (report.imported, report.refused) == (2, 1)
    assert report.problems[0].reason == "“half” is not train, validation or test"


@pytest.mark.parametrize("options", [{"split": "dev"}, {"unknown_labels": "maybe"}])
def test_options_are_checked(
    project: ProjectFile, tmp_path: Path, import_file: Import, options: dict[str, str]
) -> None:
    with pytest.raises(KnownError):
        import_file(project, write(tmp_path, "a.csv", "text\na\n"), **options)


def test_labels_of_a_rejected_suggestion_are_not_gold(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(
        tmp_path,
        "a.jsonl",
        '{"text": "a", "label": "positive", "_task_hash": 1, "answer": "reject"}\n'
        '{"text": "b", "label": "positive", "_task_hash": 2, "answer": "accept"}\n',
    )
    report = import_file(project, path)
    assert labels_of(project) == [[], ["positive"]]
    assert report.problems[0].reason == "its label was rejected by the annotator and left out"


def test_an_empty_list_is_no_answer_unless_the_file_says_so(
    multi_label_project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(
        tmp_path,
        "a.jsonl",
        '{"text": "a", "labels": []}\n{"text": "b", "labels": [], "labelled": true}\n',
    )
    import_file(multi_label_project, path)
    assert [text.row.labelled for text in texts_of(multi_label_project)] == [False, True]


def test_a_broken_array_leaves_nothing_behind(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    items = ",\n".join(f'{{"text": "Text number {number}"}}' for number in range(6000))
    path = write(tmp_path, "a.json", f"[{items},\n{{]")
    with pytest.raises(KnownError, match="not valid JSON from line 6001 on"):
        import_file(project, path)
    assert texts_of(project) == []
    assert get_counts(project.connection, read_tasks(project.connection)[0].id).texts == 0


def test_a_file_that_vanishes_half_way_leaves_nothing_behind(
    project: ProjectFile, tmp_path: Path
) -> None:
    path = write(tmp_path, "a.csv", "text,label\n" + "a,positive\n" * 20_000)
    work = import_texts(project, ImportTexts(str(path), read_tasks(project.connection)[0].id))
    next(work)
    path.unlink()
    with pytest.raises(KnownError, match=r"a\.csv"):
        for _ in work:
            pass
    assert texts_of(project) == []


def test_closing_the_import_takes_it_back_and_slices_are_small(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(tmp_path, "a.csv", "text\n" + "".join(f"text {n}\n" for n in range(5000)))
    task = read_tasks(project.connection)[0]
    work = import_texts(project, ImportTexts(str(path), task.id))
    progress = [next(work) for _ in range(4)]
    assert 0 < progress[-1].rows < 5000
    work.close()
    assert texts_of(project) == []
    assert import_file(project, path).imported == 5000


def test_more_than_a_thousand_problems_are_counted_but_not_kept(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    report = import_file(project, write(tmp_path, "a.jsonl", '{"text": ""}\n' * 1200 + '"a"\n'))
    assert (len(report.problems), report.problems_total, report.refused) == (1000, 1200, 1200)
