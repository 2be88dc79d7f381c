"""The facts behind a letter: who wrote, what happened, and when each thing happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from resources.sample.people import (
    Person,
    invent_address,
    invent_email,
    invent_person,
    invent_phone,
)
from resources.sample.phrase_book import Incident, PhraseBook
from resources.sample.schema import CANCELLATION, CLAIM_STATUS, COMPLAINT, NEW_CLAIM, OTHER_QUESTION

FRESH = "fresh"
"""A loss has happened and the insurer does not know of it."""
PRIVATE = "private"
"""A loss has happened, and the customer does not ask the insurer to pay for it."""
OPEN = "open"
"""A claim has been reported and is being dealt with."""
PAID = "paid"
"""A claim has been decided and paid, perhaps not in full."""
DECLINED = "declined"
"""A claim has been turned down."""
NONE = "none"
"""The letter is about the contract; nothing has happened."""
SITUATIONS = (FRESH, PRIVATE, OPEN, PAID, DECLINED, NONE)

_SITUATION_WEIGHTS: dict[str, dict[str, int]] = {
    NEW_CLAIM: {FRESH: 1},
    CLAIM_STATUS: {OPEN: 1},
    COMPLAINT: {OPEN: 50, PAID: 18, DECLINED: 20, NONE: 12},
    CANCELLATION: {OPEN: 32, PAID: 23, DECLINED: 22, NONE: 23},
    OTHER_QUESTION: {PRIVATE: 50, PAID: 14, DECLINED: 10, NONE: 26},
}
_FOLLOWS: dict[str, tuple[str, ...]] = {
    FRESH: (OPEN, PAID, DECLINED),
    PRIVATE: (),
    OPEN: (OPEN, PAID, DECLINED),
    PAID: (PAID,),
    DECLINED: (DECLINED,),
    NONE: (NONE,),
}
_FIRST_DAY = date(2024, 1, 8)
_LAST_DAY = date(2025, 11, 28)


@dataclass(frozen=True)
class Facts:
    """Everything a letter may speak of. Dates keep their order: incident, reported, visit,
    contact, received, future (when a contract would end)."""

    document: str
    situation: str
    product: str
    incident: Incident
    customer: Person
    handler: Person
    other: Person
    relative: Person
    address: str
    old_address: str
    phone: str
    email: str
    policy: str
    incident_date: date
    reported_date: date
    visit_date: date
    contact_date: date
    received_date: date
    future_date: date
    amount: int
    years: int

    @property
    def weeks_waiting(self) -> int:
        return max(2, (self.received_date - self.reported_date).days // 7)


def situations_of(intent: str) -> tuple[str, ...]:
    """The situations in which a customer may write with this intent."""
    return tuple(_SITUATION_WEIGHTS[intent])


def open_file(document: str, intent: str, book: PhraseBook, rng: Random) -> Facts:
    """Invent a customer with a policy and, where the intent needs one, a loss."""
    weights = _SITUATION_WEIGHTS[intent]
    situation = rng.choices(list(weights), list(weights.values()))[0]
    received = _FIRST_DAY + timedelta(days=rng.randrange((_LAST_DAY - _FIRST_DAY).days))
    if situation in (FRESH, PRIVATE, NONE):
        longest = 12 if situation == FRESH else 60
        incident_date = received - timedelta(days=rng.randint(1, longest))
        reported = received
    else:
        longest = 120 if situation == OPEN else 230
        reported = received - timedelta(days=rng.randint(20 if situation == OPEN else 70, longest))
        incident_date = reported - timedelta(days=rng.randint(1, 9))
    product = rng.choice(list(book.products))
    in_season = [
        incident for incident in book.incidents[product] if incident_date.month in incident.months
    ]
    customer, handler, other, relative = _invent_cast(rng)
    facts = Facts(
        document=document,
        situation=situation,
        product=product,
        incident=rng.choice(in_season),
        customer=customer,
        handler=handler,
        other=other,
        relative=relative,
        address=invent_address(rng),
        old_address=invent_address(rng),
        phone=invent_phone(rng),
        email=invent_email(rng, customer),
        policy=_invent_policy(product, rng),
        incident_date=incident_date,
        reported_date=reported,
        visit_date=received,
        contact_date=received,
        received_date=received,
        future_date=received,
        amount=rng.choice((rng.randint(9, 60) * 10, rng.randint(81, 2950))),
        years=rng.randint(2, 23),
    )
    return _date_the_letter(facts, received, situation, rng)


def continue_file(facts: Facts, intent: str, rng: Random) -> Facts | None:
    """The same customer writes again, weeks later; None where that would make no sense."""
    follows = _FOLLOWS[facts.situation]
    allowed = [situation for situation in situations_of(intent) if situation in follows]
    received = facts.received_date + timedelta(days=rng.randint(21, 75))
    if not allowed or received > _LAST_DAY:
        return None
    return _date_the_letter(facts, received, rng.choice(allowed), rng)


def _date_the_letter(facts: Facts, received: date, situation: str, rng: Random) -> Facts:
    span = (received - facts.reported_date).days
    visit = facts.reported_date + timedelta(days=rng.randint(2, max(2, span // 3)))
    contact = received - timedelta(days=rng.randint(3, 8))
    future = received + timedelta(days=rng.randint(16, 80))
    if rng.random() < 0.5:
        future = future.replace(day=28) + timedelta(days=4)
        future = future.replace(day=1) - timedelta(days=rng.choice((0, 1)))
    return replace(
        facts,
        situation=situation,
        received_date=received,
        visit_date=visit,
        contact_date=contact,
        future_date=future,
    )


def _invent_cast(rng: Random) -> tuple[Person, ...]:
    """Four people who share no name, so that every mention means exactly one of them."""
    cast: list[Person] = []
    while len(cast) < 4:
        person = invent_person(rng)
        names = {name for known in cast for name in (known.given, known.family)}
        if names.isdisjoint((person.given, person.family)):
            cast.append(person)
    return tuple(cast)


def _invent_policy(product: str, rng: Random) -> str:
    prefix = {"home": "HM", "motor": "MV", "travel": "TR", "liability": "LB", "legal": "LP"}[
        product
    ]
    first, second = rng.randint(1000, 9999), rng.randint(100, 9999)
    return rng.choice(
        (
            f"{prefix}-{first}-{second:04d}",
            f"{prefix} {first} {second:04d}",
            f"{prefix}{first}{second:04d}",
            f"{prefix}/{first}/{second:04d}",
        )
    )
