"""What a file is that is not text, so that a refusal can name it and say what to do instead."""

from __future__ import annotations

from engine.core.language import mark, tr

_OFFICE_PARTS = (
    (b"xl/", mark("an Excel workbook; save it there as CSV UTF-8 and import that")),
    (b"word/", mark("a Word document; save its texts as a table in CSV and import that")),
    (b"ppt/", mark("a PowerPoint presentation")),
    (
        b"opendocument.spreadsheet",
        mark("an OpenDocument spreadsheet; save it as CSV and import that"),
    ),
    (b"opendocument", mark("an OpenDocument file")),
)
_MAGIC = (
    (b"%PDF-", mark("a PDF document; copy its text into a CSV or JSONL file")),
    (b"SQLite format 3\x00", mark("a database, not a file of texts")),
    (b"PAR1", mark("a Parquet file; save it as CSV or JSONL and import that")),
    (b"ARROW1", mark("an Arrow file; save it as CSV or JSONL and import that")),
    (b"\x1f\x8b", mark("compressed with gzip; unpack it first")),
    (b"BZh", mark("compressed with bzip2; unpack it first")),
    (b"\xfd7zXZ\x00", mark("compressed with xz; unpack it first")),
    (b"(\xb5/\xfd", mark("compressed with zstd; unpack it first")),
    (b"7z\xbc\xaf\x27\x1c", mark("a 7-Zip archive; unpack it first")),
    (b"Rar!", mark("a RAR archive; unpack it first")),
    (b"\xd0\xcf\x11\xe0", mark("an old Office document; save it as CSV and import that")),
    (b"{\\rtf", mark("an RTF document; copy its text into a CSV or JSONL file")),
    (b"\x89PNG", mark("a picture")),
    (b"\xff\xd8\xff", mark("a picture")),
    (b"GIF8", mark("a picture")),
    (b"\x7fELF", mark("a program")),
)


def binary_kind(head: bytes, *, utf16: bool) -> str:
    """Return what a file is by its first bytes, in words, or "" if it may be text.

    Args:
        head: the first 64 KiB of the file, or all of it.
        utf16: whether the zeros in it belong to UTF-16 or UTF-32 text.
    """
    if head.startswith(b"PK\x03\x04"):
        for part, words in _OFFICE_PARTS:
            if part in head:
                return tr(words)
        return tr("a zip archive; unpack it first")
    for magic, words in _MAGIC:
        if head.startswith(magic):
            return tr(words)
    if utf16:
        return ""
    controls = sum(head.count(byte) for byte in _CONTROL_BYTES)
    if controls > 0.05 * len(head):
        return tr("not a text file: it holds binary data")
    return ""


_CONTROL_BYTES = [bytes([code]) for code in (*range(9), *range(14, 27), *range(28, 32))]
