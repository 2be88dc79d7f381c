"""JSON Lines go on after a broken line; a JSON array is whole or refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.interchange.jsonl_format import JsonArrayReader, JsonLinesReader
from engine.interchange.raw_row import RawRow


def lines(folder: Path, content: str | bytes, encoding: str = "utf-8") -> list[RawRow]:
    path = folder / "rows.jsonl"
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    reader = JsonLinesReader(path, encoding)
    try:
        return list(reader)
    finally:
        reader.close()


def array(folder: Path, content: str) -> list[RawRow]:
    path = folder / "rows.json"
    path.write_text(content, encoding="utf-8")
    reader = JsonArrayReader(path, "utf-8")
    try:
        return list(reader)
    finally:
        reader.close()


def test_a_broken_line_is_refused_with_its_line_and_reading_goes_on(tmp_path: Path) -> None:
    rows = lines(tmp_path, '{"text": "a"}\n\n{"text": oops}\n[1]\n{"text": "b"}')
    assert [row.fields.get("text") for row in rows] == ["a", None, None, "b"]
    assert [row.row for row in rows] == [1, 2, 3, 4]
    assert rows[1].problem == "line 3 is not valid JSON (Expecting value at character 10)"
    assert rows[2].problem == "line 4 is not a JSON object"


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    (row,) = lines(tmp_path, '{"text": "a\u2028b\x85c"}\r\n')
    assert row.fields == {"text": "a\u2028b\x85c"}


def test_plain_strings_are_texts(tmp_path: Path) -> None:
    assert [row.fields for row in lines(tmp_path, '"one"\n"two"\n')] == [
        {"text": "one"},
        {"text": "two"},
    ]


def test_numbers_that_json_has_not_become_null(tmp_path: Path) -> None:
    (row,) = lines(tmp_path, '{"text": "a", "score": NaN}')
    assert row.fields == {"text": "a", "score": None}


def test_nesting_and_number_bombs_are_refused_rows(tmp_path: Path) -> None:
    rows = lines(tmp_path, "[" * 200_000 + "\n" + "9" * 5_000 + '\n{"text": "after"}\n')
    assert [bool(row.problem) for row in rows] == [True, True, False]


@pytest.mark.parametrize("size", [1, 3, 5_000])
def test_an_array_is_read_item_by_item(tmp_path: Path, size: int) -> None:
    items = [{"text": f"Nr. {number} “😀” \\ \n" + "x" * (number % 70)} for number in range(size)]
    for text in (json.dumps(items), json.dumps(items, indent=2, ensure_ascii=False)):
        assert [row.fields for row in array(tmp_path, text)] == items


def test_an_item_may_be_larger_than_the_buffer(tmp_path: Path) -> None:
    items = [{"text": "x" * 400_000}, {"text": "y"}, 5, "z"]
    rows = array(tmp_path, json.dumps(items))
    assert [len(row.fields.get("text", "")) for row in rows] == [400_000, 1, 0, 1]
    assert rows[2].problem == "item 3 is not a JSON object"


def test_an_empty_array_has_no_rows(tmp_path: Path) -> None:
    assert array(tmp_path, " [ ] ") == []


@pytest.mark.parametrize(
    "content",
    ['[{"text": "a"},\n{"text": }]', '[{"text": "a"}\n{"text": "b"}]', '[{"text": "a"},\n{"te'],
)
def test_a_broken_array_is_refused_with_its_line(tmp_path: Path, content: str) -> None:
    with pytest.raises(KnownError, match=r"rows\.json is not valid JSON from line 2 on"):
        array(tmp_path, content)
