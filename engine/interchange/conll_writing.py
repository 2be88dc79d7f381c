"""Writing marked passages as CoNLL: a token and its IOB2 tag a line, an empty line after a text.

A text is cut into words and single signs, and also where a passage begins or ends, so that a
passage inside a word is kept. White space is not: who reads the file has the words, not the layout.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from engine.core.errors import KnownError
from engine.core.language import mark, tr

Passage = tuple[int, int, str]
"""Start and end in code points, the end exclusive, and the label's name."""

_SPACE, _WORD, _SIGN = range(3)
_OVERLAPS = mark(
    "The passage {start}–{end} “{label}” of the text “{text}…” overlaps another one, which CoNLL "
    "cannot say; nothing was written. JSON Lines can hold it."
)
_BLANK = mark(
    "The passage {start}–{end} “{label}” of the text “{text}…” is nothing but white space, which "
    "CoNLL cannot say; nothing was written. JSON Lines can hold it."
)


def conll_lines(text: str, passages: Sequence[Passage]) -> list[str]:
    """Return the lines of a text, without line ends; none for a text of white space alone.

    Raises:
        KnownError: if passages overlap or hold nothing but white space, which CoNLL cannot say.
    """
    passages = sorted(passages)
    for before, after in pairwise(passages):
        if after[0] < before[1]:
            raise _unsayable(text, after, _OVERLAPS)
    tokens = list(_tokens(text, {edge for start, end, _ in passages for edge in (start, end)}))
    starts = [start for start, _ in tokens]
    tags = ["O"] * len(tokens)
    for start, end, label in passages:
        inside = range(bisect_left(starts, start), bisect_left(starts, end))
        if not inside:
            raise _unsayable(text, (start, end, label), _BLANK)
        for place in inside:
            tags[place] = f"{'B' if place == inside[0] else 'I'}-{label}"
    return [f"{text[start:end]}\t{tag}" for (start, end), tag in zip(tokens, tags, strict=True)]


def _tokens(text: str, edges: set[int]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each word and sign, cut at the edges."""
    start, open_kind = 0, _SPACE
    for at, character in enumerate(text):
        kind = _kind(character)
        if not (kind == open_kind == _WORD and at not in edges):
            if open_kind != _SPACE:
                yield start, at
            start, open_kind = at, kind
    if open_kind != _SPACE:
        yield start, len(text)


def _kind(character: str) -> int:
    # A byte order mark would be taken off the beginning of a line by who reads it.
    if character.isspace() or character == "\ufeff":
        return _SPACE
    # A combining mark belongs to the letter before it.
    return _WORD if character.isalnum() or unicodedata.category(character)[0] == "M" else _SIGN


def _unsayable(text: str, passage: Passage, sentence: str) -> KnownError:
    start, end, label = passage
    begin = " ".join(text.split())[:40]
    return KnownError(tr(sentence, start=start, end=end, label=label, text=begin))
