"""The same words elsewhere in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop.annotate.spans.overlaps import Overlaps

Range = tuple[int, int]


def same_words(content: str, passage: Range, taken: Sequence[Range]) -> tuple[Range, ...]:
    """Return where else the words of a passage stand, in the same case and as whole words.

    What shares a character with a `taken` range is left out. Offsets are code points, the end
    exclusive.
    """
    words = content[slice(*passage)]
    if not words.strip():
        return ()
    before = r"(?<!\w)" if _is_word(words[0]) else ""
    behind = r"(?!\w)" if _is_word(words[-1]) else ""
    occupied = Overlaps(taken)
    return tuple(
        match.span()
        for match in re.finditer(f"{before}{re.escape(words)}{behind}", content)
        if match.span() != passage and not occupied.touches(*match.span())
    )


def _is_word(character: str) -> bool:
    return re.match(r"\w", character) is not None
