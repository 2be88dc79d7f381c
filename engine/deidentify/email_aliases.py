"""Aliases for e-mail addresses, at a domain that is reserved for examples (RFC 2606)."""

from __future__ import annotations

import re

import regex

from engine.deidentify.alias_book import AliasBook, part_label
from engine.deidentify.keyed import Keyed, normalised
from engine.deidentify.person_names import PART as NAME_PART
from engine.deidentify.person_names import PersonNames, plain_letters
from engine.deidentify.shapes import same_shape

PART = part_label("e-mail address")
DOMAIN = "example.org"

_RUN = re.compile(r"[a-z]+|[0-9]+")


class EmailAliases:
    """Gives out addresses: the owner's alias where the address holds a known name."""

    def __init__(self, keyed: Keyed, book: AliasBook, names: PersonNames) -> None:
        self._keyed = keyed
        self._book = book
        self._names = names
        self._known: dict[str, str] = {}
        self._rows_known = 0

    def alias(self, string: str, text: str) -> str | None:
        """An address that does not occur in the text (folded); None for what is no address."""
        local, at, _domain = string.rpartition("@")
        if not at or not local:
            return None
        key = normalised(string)
        return self._book.invent(
            PART,
            key,
            string,
            lambda number: f"{self._local(local, key, number)}@{DOMAIN}",
            refuse=lambda alias: alias in text,
        )

    def _local(self, local: str, key: str, number: int) -> str:
        known = self._plain_names()
        numbers = self._keyed.numbers("e-mail", key, str(number))
        found = False
        pieces = []
        for run in _RUN.findall(regex.sub(r"[^a-z0-9]+", " ", _plain(local))):
            if run.isdigit():
                pieces.append(same_shape(run, numbers))
                continue
            name = self._of_names(run, known)
            found = found or name is not None
            pieces.append(same_shape(run, numbers) if name is None else name)
        more = "" if number == 0 else str(next(numbers) % (10 ** (1 + number // 10)))
        if found:
            return ".".join(pieces) + more
        given, family = self._names.any_name(number, key)
        return f"{plain_letters(given)}.{plain_letters(family)}{more if number > 50 else ''}"

    def _plain_names(self) -> dict[str, str]:
        """The aliases of the parts of names in the book, both in plain letters."""
        rows = self._book.rows_of(NAME_PART)
        for row in rows[self._rows_known :]:
            self._known[plain_letters(row.original)] = plain_letters(row.alias)
        self._rows_known = len(rows)
        return self._known

    def _of_names(self, run: str, known: dict[str, str]) -> str | None:
        """The run as names: one, an initial and one, or two; None if it is none of these."""
        if len(run) == 1:
            return None
        if known.get(run):
            return known[run]
        if known.get(run[1:]):
            return self._names.initial(run[0]).lower() + known[run[1:]]
        if known.get(run[:-1]):
            return known[run[:-1]] + self._names.initial(run[-1]).lower()
        for at in range(2, len(run) - 1):
            if known.get(run[:at]) and known.get(run[at:]):
                return known[run[:at]] + known[run[at:]]
        return None


def _plain(local: str) -> str:
    return "".join(
        plain_letters(character) if character.isalpha() else character for character in local
    )
