"""Aliases for addresses: streets and towns that do not exist, numbers and postcodes reshaped."""

from __future__ import annotations

import regex

from engine.deidentify.alias_book import AliasBook, part_label
from engine.deidentify.keyed import Keyed, normalised
from engine.deidentify.lexicon import invented, words
from engine.deidentify.number_aliases import NumberAliases
from engine.deidentify.shapes import pour, same_shape, skeleton

STREET, TOWN = part_label("street"), part_label("town")

_GERMAN_TYPE = regex.compile(
    r"(?i)(?<=\p{L}{2})(straße|strasse|str|weg|platz|allee|gasse|ring|damm)$"
)
_WORD = r"[\p{L}\p{M}]+(?:['’‐.-]+[\p{L}\p{M}]+)*['’.]?"
_HOUSE = regex.compile(r"\p{Nd}{1,4}\p{L}?")
_FEW_TRIES = 100
# Codes first: they hold a digit, or are the capitals after one (1234 AB).
_PIECE = regex.compile(
    r"(?P<code>[\p{L}\p{M}]*\p{N}[\p{L}\p{M}\p{N}]*(?:[-/][\p{L}\p{M}\p{N}]+)*(?:\s\p{Lu}{2}\b)?)"
    rf"|(?P<words>(?i:c/o)|{_WORD}(?:[^\S\n]+{_WORD}(?![\p{{L}}\p{{M}}\p{{N}}]))*)"
)


class AddressAliases:
    """Gives out addresses; the same street or town has the same alias in the whole project."""

    def __init__(self, keyed: Keyed, book: AliasBook) -> None:
        self._keyed = keyed
        self._book = book
        self._numbers = NumberAliases(keyed, book)

    def alias(self, string: str, label: str, text: str) -> str | None:
        """The address in the same form; None if it has neither letter nor digit.

        Words are taken for a street if a house number stands beside them or they end with a word
        such as Lane or Straße, and for a town otherwise. `text` is folded.
        """
        found = list(_PIECE.finditer(string))
        rest = normalised("".join(piece["words"] or "" for piece in found))
        pieces, at = [], 0
        for place, piece in enumerate(found):
            pieces.append(string[at : piece.start()])
            at = piece.end()
            code, place_name = piece["code"], piece["words"]
            if code and _HOUSE.fullmatch(code):
                new: str | None = self._house(code, rest)
            elif code:
                new = self._numbers.alias(code, label, text) or self._house(code, rest)
            else:
                kept = _kept_length(place_name)
                beside = [other["code"] for other in found[max(0, place - 1) : place + 2]]
                new = self._place(place_name[kept:], beside, text)
                new = None if new is None else place_name[:kept] + new
            if new is None:
                return None
            pieces.append(new)
        pieces.append(string[at:])
        return "".join(pieces) if found else None

    def _house(self, number: str, rest: str) -> str:
        """Another house number; two numbers of one street never become the same."""
        bare = skeleton(number)
        return pour(same_shape(bare, self._keyed.numbers("house", str(len(bare)), rest)), number)

    def _place(self, name: str, beside: list[str | None], text: str) -> str | None:
        if not name:
            return ""
        last = name.split()[-1].rstrip(".").casefold()
        german = _GERMAN_TYPE.search(name)
        named = last in words("street_types") or german is not None
        street = named or any(code and _HOUSE.fullmatch(code) for code in beside)
        key = normalised(name)
        numbers = self._keyed.numbers("place", key)

        def any_of(kind: str) -> str:
            return invented(kind)[next(numbers) % len(invented(kind))]

        def candidate(number: int) -> str:
            if not street:
                town = any_of("town_starts") + any_of("town_ends")
                return town if number < _FEW_TRIES else f"{any_of('town_starts')} {town}"
            start = any_of("street_names")
            if number >= _FEW_TRIES:
                start = f"{any_of('town_starts')} {start}"
            if german is not None:
                return start + german[0].lower()
            kind_of_street = name.split()[-1] if named else any_of("street_kinds")
            return f"{start} {kind_of_street}"

        alias = self._book.invent(
            STREET if street else TOWN,
            key,
            name,
            candidate,
            refuse=lambda alias: normalised(alias) in text,
        )
        if alias is None or name.islower():
            return alias and alias.lower()
        return alias.upper() if name.isupper() and len(name) > 1 else alias


def _kept_length(name: str) -> int:
    """How many characters in front are words such as Flat, with the space after them."""
    kept = 0
    for word in regex.finditer(r"\S+\s*", name):
        if word[0].strip().rstrip(".").casefold() not in words("address_words"):
            break
        kept = word.end()
    return kept
