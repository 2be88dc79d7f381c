"""Finds the strings of a list in a text, word by word."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

import regex

Value = TypeVar("Value")

_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s]")


class Gazetteer(Generic[Value]):
    """Strings, each with a value, that are looked for all at once.

    A string is found where its words and punctuation marks follow each other as in the list, with
    any white space between them, so that a name broken over two lines is found; words are never
    found inside longer ones. Canonically equivalent characters are equal, and with `ignore_case`
    so are strings that are equal when case-folded. Strings without any word or mark are never
    found. The time is that of looking up each word of the text, however long the list is.
    """

    def __init__(self, entries: Iterable[tuple[str, Value]], *, ignore_case: bool) -> None:
        self._ignore_case = ignore_case
        self._by_first: dict[str, list[tuple[tuple[str, ...], Value]]] = {}
        for string, value in entries:
            tokens = tuple(self._normal(token) for token in _TOKEN.findall(string))
            if tokens:
                self._by_first.setdefault(tokens[0], []).append((tokens, value))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda candidate: -len(candidate[0]))

    def find(self, text: str) -> Iterator[tuple[int, int, Value]]:
        """Start, end and value of every string at every place, by start, the longest first."""
        if not self._by_first:
            return
        spots = [(found.start(), found.end()) for found in _TOKEN.finditer(text)]
        tokens = [self._normal(text[start:end]) for start, end in spots]
        for place, first in enumerate(tokens):
            for wanted, value in self._by_first.get(first, ()):
                last = place + len(wanted)
                if tuple(tokens[place:last]) == wanted:
                    yield spots[place][0], spots[last - 1][1], value

    def _normal(self, token: str) -> str:
        if not token.isascii():
            token = unicodedata.normalize("NFC", token)
        return token.casefold() if self._ignore_case else token


def words_of_edge(string: str) -> tuple[int, int]:
    """Where the first word of a string starts and the last one ends; (0, 0) without a word."""
    words = [found.span() for found in _TOKEN.finditer(string) if any(map(str.isalnum, found[0]))]
    return (words[0][0], words[-1][1]) if words else (0, 0)
