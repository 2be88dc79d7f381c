"""Fills the slots of a phrase from the facts of a case, in the voice of the writer."""

from __future__ import annotations

import re
from datetime import date
from random import Random

from resources.sample.facts import FRESH, NONE, OPEN, PRIVATE, Facts
from resources.sample.people import Person
from resources.sample.phrase_book import PhraseBook
from resources.sample.template import Draft, Piece, slot_names

CUSTOMER = "customer"
COUNSEL = "counsel"
NOTE = "note"

_FIRST_PERSON = re.compile(r"\b(I|me|my|mine|we|us|our)\b")
_OF_A_LOSS = frozenset({"event", "detail", "thing", "loss", "proof", "incident_date"})
_OF_A_CLAIM = frozenset({"reported_date", "visit_date"})
# Not from the calendar module, whose names follow the locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DATE_STYLES = (
    "day month",
    "day month",
    "day month year",
    "ordinal",
    "month day",
    "slashes",
    "dots",
)
_ROLES = {True: ("daughter", "sister", "cousin"), False: ("son", "brother", "nephew")}


class Slots:
    """The values for one text; the way dates are written and people are called stays the same."""

    def __init__(self, facts: Facts, voice: str, book: PhraseBook, rng: Random) -> None:
        self._facts = facts
        self._voice = voice
        self._rng = rng
        self._product = book.products[facts.product]
        self._date_style = rng.choice(_DATE_STYLES if voice != NOTE else _DATE_STYLES[-2:] * 2)
        self._minutes = rng.choice(("twenty-five", "forty", "fifty", "thirty-five"))
        self._initials = "".join(rng.choice("abdefghklmnprstw") for _ in range(2))
        self._role = rng.choice(_ROLES[facts.relative.woman])
        self._handler_named = False

    def can_fill(self, template: str) -> bool:
        """Whether this case has what the phrase speaks of."""
        names = slot_names(template)
        facts = self._facts
        if facts.situation == NONE and names & _OF_A_LOSS:
            return False
        if facts.situation in (FRESH, PRIVATE, NONE) and names & _OF_A_CLAIM:
            return False
        if facts.situation != OPEN and "weeks" in names:
            return False
        return all(self._variants(name) for name in names & {"event", "detail", "topic", "moot"})

    def fill(self, name: str) -> str | Draft:
        """The value of a slot, as plain words or as mentions with the titles around them.

        Raises KeyError for a slot that does not exist.
        """
        variants = self._variants(name)
        if variants:
            return self._rng.choice(variants)
        if name.endswith("_date"):
            return self._mention_date(getattr(self._facts, name))
        plain = self._words(name)
        return plain if plain is not None else self._mention(name)

    def _variants(self, name: str) -> list[str]:
        incident, product = self._facts.incident, self._product
        values = {
            "event": incident.event,
            "detail": incident.detail,
            "thing": incident.thing,
            "loss": incident.loss,
            "topic": product.topic,
            "moot": product.moot,
        }.get(name, ())
        if self._voice == CUSTOMER:
            return list(values)
        return [value for value in values if not _FIRST_PERSON.search(value)]

    def _words(self, name: str) -> str | None:
        facts = self._facts
        woman = facts.customer.woman
        weeks = facts.weeks_waiting
        return {
            "product": self._product.name,
            "proof": facts.incident.proof,
            "amount": f"£{facts.amount:,}",
            "weeks": f"{_number(weeks)} weeks",
            "years": _number(facts.years),
            "minutes": f"{self._minutes} minutes",
            "initials": self._initials,
            "we": "we",
            "us": "us",
            "client": "our client",
            "they": "she" if woman else "he",
            "their": "her" if woman else "his",
            "theirs": "hers" if woman else "his",
            "relative_role": f"my {self._role}",
            "relative_role_note": self._role,
        }.get(name)

    def _mention(self, name: str) -> Draft:
        facts = self._facts
        customer = facts.customer
        if name == "handler":
            return self._mention_handler()
        texts = {
            "customer": ("PERSON", customer.full),
            "customer_family": ("PERSON", customer.family),
            "customer_initial": ("PERSON", customer.initial),
            "customer_formal": ("PERSON", customer.family),
            "customer_given": ("PERSON", customer.given),
            "other": ("PERSON", facts.other.full),
            "relative": ("PERSON", facts.relative.given),
            "address": ("ADDRESS", facts.address),
            "old_address": ("ADDRESS", facts.old_address),
            "phone": ("PHONE", facts.phone),
            "email": ("EMAIL", facts.email),
            "policy": ("POLICY", facts.policy),
        }
        label, text = texts[name]
        key = "customer" if name.startswith("customer") else name
        mention = Piece(text, label, key)
        return [Piece(f"{customer.title} "), mention] if name == "customer_formal" else [mention]

    def _mention_handler(self) -> Draft:
        handler: Person = self._facts.handler
        in_full = not self._handler_named and self._rng.random() < 0.3
        self._handler_named = True
        if in_full:
            return [Piece(handler.full, "PERSON", "handler")]
        return [Piece(f"{handler.title} "), Piece(handler.family, "PERSON", "handler")]

    def _mention_date(self, day: date) -> Draft:
        month = _MONTHS[day.month - 1]
        text = {
            "day month": f"{day.day} {month}",
            "day month year": f"{day.day} {month} {day.year}",
            "ordinal": f"{day.day}{ordinal_suffix(day.day)} {month}",
            "month day": f"{month} {day.day}",
            "slashes": f"{day.day:02d}/{day.month:02d}/{day.year}",
            "dots": f"{day.day}.{day.month}.{day.year}",
        }[self._date_style]
        return [Piece(text, "DATE", day.isoformat())]


def _number(value: int) -> str:
    return _NUMBERS[value] if value < len(_NUMBERS) else str(value)


def ordinal_suffix(day: int) -> str:
    """The letters after a day of the month: 1st, 2nd, 3rd, 4th."""
    if 10 < day < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
