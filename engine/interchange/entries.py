"""A list in a text file: names or terms, one on a line."""

from __future__ import annotations

from pathlib import Path

from engine.core.errors import KnownError
from engine.core.files import read_head
from engine.core.language import tr
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
    head = read_head(path, _HEAD, wanted=tr("a list in a text file"))
    kind = binary_kind(head, utf16=bool(utf_by_byte_order(head)))
    if kind:
        raise KnownError(
            tr("{file} is no list in a text file: it is {kind}.", file=path.name, kind=kind)
        )
    try:
        if path.stat().st_size > _LARGEST:
            raise KnownError(
                tr(
                    "{file} is larger than {most} MB, which is no list of names or terms; nothing "
                    "was read.",
                    file=path.name,
                    most=_LARGEST // 1_000_000,
                )
            )
        search = find_encoding(path)
        while True:
            next(search)
    except StopIteration as end:
        encoding: str = end.value
    except OSError as error:
        raise KnownError(
            tr("{file} cannot be read: {reason}.", file=path.name, reason=error.strerror)
        ) from None
    with TextStream(path, encoding, "") as lines:
        entries = map(_entry, lines)
        found = tuple(dict.fromkeys(entry for entry in entries if entry))
    if not found:
        raise KnownError(tr("The list {file} has no entries; nothing was changed.", file=path.name))
    return found


def _entry(line: str) -> str:
    return " ".join(line.lstrip("\ufeff").replace(BROKEN, "\ufffd").split())
