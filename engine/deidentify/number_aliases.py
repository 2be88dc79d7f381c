"""Aliases for numbers and codes: the same shape, and check digits where they had some."""

from __future__ import annotations

import unicodedata

from stdnum import iban, luhn

from engine.deidentify.alias_book import AliasBook, part_label
from engine.deidentify.keyed import Keyed, normalised
from engine.deidentify.shapes import is_written_whole, pour, same_shape, skeleton

_IBAN_TRIES = 300
_CARD_LENGTHS = range(12, 20)


class NumberAliases:
    """Gives out aliases of one shape with the original and remembers them in the book.

    A number has the same alias however it is grouped: “MV-9687-3017” and “mv 9687 3017” become
    one number in two forms. A valid IBAN keeps its country and becomes a valid IBAN; a number that
    passes the Luhn check as card numbers do becomes one that passes it.
    """

    def __init__(self, keyed: Keyed, book: AliasBook) -> None:
        self._keyed = keyed
        self._book = book

    def alias(self, string: str, label: str, text: str) -> str | None:
        """The string's alias, which does not occur in the text (folded) if it is long enough.

        None if the string has no letter and no digit, or no alias is left, as for single digits.
        """
        string = unicodedata.normalize("NFC", string)
        bare = skeleton(string)
        if not bare:
            return None
        # Without its emoji or marks one string could be taken for another.
        key = bare if is_written_whole(string) else normalised(string)
        alias = self._book.invent(
            part_label(f"number of {label}"),
            key,
            bare,
            lambda number: self._candidate(bare, key, number),
            refuse=lambda alias: len(alias) > 3 and pour(alias, string).casefold() in text,
        )
        return None if alias is None else pour(alias, string)

    def _candidate(self, bare: str, key: str, number: int) -> str:
        numbers = self._keyed.numbers("number", key, str(number))
        if bare.isascii() and iban.is_valid(bare, check_country=False):
            for _ in range(_IBAN_TRIES):
                account = same_shape(bare[4:], numbers)
                digits = iban.calc_check_digits(f"{bare[:2]}00{account}".upper())
                # Some countries have check digits of their own inside: tried until they fit.
                if iban.is_valid(f"{bare[:2]}{digits}{account}"):
                    break
            return f"{bare[:2]}{digits}{account}"
        is_card = bare.isascii() and bare.isdecimal() and len(bare) in _CARD_LENGTHS
        if is_card and luhn.is_valid(bare):
            start = same_shape(bare[:-1], numbers)
            return start + luhn.calc_check_digit(start)
        return same_shape(bare, numbers)
