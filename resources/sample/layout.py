"""Gives a text the outer form of its channel: letterhead, subject line, greeting, signature."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from resources.sample.facts import Facts
from resources.sample.phrase_book import PhraseBook, load_phrase_book
from resources.sample.slots import COUNSEL
from resources.sample.template import Draft, Piece, render
from resources.sample.wear import roughen
from resources.sample.writer import Writer, voice_of

CHANNELS: dict[str, int] = {"letter": 24, "e-mail": 32, "portal message": 24, "call note": 20}
_REGISTERS: dict[str, dict[str, int]] = {
    "letter": {"formal": 34, "elderly": 30, "plain": 14, "angry": 8, "counsel": 14},
    "e-mail": {"formal": 20, "plain": 46, "angry": 22, "counsel": 12},
    "portal message": {"plain": 75, "angry": 25},
    "call note": {"plain": 1},
}
_SIZES: dict[str, dict[str, int]] = {
    "letter": {"short": 8, "medium": 47, "long": 45},
    "e-mail": {"short": 22, "medium": 50, "long": 28},
    "portal message": {"short": 48, "medium": 42, "long": 10},
    "call note": {"short": 38, "medium": 47, "long": 15},
}
_LETTERHEAD = "[{customer}\n{address}\n\n{received_date}|{customer}, {address}|{received_date}]"
_FIRMS = ("Lantern Row Chambers", "Mulberry Wharf Solicitors", "Ropewalk Legal", "Beacon Law")


def compose(facts: Facts, intent: str, channel: str, rng: Random) -> Draft:
    """One whole text as it reached the insurer."""
    book = load_phrase_book()
    registers, sizes = _REGISTERS[channel], _SIZES[channel]
    register = rng.choices(list(registers), list(registers.values()))[0]
    size = rng.choices(list(sizes), list(sizes.values()))[0]
    writer = Writer(facts, intent, voice_of(channel, register), register, book, rng)
    return _Sheet(facts, register, book, writer, rng).lay_out(channel, size)


class _Sheet:
    def __init__(
        self, facts: Facts, register: str, book: PhraseBook, writer: Writer, rng: Random
    ) -> None:
        self._facts = facts
        self._register = register
        self._book = book
        self._writer = writer
        self._rng = rng

    def lay_out(self, channel: str, size: str) -> Draft:
        forms: dict[str, Callable[[str], Draft]] = {
            "letter": self._letter,
            "e-mail": self._email,
            "portal message": self._portal_message,
            "call note": self._call_note,
        }
        return forms[channel](size)

    def _letter(self, size: str) -> Draft:
        body = self._body(size)
        blocks: list[Draft] = []
        if self._register != "counsel" and self._rng.random() < 0.55:
            blocks.append(self._fill(_LETTERHEAD))
        elif self._register == "counsel":
            firm = self._rng.choice(_FIRMS)
            blocks.append([Piece(f"{firm}\n"), *self._fill("{received_date}")])
        blocks.append(self._salutation("salutation_formal", body))
        blocks += body
        blocks.append(self._farewell("closing_formal"))
        return _join(blocks, "\n\n")

    def _email(self, size: str) -> Draft:
        body = self._body(size)
        blocks: list[Draft] = []
        if self._rng.random() < 0.7:
            subject = self._line("customer", "subject", body)
            blocks.append([Piece("Subject: "), *subject])
        formal = self._register in ("formal", "counsel")
        if self._rng.random() < 0.9:
            move = "salutation_formal" if formal else "salutation_casual"
            blocks.append(self._salutation(move, body))
        blocks += body
        blocks.append(self._farewell("closing_formal" if formal else "closing_casual"))
        return roughen(_join(blocks, "\n\n"), self._rng, emoji=not formal)

    def _portal_message(self, size: str) -> Draft:
        body = self._body(size)
        blocks: list[Draft] = []
        if self._rng.random() < 0.35:
            blocks.append(self._salutation("salutation_casual", body))
        blocks += body
        if self._rng.random() < 0.5:
            blocks.append(
                self._fill("[{customer}|{customer_given}|{customer}, {phone}|{customer_initial}]")
            )
        between = self._rng.choice((" ", "\n", "\n"))
        return roughen(_join(blocks, between), self._rng, emoji=True)

    def _call_note(self, size: str) -> Draft:
        sentences = self._writer.note(size)
        between = self._rng.choice((" ", " ", "\n", "\n- "))
        note = _join(sentences, between)
        if self._rng.random() < 0.4:
            note = [*note, Piece(" /" + self._rng.choice(("mk", "TB", "js", "AW", "pl")))]
        return roughen(note, self._rng, emoji=False)

    def _body(self, size: str) -> list[Draft]:
        paragraphs = [_join(sentences, " ") for sentences in self._writer.body(size) if sentences]
        if len(paragraphs) > 1 and self._rng.random() < 0.35:
            paragraphs[:2] = [_join(paragraphs[:2], " ")]
        return paragraphs

    def _salutation(self, move: str, body: list[Draft]) -> Draft:
        return self._line("customer", move, body)

    def _line(self, voice: str, move: str, body: list[Draft]) -> Draft:
        """A greeting or subject. The person written to is never spoken of in the third person."""
        lines = self._book.phrases("common", voice, move, self._facts.situation)
        if any(piece.key == "handler" for paragraph in body for piece in paragraph):
            lines = [line for line in lines if "{handler}" not in line]
        lines = [line for line in lines if self._writer.slots.can_fill(line)]
        return self._fill(self._rng.choice(lines))

    def _farewell(self, move: str) -> Draft:
        if self._register == "counsel":
            closing = self._rng.choice(self._book.phrases("common", COUNSEL, "closing"))
            other = self._facts.other
            return [Piece(f"{closing}\n"), Piece(other.full, "PERSON", "other")]
        closing = self._rng.choice(self._book.phrases("common", "customer", move))
        signature = (
            "{customer}"
            if move == "closing_formal"
            else "[{customer}|{customer_given}|{customer_initial}]"
        )
        return self._fill(f"{closing}\n{signature}")

    def _fill(self, template: str) -> Draft:
        return render(template, self._writer.slots.fill, self._rng)


def _join(parts: list[Draft], between: str) -> Draft:
    joined: Draft = []
    for part in parts:
        if not part:
            continue
        if joined:
            joined.append(Piece(between))
        joined.extend(part)
    return joined
