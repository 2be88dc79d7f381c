"""A list of names in a text file, as people have them."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.interchange.entries import read_entries

NAMES = "Jürgen Weiß\r\n\r\n Jane   Okafor \r\nJürgen Weiß\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_lines_are_entries_in_whatever_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(NAMES.encode(encoding))
    assert read_entries(path) == ("Jürgen Weiß", "Jane Okafor")


def test_a_broken_byte_loses_no_other_entry(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("Żaneta\nŁukasz\nŚwięta\nGrażyna\n".encode() + b"Bro\xffken\n")
    assert read_entries(path) == ("Żaneta", "Łukasz", "Święta", "Grażyna", "Bro�ken")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n \n", "has no entries"),
        (codecs.BOM_UTF8 + b"\n", "has no entries"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04word/", "a Word document"),
    ],
)
def test_what_is_no_list_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(content)
    with pytest.raises(KnownError, match=words):
        read_entries(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="There is no file"):
        read_entries(tmp_path / "absent.txt")
    with pytest.raises(KnownError, match="is a folder"):
        read_entries(tmp_path)
