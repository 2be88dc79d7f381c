"""What a file is that is not text, so that a refusal can name it and say what to do instead."""

from __future__ import annotations

_OFFICE_PARTS = (
    (b"xl/", "an Excel workbook; save it there as CSV UTF-8 and import that"),
    (b"word/", "a Word document; save its texts as a table in CSV and import that"),
    (b"ppt/", "a PowerPoint presentation"),
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet; save it as CSV and import that"),
    (b"opendocument", "an OpenDocument file"),
)
_MAGIC = (
    (b"%PDF-", "a PDF document; copy its text into a CSV or JSONL file"),
    (b"SQLite format 3\x00", "a database, not a file of texts"),
    (b"PAR1", "a Parquet file; save it as CSV or JSONL and import that"),
    (b"ARROW1", "an Arrow file; save it as CSV or JSONL and import that"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
    (b"BZh", "compressed with bzip2; unpack it first"),
    (b"\xfd7zXZ\x00", "compressed with xz; unpack it first"),
    (b"(\xb5/\xfd", "compressed with zstd; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Office document; save it as CSV and import that"),
    (b"{\\rtf", "an RTF document; copy its text into a CSV or JSONL file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
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
                return words
        return "a zip archive; unpack it first"
    for magic, words in _MAGIC:
        if head.startswith(magic):
            return words
    if utf16:
        return ""
    controls = sum(head.count(byte) for byte in _CONTROL_BYTES)
    if controls > 0.05 * len(head):
        return "not a text file: it holds binary data"
    return ""


_CONTROL_BYTES = [bytes([code]) for code in (*range(9), *range(14, 27), *range(28, 32))]
