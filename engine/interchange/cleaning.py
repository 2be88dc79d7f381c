"""What is put right in a text on its way in: as little as possible, and never in silence.

White space, line ends and unusual characters are the author's and stay. Only what no text can
hold is repaired: bytes that are not of the encoding, halves of surrogate pairs, and control
characters.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from engine.core.language import trn

_BROKEN = re.compile("[\ud800-\udfff]")
_PAGE_BREAKS = re.compile("[\x0b\x0c]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_ANY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean_text(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text as it can be stored, and what was repaired, in words."""
    if not _ANY.search(text):
        return text, ()
    repairs = []
    text, count = _BROKEN.subn("\ufffd", text)
    if count:
        repairs.append(
            trn(
                "{n} damaged character replaced by “{sign}”",
                "{n} damaged characters replaced by “{sign}”",
                count,
                sign="\ufffd",
            )
        )
    text, count = _PAGE_BREAKS.subn("\n", text)
    if count:
        repairs.append(
            trn(
                "{n} page break replaced by a new line",
                "{n} page breaks replaced by a new line",
                count,
            )
        )
    text, count = _CONTROLS.subn("", text)
    if count:
        repairs.append(
            trn("{n} control character removed", "{n} control characters removed", count)
        )
    return text, tuple(repairs)


def removed_characters(text: str) -> list[int]:
    """Return the places of the characters that `clean_text` removes.

    All others are replaced one for one, so that only these move an offset.
    """
    return [match.start() for match in _CONTROLS.finditer(text)] if _ANY.search(text) else []


def stored_offset(offset: int, removed: Sequence[int]) -> int:
    """Return where an offset in the original text lies in the cleaned one."""
    return offset - bisect_left(removed, offset)


def original_span(start: int, end: int, removed: Sequence[int]) -> tuple[int, int]:
    """Return where the characters from `start` to `end` of the cleaned text lie in the original."""
    return _original_place(start, removed), _original_place(end - 1, removed) + 1


def _original_place(place: int, removed: Sequence[int]) -> int:
    for gone in removed:
        if gone > place:
            break
        place += 1
    return place


def clean_value(value: object) -> object:
    """Return a JSON value with every string in it cleaned."""
    if isinstance(value, str):
        return clean_text(value)[0]
    if isinstance(value, list):
        return [clean_value(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(str(key))[0]: clean_value(item) for key, item in value.items()}
    return value
