"""What a file is told to be, and the one sentence that refuses what cannot be read."""

from __future__ import annotations

import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.interchange.detect import DetectedFile
from engine.interchange.detect import detect_file_at_once as detect
from engine.interchange.raw_row import RawRow

LETTER = "Sehr geehrte Damen und Herren, ich möchte über die Prüfung des Vertrags im März Auskunft."


def rows_of(detected: DetectedFile) -> list[RawRow]:
    with closing(detected.open()) as reader:
        return list(reader)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (LETTER, "utf-8", "UTF-8"),
        (LETTER, "utf-8-sig", "UTF-8"),
        (LETTER, "utf-16", "UTF-16"),
        (LETTER, "utf-16-le", "UTF-16"),
        (LETTER, "utf-16-be", "UTF-16"),
        (LETTER, "utf-32", "UTF-32"),
        (LETTER, "cp1252", "Windows-1252"),
        ("It’s “quoted” – and costs €5 …", "cp1252", "Windows-1252"),
        (
            "Le médecin a prescrit à l'hôpital une thérapie ; garçon, œuvre",
            "cp1252",
            "Windows-1252",
        ),
        ("Zażółć gęślą jaźń, proszę o wypłatę odszkodowania", "cp1250", "Windows-1250"),
        ("Прошу сообщить о состоянии моего заявления", "cp1251", "Windows-1251"),
    ],
)
def test_encoding_is_found_and_decodes_to_the_same_text(
    tmp_path: Path, text: str, encoding: str, expected: str
) -> None:
    path = write(tmp_path, "letters.csv", f'text,label\n"{text}",a\n'.encode(encoding))
    detected = detect(path)
    assert detected.encoding_name == expected
    (row,) = rows_of(detected)
    assert row.fields == {"text": text, "label": "a"}


def test_a_damaged_byte_does_not_make_utf8_something_else(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", ("text\n" + LETTER * 9).encode() + b"\xff\n")
    assert detect(path).encoding == "utf-8"


def test_encoding_is_decided_by_the_whole_file_not_its_beginning(tmp_path: Path) -> None:
    plain = b"text\n" + b"no accents at all here\n" * 100_000
    path = write(tmp_path, "late.csv", plain + "Müller möchte Auskunft\n".encode("cp1252"))
    assert detect(path).encoding_name == "Windows-1252"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "text,label\na,b\n", ("csv", ",")),
        ("a.csv", "text;label\na, so;b\n", ("csv", ";")),
        ("a.csv", "text\tlabel\na, so\tb\n", ("csv", "\t")),
        ("a.tsv", "text\tlabel\na, so\tb\n", ("tsv", "\t")),
        ("a.txt", "text|label\na|b\n", ("csv", "|")),
        ("a.jsonl", '{"text": "a"}\n', ("jsonl", None)),
        ("a.json", '[{"text": "a"}]', ("json", None)),
        ("a.json", '{"text": "a"}\n{"text": "b"}\n', ("jsonl", None)),
        ("a.jsonl", '[\n {"text": "a"}\n]', ("json", None)),
        ("a.csv", '{"text": "a", "label": "b"}\n', ("jsonl", None)),
    ],
)
def test_format_follows_content_and_name(
    tmp_path: Path, name: str, content: str, expected: tuple[str, str | None]
) -> None:
    detected = detect(write(tmp_path, name, content))
    assert (detected.format, detected.dialect and detected.dialect.delimiter) == expected


def test_a_text_with_commas_in_a_single_column_stays_one_column(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "text\nFirst, second, third\nOne\n")
    assert detect(path).dialect.columns == ("text",)


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ("text,label\na,b\n", ("text", "label")),
        ("It never came.,bad\nIt came at once.,good\nAll fine here.,good\n", None),
        ("Schreiben,Art\nDas Paket kam nie bei mir an.,x\nAlles gut gelaufen bisher.,y\n",
         ("Schreiben", "Art")),
        ("id,id,\n1,2,3\n", ("id", "id (2)", "column 3")),
    ],
)  # fmt: skip
def test_a_header_is_told_from_data(
    tmp_path: Path, content: str, columns: tuple[str, ...] | None
) -> None:
    dialect = detect(write(tmp_path, "a.csv", content)).dialect
    if columns is None:
        assert not dialect.has_header
        assert dialect.columns == ("column 1", "column 2")
    elif columns[0] == "id":
        assert dialect.columns == ("column 1", "column 2", "column 3")
    else:
        assert dialect.columns == columns


def test_what_is_not_text_is_named(tmp_path: Path) -> None:
    workbook = tmp_path / "letters.csv"
    with zipfile.ZipFile(workbook, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(KnownError, match=r"letters\.csv cannot be imported: it is an Excel"):
        detect(workbook)
    for content, words in [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"SQLite format 3\x00...", "a database"),
        (b"\x1f\x8b\x08...", "compressed with gzip"),
        (b"PAR1....", "a Parquet file"),
        (bytes(range(256)) * 20, "binary data"),
    ]:
        with pytest.raises(KnownError, match=words):
            detect(write(tmp_path, "x.csv", content))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", "", "empty.csv is empty."),
        ("blank.jsonl", " \n\n", "blank.jsonl is empty."),
        ("one.json", '{\n "texts": ["a"]\n}', "holds one JSON object"),
        ("notes.md", "# Some notes\n\nHello, world.\n", "of no format this program reads"),
    ],
)
def test_refusals_are_one_sentence(tmp_path: Path, name: str, content: str, sentence: str) -> None:
    with pytest.raises(KnownError) as refusal:
        detect(write(tmp_path, name, content))
    assert sentence in refusal.value.message
    assert "\n" not in refusal.value.message


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="There is no file"):
        detect(tmp_path / "nowhere.csv")
    with pytest.raises(KnownError, match="is a folder"):
        detect(tmp_path)
    with pytest.raises(KnownError, match="“xlsx” is not a format"):
        detect(write(tmp_path, "a.csv", "text\na\n"), "xlsx")
