"""Aliases: the same person, number or date is called the same in the whole project.

What has been given out is kept in an AliasBook; what has not is drawn with the project's secret,
so that the same secret and the same texts give the same aliases. An alias is unique among those of
its label, and is nothing that stands in the book, or in the text, as something real.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import regex

from engine.core.language import mark, tr
from engine.deidentify.address_aliases import AddressAliases
from engine.deidentify.alias_book import AliasBook
from engine.deidentify.dates import parse_date
from engine.deidentify.email_aliases import EmailAliases
from engine.deidentify.keyed import Keyed, normalised
from engine.deidentify.lexicon import kinds, words
from engine.deidentify.number_aliases import NumberAliases
from engine.deidentify.person_names import PersonNames
from engine.deidentify.phone_aliases import PhoneAliases, national_digits
from engine.deidentify.shapes import skeleton

NO_ALIAS = mark("No alias of this kind is left, so the passage was redacted.")
NO_DATE = mark("Not read as a date, so the passage was redacted.")
NO_NAME = mark("Without a letter or digit that could be replaced, so the passage was redacted.")

# An “e-mail address” is an e-mail, a “phone number” a phone, but a “patient number” no person.
_PRECEDENCE = ("email", "phone", "date", "shape", "address", "person")
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_LEAST_SHIFT = 30
_MOST_SHIFT = 364
_TITLE_BEFORE = regex.compile(rf"(?i)\b(?:{'|'.join(sorted(words('titles')))})\.?\s+$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A passage that gets an alias: its string, and whether a title is before it."""

    string: str
    label: str
    kind: str
    entity: str
    titled: bool


@dataclass(frozen=True, slots=True)
class Alias:
    """What to write, or None for a passage that has to be redacted; and what there is to say."""

    text: str | None
    note: str = ""


def kind_of(label: str, settings: Mapping[str, Any]) -> str:
    """What the passages of a label are: the setting `kind`, or what the label's name says."""
    if "kind" in settings:
        return str(settings["kind"])
    said = {kinds().get(word) for word in regex.split(r"[^\p{L}-]+", label.casefold())}
    return next((kind for kind in _PRECEDENCE if kind in said), "shape")


def days_shifted(keyed: Keyed, person_key: str) -> int:
    """By how many days the dates of a person move: 30 to 364 either way.

    Not 365, after which a date without a year would be what it was.
    """
    number = keyed.number(2 * (_MOST_SHIFT - _LEAST_SHIFT + 1), "days", person_key)
    days, back = divmod(number, 2)
    return -(_LEAST_SHIFT + days) if back else _LEAST_SHIFT + days


class Pseudonyms:
    """Gives an alias to every mention of a text."""

    def __init__(self, keyed: Keyed, book: AliasBook) -> None:
        self._keyed = keyed
        self._book = book
        self._names = PersonNames(keyed, book)
        self._numbers = NumberAliases(keyed, book)
        self._phones = PhoneAliases(keyed, book)
        self._addresses = AddressAliases(keyed, book)
        self._emails = EmailAliases(keyed, book, self._names)

    def expect(self, mentions: Sequence[Mention], settings: Sequence[Mapping[str, Any]]) -> None:
        """Let no alias from now on be one of these mentions, in whatever form it is written."""
        for mention, choice in zip(mentions, settings, strict=True):
            bare = skeleton(mention.string)
            if mention.kind == "phone":
                bare = national_digits(mention.string, _region(choice))
            parts = _WORD.findall(mention.string) if mention.kind == "person" else []
            self._book.avoid((mention.string, bare, *parts))

    def aliases(
        self,
        text: str,
        mentions: Sequence[Mention],
        settings: Sequence[Mapping[str, Any]],
        person_key: str,
    ) -> list[Alias]:
        """One alias for each mention, in order; `settings` are those of each one's operator.

        People come first, so that an e-mail address can follow its owner's alias. Dates are moved
        by `days_shifted` of the person key.
        """
        self.expect(mentions, settings)
        folded = text.casefold()
        in_text = frozenset(map(normalised, _WORD.findall(text)))
        people = [mention for mention in mentions if mention.kind == "person"]
        out = set(self._names.learn([_named(mention) for mention in people], in_text))
        by_entity: dict[str, list[str]] = {}
        for mention in people:
            if mention.entity:
                by_entity.setdefault(mention.entity, []).append(mention.string)
        given = []
        for mention, choice in zip(mentions, settings, strict=True):
            if mention.kind == "person" and _named(mention) in out:
                alias = Alias(None, tr(NO_ALIAS))
            elif mention.kind == "person":
                same_person = by_entity.get(mention.entity, [])
                name = self._names.alias(mention.string, same_person)
                alias = Alias(name, "") if name is not None else self._number(mention, folded)
            else:
                alias = self._alias(mention, choice, folded, person_key)
            if alias.text is not None and alias.text.strip() == mention.string.strip():
                alias = Alias(None, tr(NO_NAME))
            if alias.text is not None and mention.kind != "date":
                self._book.record(mention.label, mention.string, alias.text)
            given.append(alias)
        return given

    def _alias(
        self, mention: Mention, settings: Mapping[str, Any], folded: str, person_key: str
    ) -> Alias:
        alias: str | None = None
        if mention.kind == "date":
            return self._date(mention.string, settings, person_key)
        if mention.kind == "phone":
            alias = self._phones.alias(mention.string, _region(settings))
        elif mention.kind == "email":
            alias = self._emails.alias(mention.string, folded)
        elif mention.kind == "address":
            alias = self._addresses.alias(mention.string, mention.label, folded)
        return self._number(mention, folded) if alias is None else Alias(alias)

    def _number(self, mention: Mention, folded: str) -> Alias:
        alias = self._numbers.alias(mention.string, mention.label, folded)
        if alias is None:
            blank = not any(character.isalnum() for character in mention.string)
            return Alias(None, tr(NO_NAME if blank else NO_ALIAS))
        return Alias(alias)

    def _date(self, string: str, settings: Mapping[str, Any], person_key: str) -> Alias:
        written = parse_date(string, month_first=bool(settings.get("month_first", False)))
        if written is None:
            return Alias(None, tr(NO_DATE))
        moved = written.shifted(days_shifted(self._keyed, person_key))
        return Alias(None, tr(NO_DATE)) if moved is None else Alias(moved, written.note)


def is_titled(text: str, start: int) -> bool:
    """Whether a title such as Mrs stands right before this place."""
    return _TITLE_BEFORE.search(text, max(0, start - 24), start) is not None


def _region(settings: Mapping[str, Any]) -> str:
    return str(settings.get("region", "GB"))


def _named(mention: Mention) -> str:
    """The name with the title that stands before it, which tells that it is a family name."""
    return f"Mx {mention.string}" if mention.titled else mention.string
