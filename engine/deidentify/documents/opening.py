"""Open a file, whatever its kind, to have passages of it replaced."""

from __future__ import annotations

from pathlib import Path

from engine.core.errors import KnownError
from engine.core.files import read_head
from engine.core.language import tr
from engine.deidentify.documents.document import Document
from engine.interchange.binary_files import binary_kind
from engine.interchange.detect import DetectedFile, detect_file_at_once
from engine.interchange.encoding import utf_by_byte_order

WORD_SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")
DELIMITED_SUFFIXES = (".csv", ".tsv", ".tab")
JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
PLAIN_SUFFIXES = (".txt", ".text", ".md", ".log")

ALL_FIELDS = "*"
"""As the text column: every string of every field."""

_HEAD = 1 << 16  # bytes by which binary data is told apart


def open_document(path: Path, *, text_column: str | None = None) -> Document:
    """Return the document in a file, by the ending of its name.

    Args:
        path: plain text, CSV, TSV, JSON Lines, a list of records in JSON, or a Word document.
        text_column: the column of a table that holds the texts, all columns if None; the field of
            JSON records, the one that looks like texts if None, and all with `ALL_FIELDS`. Other
            kinds of files have none.

    Raises:
        KnownError: if the file is missing, empty, of another kind than its name says, encrypted,
            damaged, in an unknown encoding, or has no such column.
    """
    suffix = path.suffix.lower()
    head = read_head(path, _HEAD, wanted=tr("a document"))
    if text_column is not None and suffix in (*WORD_SUFFIXES, *PLAIN_SUFFIXES):
        raise KnownError(
            tr(
                "{name} is no table, so it has no column “{column}”.",
                name=path.name,
                column=text_column,
            )
        )
    if suffix in WORD_SUFFIXES:
        from engine.deidentify.documents.word.document import WordDocument

        return WordDocument(path)
    kind = binary_kind(head, utf16=bool(utf_by_byte_order(head)))
    if kind:
        raise KnownError(
            tr("{name} cannot be read: by its content, it is {kind}.", name=path.name, kind=kind)
        )
    if suffix in DELIMITED_SUFFIXES:
        from engine.deidentify.documents.delimited import DelimitedDocument

        column = None if text_column == ALL_FIELDS else text_column
        format = "csv" if suffix == ".csv" else "tsv"
        asked = (column,) if column else ()
        return DelimitedDocument(detect_file_at_once(path, format, asked=asked), column)
    if suffix in JSON_SUFFIXES:
        return _open_json(path, text_column)
    if suffix in PLAIN_SUFFIXES:
        from engine.deidentify.documents.plain_text import PlainTextDocument

        # The encoding of lines of JSON is found as that of any text.
        return PlainTextDocument(detect_file_at_once(path, "jsonl"))
    raise KnownError(
        tr(
            "{name} is of no kind whose passages can be replaced; these are plain text (.txt), "
            "tables (.csv, .tsv), JSON (.jsonl, .json) and Word documents (.docx).",
            name=path.name,
        )
    )


def _open_json(path: Path, text_column: str | None) -> Document:
    from engine.deidentify.documents.json_records import JsonDocument

    detected = detect_file_at_once(path, None if path.suffix.lower() == ".json" else "jsonl")
    if detected.format not in ("json", "jsonl"):
        raise KnownError(tr("{name} is not JSON.", name=path.name))
    if text_column == ALL_FIELDS:
        return JsonDocument(detected, None)
    return JsonDocument(detected, _text_field(detected, text_column))


def _text_field(detected: DetectedFile, asked: str | None) -> str:
    from engine.interchange.file_predictions import FileTexts

    with FileTexts(detected.path, detected.format, asked) as texts:
        return texts.text_column
