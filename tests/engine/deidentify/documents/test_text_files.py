"""Plain text, tables and JSON keep every byte outside what is replaced."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core.errors import KnownError
from engine.deidentify.documents.cells import CellScanner
from engine.deidentify.documents.opening import ALL_FIELDS, open_document
from engine.interchange.csv_dialect import CsvDialect

Masked = Callable[..., list[Any]]
quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def replaced(path: Path, edits: Any, **options: Any) -> bytes:
    document = open_document(path, **options)
    target = path.with_name(f"out{path.suffix}")
    document.write(target, edits(document) if callable(edits) else edits, overwrite=True)
    return target.read_bytes()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp1251", "cp932"]
)
def test_encoding_mark_and_line_ends_stay(tmp_path: Path, masked: Masked, encoding: str) -> None:
    words = {"cp1251": "Уважаемая госпожа Окафор,", "cp932": "親愛なるオカフォー様、"}
    start = words.get(encoding, "Sehr geehrte Frau Böhm,")
    text = f"{start}\r\nI write to you.\nYours,\rOkafor 5 \u00b0\r\n"
    if encoding not in ("cp1251", "cp932"):
        text += "größer für Übung\n"
    path = tmp_path / "letter.txt"
    path.write_bytes(text.encode(encoding))
    new = replaced(path, lambda document: masked(document, "Okafor", "[PER]"))
    assert new == text.replace("Okafor", "[PER]").encode(encoding)


def test_damaged_bytes_stay(tmp_path: Path, masked: Masked) -> None:
    path = tmp_path / "letter.txt"
    content = ("Überweisung für Frau Böhm größer\n" * 4).encode() + b"\xff\xfe Okafor \x80\x81\n"
    path.write_bytes(content)
    assert "\ufffd\ufffd Okafor" in open_document(path).texts[0]
    new = replaced(path, lambda document: masked(document, "Okafor", "X"))
    assert new == content.replace(b"Okafor", b"X")


def test_half_characters_of_double_bytes_stay(tmp_path: Path, masked: Masked) -> None:
    # NEC and IBM numbered the same characters twice, and a round trip keeps only one number.
    start, end = "拝啓、岡本様におかれましてはご清栄のことと\n", "岡本\n"
    twice = b"\xed\x40\xfa\x5c"
    content = start.encode("cp932") + twice + end.encode("cp932") + twice
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    name = "岡本"
    assert sum(text.count(name) for text in open_document(path).texts) == 2
    new = replaced(path, lambda document: masked(document, name, "X"))
    assert new == content.replace(name.encode("cp932"), b"X")


def test_a_new_text_that_the_encoding_lacks(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes("Frau Böhm fährt für größere Übungen\n".encode("cp1252"))
    document = open_document(path)
    target = tmp_path / "out.txt"
    (sentence,) = document.write(target, [[(5, 9, "Łucja")]])
    assert target.read_bytes().startswith(b"Frau *ucja f")
    assert "Windows-1252, lacks characters" in sentence


def test_a_very_long_file_is_cut_between_words(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    content = "some words of a story " * 100_000
    path.write_text(content, encoding="utf-8")
    document = open_document(path)
    assert "".join(document.texts) == content
    assert len(document.texts) == 3
    assert all(text.endswith(" ") for text in document.texts)
    last = document.texts[2]
    new = replaced(path, [[], [], [(len(last) - 6, len(last) - 1, "tale")]])
    assert new == (content[:-6] + "tale ").encode()


CELL = st.text(st.sampled_from('ab "",;\r\nä'), max_size=6)


@quick
@given(rows=st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=5), spaced=st.booleans())
def test_cells_are_those_that_the_standard_library_reads(
    rows: list[list[str]], spaced: bool
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    text = out.getvalue()
    dialect = CsvDialect(",", ("a",), False, spaced)
    read = csv.reader(io.StringIO(text, newline=""), skipinitialspace=spaced)
    expected = [row for row in read if any(cell.strip() for cell in row)]
    found = list(CellScanner(dialect).rows(text))
    assert [[cell.value for cell in row] for row in found] == expected


@quick
@given(text=st.text(st.sampled_from('ab",;\n\r '), max_size=30))
def test_any_notation_is_read_as_the_standard_library_reads_it(text: str) -> None:
    scanner = CellScanner(CsvDialect(",", ("a",), False))
    rows = list(scanner.rows(text))
    if any(cell.broken for row in rows for cell in row):
        return
    read = csv.reader(io.StringIO(text, newline=""))
    expected = [row for row in read if any(cell.strip() for cell in row)]
    assert [[cell.value for cell in row] for row in rows] == expected


@quick
@given(data=st.data(), rows=st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=4))
def test_a_table_says_the_same_but_for_its_edits(
    tmp_path: Path, data: st.DataObject, rows: list[list[str]]
) -> None:
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["text", "note"], ["x", "y"], *rows])
    document = open_document(path)
    edits = []
    for text in document.texts:
        start = data.draw(st.integers(0, len(text) - 1))
        new = data.draw(st.sampled_from(["", "P", 'Q"', "R,\n"]))
        edits.append([(start, len(text), new)] if data.draw(st.booleans()) else [])
    said = [
        text[: change[0][0]] + change[0][2] if change else text
        for text, change in zip(document.texts, edits, strict=True)
    ]
    target = tmp_path / "out.csv"
    document.write(target, edits, overwrite=True)
    with target.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell.strip()] == [text for text in said if text.strip()]


def test_cells_that_do_not_change_stay_as_they_are_written(tmp_path: Path, masked: Masked) -> None:
    path = tmp_path / "table.csv"
    content = b'\xef\xbb\xbftext; "by" ;note\r\n"Ms ""Ada"" Okafor";"x";Okafor\r\n\r\nb;5"c;  \r\n'
    path.write_bytes(content)
    new = replaced(path, lambda document: masked(document, "Okafor", "a;b"))
    assert new == content.replace(b'Okafor";', b'a;b";').replace(b";Okafor", b';"a;b"')


def test_only_the_column_asked_for_is_looked_into(tmp_path: Path, masked: Masked) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b'name,text\nAda,Ada wrote\nAda,so,Ada wrote\n"Ada,wrote\n')
    document = open_document(path, text_column="Text")
    # A row too long and a line without an end are looked into as a whole.
    assert document.texts == ("Ada wrote", "Ada", "so", "Ada wrote", '"Ada,wrote')
    target = tmp_path / "out.csv"
    told = document.write(target, masked(document, "Ada", "X"))
    assert target.read_bytes() == b'name,text\nAda,X wrote\nX,so,X wrote\n"X,wrote\n'
    assert told == ("Only the column “text” was looked into; all others are as they were.",)
    with pytest.raises(KnownError, match="has no column “letter”"):
        open_document(path, text_column="letter")


def test_json_keeps_order_numbers_and_notation(tmp_path: Path, masked: Masked) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [
        '{"id": 1.50,  "text": "J\\u00fcrgen Okafor", "meta": {"text": "Okafor"}}',
        '{"text": ["Okafor", {"Okafor": "Ökafor Okafor"}], "id": 2e3}\r',
        "",
        '{"text": "Okafor", broken',
        '"Okafor"',
    ]
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    document = open_document(path)
    assert len(document.texts) == 5
    target = tmp_path / "out.jsonl"
    told = document.write(target, masked(document, "Okafor", "Ä"))
    assert told == ("Only the field “text” was looked into; all others are as they were.",)
    assert target.read_bytes().decode("utf-8").split("\n") == [
        '{"id": 1.50,  "text": "J\\u00fcrgen \\u00c4", "meta": {"text": "Okafor"}}',
        '{"text": ["\\u00c4", {"Okafor": "Ökafor Ä"}], "id": 2e3}\r',
        "",
        '{"text": "Ä", broken',
        '"\\u00c4"',
    ]


def test_every_string_of_json(tmp_path: Path, masked: Masked) -> None:
    path = tmp_path / "rows.json"
    rows = [{"text": "Okafor", "meta": {"Okafor": ["Okafor", 5, None]}}, {"by": "Okafor \ud83d"}]
    path.write_text(json.dumps(rows, indent=2), encoding="utf-8")
    document = open_document(path, text_column=ALL_FIELDS)
    assert document.texts == ("Okafor", "Okafor", "Okafor \ufffd")
    new = replaced(path, lambda document: masked(document, "Okafor", 'a"b'), text_column=ALL_FIELDS)
    assert json.loads(new) == [
        {"text": 'a"b', "meta": {"Okafor": ['a"b', 5, None]}},
        {"by": 'a"b \ud83d'},
    ]
    assert open_document(path, text_column="by").texts == ("Okafor \ufffd",)


def test_a_letter_has_no_column(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ms Okafor", encoding="utf-8")
    with pytest.raises(KnownError, match="is no table, so it has no column “text”"):
        open_document(path, text_column="text")


def test_long_numbers_of_json_are_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "call 1234567", "phone": 49301234567, "n": 12}\n', encoding="utf-8")
    document = open_document(path, text_column=ALL_FIELDS)
    assert document.write(tmp_path / "out.jsonl", [[]]) == (
        "rows.jsonl has 1 number of seven digits or more outside of its texts; numbers are as they "
        "were.",
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "by its content, it is a picture"),
        ("a.csv", b"PK\x03\x04 word/document.xml", "by its content, it is a Word document"),
        ("a.pdf", b"Dear Ms Okafor", "is of no kind whose passages can be replaced"),
        ("a.json", b'{"text": "a"}\n', ""),
        ("a.json", b'[{"text": "a"},', "is not valid JSON"),
        ("a.txt", b"\xff\xfe\x00\xd8\x00\xd8\x00\xd8a\x00", "its encoding is unknown"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    with pytest.raises(KnownError, match="There is no file"):
        open_document(path)
    path.write_bytes(content)
    if not words:
        assert open_document(path).texts == ("a",)
        return
    with pytest.raises(KnownError, match=words):
        open_document(path)
