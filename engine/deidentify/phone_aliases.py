"""Aliases for telephone numbers, from ranges in which nobody answers where there is one.

British numbers come from the ranges that Ofcom keeps free for drama, German ones from those of the
Bundesnetzagentur, North American ones are 555-0100 to 555-0199. Where the range does not have the
number's length, or is used up, the digits become other digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

from engine.deidentify.alias_book import AliasBook, part_label
from engine.deidentify.keyed import Keyed
from engine.deidentify.shapes import pour, same_shape, skeleton

PART = part_label("telephone number")

# National numbers without the 0; # is any digit.
_RANGES: dict[int, dict[str, tuple[str, ...]]] = {
    44: {
        "7": ("7700900###",),
        "20": ("2079460###",),
        "80": ("8081570###",),
        "": (
            *(f"1{area}4960###" for area in (13, 14, 15, 16, 17, 18, 21, 31, 41, 51, 61)),
            *("1632960###", "1914980###", "2896496###", "2920180###", "3069990###"),
        ),
    },
    49: {
        "1": ("17139200##",),
        "": ("3023125###", "4066969###", "6990009###", "2214710###", "8999998###"),
    },
    1: {"": tuple(f"{area}55501##" for area in (201, 202, 206, 212, 303, 312, 404, 415, 503))},
}
_FIXED_TRIES = 300


@dataclass(frozen=True, slots=True)
class _Number:
    """Digits of a number: what comes before the national part, and the national part."""

    country: int
    before: str
    national: str


class PhoneAliases:
    """Gives out telephone numbers; the national and the international form of one stay one."""

    def __init__(self, keyed: Keyed, book: AliasBook) -> None:
        self._keyed = keyed
        self._book = book

    def alias(self, string: str, region: str) -> str | None:
        """The number's alias in the same form; `region` (“GB”) is for numbers without a country.

        The country code and a leading 0 stay. None if there is no digit, or no alias is left.
        """
        if not any(character.isdecimal() for character in string):
            return None
        digits = _in_ascii(string)
        number = _read(digits, region)
        key = f"+{number.country} {number.national}" if number.country else number.national
        alias = self._book.invent(
            PART, key, number.national, lambda tried: self._candidate(number, key, tried)
        )
        if alias is None:
            return None
        return pour(_filled(skeleton(digits), number, alias), digits)

    def _candidate(self, number: _Number, key: str, tried: int) -> str:
        numbers = self._keyed.numbers("telephone", key, str(tried))
        patterns = _fitting(number)
        if patterns and tried < _FIXED_TRIES:
            pattern = patterns[next(numbers) % len(patterns)]
            return _fill(pattern, numbers)
        return same_shape(number.national, numbers)


def national_digits(string: str, region: str) -> str:
    """The digits of a number without its country, by which two forms of it are the same."""
    digits = _in_ascii(string)
    return _read(digits, region).national if any(map(str.isdecimal, digits)) else ""


def _in_ascii(string: str) -> str:
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in string
    )


def _read(string: str, region: str) -> _Number:
    """Split the digits by what the library knows; a number that it cannot read has no country."""
    digits = "".join(character for character in string if character.isdecimal())
    try:
        parsed = phonenumbers.parse(string, region)
    except phonenumbers.NumberParseException:
        zeros = len(digits) - len(digits.lstrip("0"))
        zeros = min(zeros, len(digits) - 1)
        return _Number(0, digits[:zeros], digits[zeros:])
    national = phonenumbers.national_significant_number(parsed)
    if not digits.endswith(national) or parsed.extension:
        return _Number(0, "", digits)
    return _Number(parsed.country_code or 0, digits[: len(digits) - len(national)], national)


def _fitting(number: _Number) -> tuple[str, ...]:
    for start, patterns in _RANGES.get(number.country, {}).items():
        if number.national.startswith(start):
            same_length = tuple(p for p in patterns if len(p) == len(number.national))
            if same_length:
                return same_length
    return ()


def _fill(pattern: str, numbers: Iterator[int]) -> str:
    return re.sub("#", lambda _found: str(next(numbers) % 10), pattern)


def _filled(bare: str, number: _Number, alias: str) -> str:
    """The skeleton with the digits of before and alias in the places of the digits."""
    digits = iter(number.before + alias)
    return "".join(next(digits) if c.isdecimal() else c for c in bare)
