"""new, import, export and search, as scripts use them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.api import Engine, OpenProject


def test_a_project_is_created_with_its_labels(glossator: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.glossator"
    outcome = glossator(
        "new", path, "--task", "classification", "--multi-label", "--labels", "a, b,c", "--json"
    )
    assert outcome.code == 0
    assert outcome.data["labels"] == ["a", "b", "c"]
    assert outcome.data["multi_label"] is True
    assert outcome.err == ""
    again = glossator("new", path, "--labels", "a")
    assert again.code == 1
    assert again.out == ""
    assert again.err.count("\n") == 1


def test_import_reports_what_became_of_every_row(
    glossator: Any, project: Path, tmp_path: Path
) -> None:
    file = tmp_path / "more.jsonl"
    file.write_text(
        '{"text": "Fine.", "label": "POSITIVE"}\n{"text": ""}\n{broken\n{"text": "So so."}\n',
        encoding="utf-8",
    )
    outcome = glossator("import", project, file, "--split", "test", "--json")
    assert outcome.code == 0
    report = outcome.data
    assert {"read", "imported", "repaired", "refused", "duplicates", "problems"} <= report.keys()
    assert (report["read"], report["imported"], report["repaired"]) == (4, 2, 1)
    assert report["read"] == report["imported"] + report["refused"] + report["duplicates"]
    assert [problem["row"] for problem in report["problems"]] == [2, 3, 1]
    assert "not valid JSON" in report["problems"][1]["reason"]
    assert glossator("import", project, file, "--json").data["duplicates"] == 2


def test_import_says_the_same_in_words(glossator: Any, project: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text("text,label\nFine.,positive\n,negative\n", encoding="utf-8")
    outcome = glossator("import", project, file)
    assert "Imported 1 text of 2 from more.csv: 1 labelled" in outcome.out
    assert "Row 2 was refused: it has no text." in outcome.out


def test_unknown_labels_are_named_and_added_on_request(
    glossator: Any, project: Path, tmp_path: Path
) -> None:
    file = tmp_path / "more.csv"
    file.write_text("text,label\nHm.,undecided\n", encoding="utf-8")
    refused = glossator("import", project, file, "--json")
    assert refused.code == 1
    assert "“undecided” (1)" in refused.data["error"]
    assert "--add-labels" in refused.data["error"]
    assert refused.err.strip() == refused.data["error"]
    assert glossator("import", project, file, "--add-labels", "--json").data["labels_added"] == [
        "undecided"
    ]


def test_export_and_import_again(glossator: Any, project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert glossator("export", project, out, "--format", "jsonl", "--json").data["rows"] == 2
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row["text"], row["label"]) for row in rows] == [
        ("Very good.", "positive"),
        ("Don't go!", "negative"),
    ]
    csv = tmp_path / "out.csv"
    assert glossator("export", project, csv).code == 0
    copy = tmp_path / "copy.glossator"
    glossator("new", copy, "--labels", "positive,negative")
    assert glossator("import", copy, csv, "--json").data["labelled"] == 2


@pytest.mark.parametrize("query", ["don't", '"go', "DON'T GO"])
def test_search_takes_any_characters(glossator: Any, project: Path, query: str) -> None:
    outcome = glossator("search", project, query, "--json")
    assert outcome.code == 0
    assert outcome.data["found"] == 1
    assert outcome.data["texts"][0]["labels"] == ["negative"]


def bad_inputs(folder: Path) -> dict[str, tuple[Path, str]]:
    """Files that cannot be imported, and what has to be said of them."""
    files: dict[str, tuple[bytes | None, str]] = {
        "missing.csv": (None, "There is no file"),
        "empty.csv": (b"", "is empty"),
        "binary.csv": (bytes(range(256)) * 9, "binary data"),
        "letters.pdf": (b"%PDF-1.7", "a PDF document"),
        "unclear.json": (b'{"a": 1,\n"b": 2}', "one JSON object"),
    }
    made = {}
    for name, (content, words) in files.items():
        if content is not None:
            (folder / name).write_bytes(content)
        made[name] = (folder / name, words)
    return made


def test_bad_input_is_one_sentence_and_exit_code_one(
    glossator: Any, project: Path, tmp_path: Path
) -> None:
    for path, words in bad_inputs(tmp_path).values():
        outcome = glossator("import", project, path)
        assert outcome.code == 1, path
        assert words in outcome.err
        assert outcome.err.count("\n") == 1
        assert "Traceback" not in outcome.err
    table = tmp_path / "table.csv"
    table.write_text("text,label\na,positive\n", encoding="utf-8")
    outcome = glossator("import", project, table, "--text-column", "body")
    assert "table.csv has no column “body”: its columns are “text”, “label”." in outcome.err


def test_bad_projects_are_one_sentence_and_exit_code_one(
    glossator: Any, tmp_path: Path, make_bad_project: Callable[[str], Path]
) -> None:
    for kind in ("missing", "empty", "text", "foreign database"):
        outcome = glossator("search", make_bad_project(kind), "word", "--json")
        assert outcome.code == 1, kind
        assert outcome.err.count("\n") == 1
        assert outcome.data["error"] == outcome.err.strip()


def test_a_project_that_is_open_elsewhere_is_refused(glossator: Any, project: Path) -> None:
    with Engine(suggestions=False) as engine:
        engine.submit(OpenProject(str(project))).result(timeout=30)
        outcome = glossator("search", project, "good", "--json")
    assert outcome.code == 1
    assert "open" in outcome.data["error"]
    assert glossator("search", project, "good").code == 0


@pytest.fixture
def make_bad_project(tmp_path: Path) -> Callable[[str], Path]:
    """Write a file that is no project."""

    def make(kind: str) -> Path:
        import sqlite3
        from contextlib import closing

        path = tmp_path / f"{kind}.glossator"
        if kind == "empty":
            path.touch()
        elif kind == "text":
            path.write_text("text,label\n", encoding="utf-8")
        elif kind == "foreign database":
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("CREATE TABLE t (x)")
        return path

    return make


def test_the_banking_questions_arrive_through_the_command_line(
    glossator: Any, tmp_path: Path, data: Path
) -> None:
    path = tmp_path / "banking.glossator"
    glossator("new", path, "--labels", "card_arrival,card_linking")
    report = glossator(
        "import", path, data / "banking77/test.csv", "--label-column", "category",
        "--add-labels", "--split", "test", "--json",
    )  # fmt: skip
    assert report.data["imported"] == 3080
    assert len(report.data["labels_added"]) == 75
    assert glossator("search", path, "card", "--limit", "1", "--json").data["found"] > 500
