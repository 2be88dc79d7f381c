"""What a file is before it is read: its format, its encoding, its columns' notation."""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.files import read_head
from engine.core.language import tr
from engine.interchange.binary_files import binary_kind
from engine.interchange.conll_format import (
    ConllNotation,
    ConllReader,
    find_notation,
    is_conll,
)
from engine.interchange.csv_dialect import CsvDialect, is_delimited, sniff_dialect
from engine.interchange.csv_format import CsvReader
from engine.interchange.encoding import ERRORS, find_encoding, utf_by_byte_order
from engine.interchange.jsonl_format import JsonArrayReader, JsonLinesReader
from engine.interchange.raw_row import RowReader

FORMATS = ("csv", "tsv", "jsonl", "json", "conll")
"""The formats that can be imported; "csv" has commas, semicolons or bars between its cells."""

_HEAD = 1 << 18  # bytes of the beginning that are looked at
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".conll": "conll",
    ".iob": "conll",
    ".iob2": "conll",
    ".bio": "conll",
}
_ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
}


@dataclass(frozen=True, slots=True)
class DetectedFile:
    """A file that can be read; `size` in bytes.

    `dialect` is only there for delimited formats, `notation` only for CoNLL.
    """

    path: Path
    size: int
    format: str
    encoding: str
    dialect: CsvDialect | None = None
    notation: ConllNotation | None = None

    @property
    def encoding_name(self) -> str:
        """The encoding in a person's words: "UTF-8", "Windows-1252"."""
        return _ENCODING_NAMES.get(self.encoding, self.encoding)

    def open(self) -> RowReader:
        """Open the file for reading its rows; close the reader afterwards."""
        if self.dialect is not None:
            return CsvReader(self.path, self.encoding, self.dialect)
        if self.notation is not None:
            return ConllReader(self.path, self.encoding, self.notation)
        if self.format == "json":
            return JsonArrayReader(self.path, self.encoding)
        return JsonLinesReader(self.path, self.encoding)


def detect_file(
    path: Path, format: str | None = None, *, asked: tuple[str, ...] = ()
) -> Generator[int, None, DetectedFile]:
    """Return what a file is; reads it to know its encoding and notation, and yields the bytes read.

    Args:
        path: the file.
        format: one of `FORMATS`, or None to tell by content and name.
        asked: names of columns that the person expects in it.

    Raises:
        KnownError: if it is missing, a folder, empty, unreadable, binary, or of no known format.
    """
    if format is not None and format not in FORMATS:
        raise KnownError(
            tr(
                "“{format}” is not a format this program reads: {formats}.",
                format=format,
                formats=", ".join(FORMATS),
            )
        )
    head = read_head(path, _HEAD, wanted=tr("a file of texts"))
    kind = binary_kind(head[:65536], utf16=bool(utf_by_byte_order(head)))
    if kind:
        raise KnownError(tr("{file} cannot be imported: it is {kind}.", file=path.name, kind=kind))
    try:
        encoding = yield from find_encoding(path)
        size = path.stat().st_size
    except OSError as error:
        raise KnownError(
            tr("{file} cannot be read: {reason}.", file=path.name, reason=error.strerror)
        ) from None
    text = _whole_lines(head.decode(encoding, ERRORS).lstrip("\ufeff"), cut=len(head) == _HEAD)
    if not text.strip():
        raise KnownError(tr("{file} is empty.", file=path.name))
    found = format or _format_of(path, text)
    if found == "tsv":
        return DetectedFile(path, size, found, encoding, sniff_dialect(text, ("\t",), asked=asked))
    if found == "csv":
        return DetectedFile(path, size, found, encoding, sniff_dialect(text, asked=asked))
    if found == "conll":
        notation = yield from find_notation(path, encoding)
        return DetectedFile(path, size, found, encoding, notation=notation)
    return DetectedFile(path, size, found, encoding)


def detect_file_at_once(
    path: Path, format: str | None = None, *, asked: tuple[str, ...] = ()
) -> DetectedFile:
    """Return what `detect_file` does, without pauses."""
    detection = detect_file(path, format, asked=asked)
    while True:
        try:
            next(detection)
        except StopIteration as end:
            detected: DetectedFile = end.value
            return detected


def _whole_lines(text: str, *, cut: bool) -> str:
    if not cut:
        return text
    end = max(text.rfind("\n"), text.rfind("\r"))
    return text[: end + 1] if end > 0 else text


def _format_of(path: Path, text: str) -> str:
    by_name = _SUFFIXES.get(path.suffix.lower())
    start = text.lstrip()
    if re.match(r"\[\s*[{\"\]]", start):
        return "json"
    if start.startswith("{"):
        if by_name == "jsonl" or _is_json(start.splitlines()[0]):
            return "jsonl"
        if by_name == "json":
            if re.search(r"^\{", start[1:], re.MULTILINE):
                return "jsonl"
            raise KnownError(
                tr(
                    "{file} holds one JSON object; a list of objects is needed, each with a text.",
                    file=path.name,
                )
            )
    if by_name in (None, "tsv") and is_conll(text):
        return "conll"
    if by_name:
        return by_name
    if is_delimited(text):
        return "csv"
    raise KnownError(
        tr(
            "{file} is of no format this program reads; it reads tables as CSV or TSV, JSON or "
            "JSON Lines, and CoNLL.",
            file=path.name,
        )
    )


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
