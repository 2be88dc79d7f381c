"""Generates the sample corpus: an insurer's post, with labels and with a few things wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from resources.sample.facts import Facts, continue_file, open_file
from resources.sample.layout import CHANNELS, compose
from resources.sample.near_duplicates import Spans, repeat_with_a_change
from resources.sample.phrase_book import load_phrase_book
from resources.sample.schema import (
    CANCELLATION,
    CLAIM_STATUS,
    COMPLAINT,
    NEW_CLAIM,
    OTHER_QUESTION,
    SampleText,
)
from resources.sample.template import compile_spans

NOISE_SHARE = 0.05
NEAR_DUPLICATE_SHARE = 0.01
_INTENT_SHARES = {
    NEW_CLAIM: 0.28,
    CLAIM_STATUS: 0.22,
    COMPLAINT: 0.20,
    CANCELLATION: 0.14,
    OTHER_QUESTION: 0.16,
}
_CONFUSED_WITH = {
    NEW_CLAIM: (CLAIM_STATUS, OTHER_QUESTION),
    CLAIM_STATUS: (NEW_CLAIM, COMPLAINT),
    COMPLAINT: (CLAIM_STATUS, CANCELLATION),
    CANCELLATION: (COMPLAINT, OTHER_QUESTION),
    OTHER_QUESTION: (NEW_CLAIM, CANCELLATION),
}
_FOLLOW_UP_SHARE = 0.15
_SHORTEST_REPEATED = 200


@dataclass(frozen=True)
class _Entry:
    """A text before its place in the corpus is known."""

    content: str
    spans: Spans
    true_intent: str
    channel: str
    received: date
    product: str
    document: str
    repeats: int | None = None


def generate(count: int = 2000, seed: int = 20) -> list[SampleText]:
    """The corpus in the order in which the texts were received; the same for the same arguments.

    One text in twenty carries a wrong label, one in a hundred repeats another with one detail
    changed (both shares rounded). Apart from these no two texts are equal. Raises ValueError for
    a negative count.
    """
    if count < 0:
        raise ValueError("the number of texts must not be negative")
    rng = Random(seed)
    repeated = round(count * NEAR_DUPLICATE_SHARE)
    entries = _write_originals(count - repeated, rng)
    entries += _repeat_some(entries, repeated, rng)
    order = sorted(range(count), key=lambda index: (entries[index].received, index))
    place = {index: position for position, index in enumerate(order)}
    noisy = set(rng.sample(range(count), round(count * NOISE_SHARE)))
    return [
        SampleText(
            content=entry.content,
            intent=(
                rng.choice(_CONFUSED_WITH[entry.true_intent])
                if position in noisy
                else entry.true_intent
            ),
            true_intent=entry.true_intent,
            spans=entry.spans,
            metadata={
                "channel": entry.channel,
                "received": entry.received.isoformat(),
                "product": entry.product,
            },
            document=entry.document,
            duplicate_of=None if entry.repeats is None else place[entry.repeats],
        )
        for position, entry in enumerate(entries[index] for index in order)
    ]


def _write_originals(count: int, rng: Random) -> list[_Entry]:
    book = load_phrase_book()
    entries: list[_Entry] = []
    latest: dict[str, Facts] = {}
    known: set[str] = set()
    for intent in _intents(count, rng):
        facts = None
        if latest and rng.random() < _FOLLOW_UP_SHARE:
            facts = continue_file(latest[rng.choice(list(latest))], intent, rng)
        if facts is None:
            facts = open_file(f"file-{len(latest) + 1:04d}", intent, book, rng)
        latest[facts.document] = facts
        entry = _write_entry(facts, intent, rng)
        while entry.content in known:
            entry = _write_entry(facts, intent, rng)
        known.add(entry.content)
        entries.append(entry)
    return entries


def _write_entry(facts: Facts, intent: str, rng: Random) -> _Entry:
    channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    content, spans = compile_spans(compose(facts, intent, channel, rng))
    product = load_phrase_book().products[facts.product].name
    return _Entry(content, spans, intent, channel, facts.received_date, product, facts.document)


def _repeat_some(entries: list[_Entry], count: int, rng: Random) -> list[_Entry]:
    """Letters that came twice; nobody noticed, so each has a document id of its own."""
    long_enough = [
        index for index, entry in enumerate(entries) if len(entry.content) >= _SHORTEST_REPEATED
    ]
    repeats = []
    for number, index in enumerate(rng.sample(long_enough, count), start=1):
        entry = entries[index]
        content, spans = repeat_with_a_change(entry.content, entry.spans, rng)
        repeats.append(
            replace(
                entry,
                content=content,
                spans=spans,
                received=entry.received + timedelta(days=rng.randint(1, 9)),
                document=f"{entry.document}-copy-{number}",
                repeats=index,
            )
        )
    return repeats


def _intents(count: int, rng: Random) -> list[str]:
    """The intents in their shares, in random order; new claims take what rounding leaves."""
    numbers = {intent: round(count * share) for intent, share in _INTENT_SHARES.items()}
    numbers[NEW_CLAIM] += count - sum(numbers.values())
    intents = [intent for intent, number in numbers.items() for _ in range(number)]
    rng.shuffle(intents)
    return intents
