"""Texts as token ids that know which word of the text each of them belongs to.

A word is found in the text, by its characters, and a token belongs to the word that it begins in.
So words are the same for every tokenizer: WordPiece's pieces, the bytes of a byte-level BPE and
SentencePiece's pieces are all parts of the word that a person sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

TEXTS_AT_ONCE = 2000
CHARACTERS_AT_ONCE = 2_000_000
"""A chunk for the tokenizer ends after so many texts, or characters: offsets take much memory."""

NO_WORD = -1
"""The word of a token that is never masked: special tokens, and what the vocabulary lacks."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Token ids of n texts without special tokens, none of them cut.

    `ids` int32 (all tokens); `words` int64 (all tokens), the number of each token's word, the same
    for no two words of the corpus, or `NO_WORD`; `starts` int64 (n + 1) into both.
    """

    ids: np.ndarray
    words: np.ndarray
    starts: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """Tokens of each text, int64 (n,)."""
        return np.diff(self.starts)


@cache
def _word() -> Any:
    import regex

    # In scripts that are written without spaces every character stands for itself, so that the
    # tokenizer's own pieces are the words. A number keeps its points and commas, a word its
    # apostrophes, an emoji the characters it is composed of.
    unspaced = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
    run = rf"[[\p{{L}}\p{{M}}\p{{N}}]--[{unspaced}]]+"
    return regex.compile(
        rf"(?V1)[{unspaced}]\p{{M}}*|\p{{Nd}}+(?:[.,]\p{{Nd}}+)+|{run}(?:['’]{run})*|(?!\s)\X"
    )


def word_ends(text: str) -> np.ndarray:
    """Return where the words of a text end: code points, exclusive, ascending, int64."""
    return np.fromiter((match.end() for match in _word().finditer(text)), np.int64)


def words_of_tokens(text: str, offsets: Sequence[tuple[int, int]]) -> np.ndarray:
    """Return the number in its text of the word that each token belongs to, int64 (tokens,).

    `offsets` are a fast tokenizer's, in code points. A token that is nothing but space belongs to
    the word that follows it.
    """
    begins = np.fromiter((begin for begin, _ in offsets), np.int64, len(offsets))
    return np.searchsorted(word_ends(text), begins, side="right")


def read_corpus(
    texts: Sequence[str],
    tokenizer: Any,
    whole_word: bool = True,
    check: Callable[[], None] = lambda: None,
) -> Corpus:
    """Return the tokens of the texts; without `whole_word` every token is a word of its own.

    A tokenizer that cannot tell where its tokens lie in the text gives none for words either.
    `check` is called for every chunk of texts and may raise, to stop.
    """
    offsets_known = whole_word and bool(tokenizer.is_fast)
    special = np.array(sorted(tokenizer.all_special_ids), np.int32)
    ids: list[np.ndarray] = []
    words: list[np.ndarray] = []
    words_before = 0
    for chunk in _chunks(texts):
        check()
        encoded = tokenizer(
            chunk,
            add_special_tokens=False,
            padding=False,
            truncation=False,
            return_attention_mask=False,
            return_token_type_ids=False,
            return_offsets_mapping=offsets_known,
            verbose=False,
        )
        for place, text in enumerate(chunk):
            found = np.array(encoded["input_ids"][place], np.int32)
            of_word = np.arange(len(found))
            if offsets_known:
                of_word = words_of_tokens(text, encoded["offset_mapping"][place])
            # A word with an unknown or special piece in it is no word to guess.
            spoilt = np.isin(of_word, of_word[np.isin(found, special)])
            ids.append(found)
            words.append(np.where(spoilt, NO_WORD, of_word + words_before))
            words_before += int(of_word.max(initial=-1)) + 1
    return Corpus(
        np.concatenate([np.zeros(0, np.int32), *ids]),
        np.concatenate([np.zeros(0, np.int64), *words]),
        np.cumsum([0, *map(len, ids)], dtype=np.int64),
    )


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    characters = 0
    for text in texts:
        chunk.append(text)
        characters += len(text)
        if len(chunk) == TEXTS_AT_ONCE or characters >= CHARACTERS_AT_ONCE:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk
