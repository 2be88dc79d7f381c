"""Texts as the tokenizer's pieces, each with its place among the characters of the text.

Offsets are what makes labels independent of the tokenizer: a piece belongs to the characters that
it was made from, whatever the tokenizer did to them (lower case, accents taken off, bytes).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.training.tokens import CHUNK

WORD, PIECE = "word", "piece"
"""The two units that a label can stand for: a whole word, or a single piece of one."""
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of n texts, without the tokenizer's special tokens.

    `ids` int32 (all pieces) and `starts` int64 (n + 1) into it; `begins` and `ends` int32 (all
    pieces) are characters of the text, white space left out and combining marks taken in. `words`
    marks the pieces that begin a word, `whole` those that have characters of their own: a second
    byte of the same character has none.
    """

    ids: np.ndarray
    starts: np.ndarray
    begins: np.ndarray
    ends: np.ndarray
    words: np.ndarray
    whole: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, text: int) -> slice:
        """Return where the pieces of a text are."""
        return slice(int(self.starts[text]), int(self.starts[text + 1]))

    def units(self, text: int, unit: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the words (or single pieces) of a text: first piece, begin and end of each.

        The first piece counts from the text's own first; a unit ends where its last piece ends.
        """
        own = self.of(text)
        first = np.flatnonzero((self.words if unit == WORD else self.whole)[own])
        if not len(first):
            return first, first, first
        return first, self.begins[own][first], np.maximum.reduceat(self.ends[own], first)


def read_pieces(
    texts: Sequence[str], tokenizer: Any, check: Callable[[], None] = lambda: None
) -> Pieces:
    """Return the pieces of whole texts; nothing is cut off.

    `check` is called every 2,000 texts and may raise, to stop.

    Raises:
        KnownError: if the tokenizer does not tell where in the text its pieces come from.
    """
    if not tokenizer.is_fast:
        raise KnownError(
            tr(
                "The tokenizer of this base model does not tell where in a text its pieces come "
                "from, so passages cannot be learned with it; choose a base model with a "
                "tokenizer.json."
            )
        )
    ids: list[np.ndarray] = []
    places: list[np.ndarray] = []
    lengths: list[int] = []
    for at in range(0, len(texts), CHUNK):
        check()
        chunk = list(texts[at : at + CHUNK])
        encoded = tokenizer(
            chunk,
            add_special_tokens=False,
            return_offsets_mapping=True,
            return_attention_mask=False,
            return_token_type_ids=False,
            verbose=False,
        )
        for number, text in enumerate(chunk):
            offsets = encoded["offset_mapping"][number]
            ids.append(np.array(encoded["input_ids"][number], np.int32))
            places.append(_places(text, offsets, encoded.word_ids(number)))
            lengths.append(len(offsets))
    begins, ends, words, whole = np.concatenate(places).T if places else np.zeros((4, 0), np.int32)
    return Pieces(
        ids=np.concatenate(ids) if ids else np.zeros(0, np.int32),
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        begins=begins,
        ends=ends,
        words=words.astype(bool),
        whole=whole.astype(bool),
    )


def _places(
    text: str, offsets: Sequence[tuple[int, int]], word_ids: Sequence[int | None]
) -> np.ndarray:
    """Return int32 (pieces, 4): begin, end, whether it begins a word, whether it is whole."""
    found = np.zeros((len(offsets), 4), np.int32)
    reached, last_word, last = 0, None, -1
    for at, ((start, end), word) in enumerate(zip(offsets, word_ids, strict=True)):
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if last >= 0 and start > reached:
            reached = _with_marks(text, reached, start)
            found[last, 1] = max(found[last, 1], reached)
        if start == end:  # white space alone must not lengthen the word before it
            start = end = reached
        whole = reached <= start < end
        opens = whole and (last < 0 or word != last_word or _apart(text, start))
        found[at] = start, end, opens, whole
        if end > start:
            reached, last_word, last = max(reached, end), word, at
    if last >= 0:
        found[last, 1] = max(found[last, 1], _with_marks(text, reached, len(text)))
    return found


def _with_marks(text: str, end: int, limit: int) -> int:
    """Return `end` behind the combining marks and joiners that the tokenizer left out."""
    while end < limit and (text[end] == _JOINER or unicodedata.category(text[end])[0] == "M"):
        end += 1
    return end


def _apart(text: str, place: int) -> bool:
    """Whether a word begins here: behind white space, at punctuation, in script without spaces.

    BERT's tokenizers say so themselves; others only split at some kinds of white space.
    """
    if _stands_alone(text[place]):
        return True
    return place > 0 and (text[place - 1].isspace() or _stands_alone(text[place - 1]))


@lru_cache(maxsize=4096)
def _stands_alone(character: str) -> bool:
    if character.isascii():
        return not character.isalnum() and not character.isspace()
    return unicodedata.category(character)[0] == "P" or _is_ideograph(ord(character))


def _is_ideograph(code: int) -> bool:
    """Whether a code point is a Chinese character; these are words of their own."""
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF
