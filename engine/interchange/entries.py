"""A list in a text file: names or terms, one on a line."""

from __future__ import annotations

from pathlib import Path

from engine.core.errors import KnownError
from engine.core.files import read_head
from engine.interchange.binary_files import binary_kind
from engine.interchange.encoding import BROKEN, find_encoding, utf_by_byte_order
from engine.interchange.text_stream import TextStream

_HEAD = 1 << 16
_LARGEST = 50_000_000  # bytes


def read_entries(path: Path) -> tuple[str, ...]:
    """Return the lines of a text file in whatever encoding, without empty ones and repetitions.

    White space around a line, and more than one space in it, is not kept.

    Raises:
        KnownError: if the file is missing, unreadable, no text, too large, or has no entries.
    """
    head = read_head(path, _HEAD, wanted="a list in a text file")
    kind = binary_kind(head, utf16=bool(utf_by_byte_order(head)))
    if kind:
        raise KnownError(f"{path.name} is no list in a text file: it is {kind}.")
    try:
        if path.stat().st_size > _LARGEST:
            raise KnownError(
                f"{path.name} is larger than {_LARGEST // 1_000_000} MB, which is no list of names "
                "or terms; nothing was read."
            )
        search = find_encoding(path)
        while True:
            next(search)
    except StopIteration as end:
        encoding: str = end.value
    except OSError as error:
        raise KnownError(f"{path.name} cannot be read: {error.strerror}.") from None
    with TextStream(path, encoding, "") as lines:
        entries = (
            " ".join(line.lstrip("\ufeff").replace(BROKEN, "\ufffd").split()) for line in lines
        )
        found = tuple(dict.fromkeys(entry for entry in entries if entry))
    if not found:
        raise KnownError(f"The list {path.name} has no entries; nothing was changed.")
    return found


def _entry(line: str) -> str:
    return " ".join(line.lstrip("\ufeff").replace(BROKEN, "\ufffd").split())
