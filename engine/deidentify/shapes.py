"""Strings of the same shape: a digit for a digit, a letter for a letter, punctuation kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

SYMBOL = "*"
"""Stands for an emoji and for every other character that is no letter, digit or punctuation."""

_BLOCK = 32


def skeleton(string: str) -> str:
    """The letters and digits of a string, letters in lower case; what an alias is made for."""
    return "".join(_lowered(character) for character in string if _is_filled(character))


def same_shape(characters: str, numbers: Iterator[int]) -> str:
    """Another skeleton of the same shape; no character is what it was at its place."""
    return "".join(_other(character, next(numbers)) for character in characters)


def pour(alias: str, string: str) -> str:
    """Write the alias's skeleton in the form of the string: its punctuation, its capitals.

    Combining marks and invisible characters are left out, symbols become SYMBOL.
    """
    filling = iter(alias)
    written = []
    for character in string:
        if _is_filled(character):
            new = next(filling)
            upper = new.upper()
            written.append(upper if character.isupper() and len(upper) == 1 else new)
        elif _is_kept(character):
            written.append(character)
        elif unicodedata.category(character)[0] not in "MC":
            written.append(SYMBOL)
    return "".join(written)


def _is_filled(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN"


def _is_kept(character: str) -> bool:
    if character.isspace():
        return True
    category = unicodedata.category(character)
    return category[0] in "PZ" or (category[0] == "S" and character.isascii())


def _lowered(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 and lower.upper() == character else character


def _other(character: str, number: int) -> str:
    decimal = unicodedata.decimal(character, None)
    if decimal is not None:
        zero = ord(character) - decimal
        return chr(zero + (decimal + 1 + number % 9) % 10)
    if character.isascii():
        return chr(ord("a") + (ord(character.lower()) - ord("a") + 1 + number % 25) % 26)
    # The neighbours in the code chart are of the same script, or nearly.
    first = ord(character) // _BLOCK * _BLOCK
    category = unicodedata.category(character)
    neighbours = [
        other
        for other in map(chr, range(first, first + _BLOCK))
        if other != character
        and unicodedata.category(other) == category
        and _lowered(other) == other
    ]
    if not neighbours:
        return chr(ord("a") + number % 26)
    return neighbours[number % len(neighbours)]


def is_written_whole(string: str) -> bool:
    """Whether pouring leaves nothing out and puts SYMBOL for nothing."""
    return all(_is_filled(character) or _is_kept(character) for character in string)
