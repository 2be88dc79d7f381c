"""What every phrase of the sample corpus must keep to, whichever letter it ends up in."""

from __future__ import annotations

import re
from random import Random

import pytest

from resources.sample import LABELS
from resources.sample.facts import SITUATIONS, open_file, situations_of
from resources.sample.phrase_book import load_phrase_book
from resources.sample.schema import CLAIM_STATUS, COMPLAINT, NEW_CLAIM, OTHER_QUESTION
from resources.sample.slots import COUNSEL, CUSTOMER, NOTE, Slots
from resources.sample.template import Draft, Piece, compile_spans, render, slot_names

BOOK = load_phrase_book()
PHRASES = BOOK.every_phrase()


def slots_in(situation: str, voice: str = CUSTOMER) -> Slots:
    intents = [NEW_CLAIM, CLAIM_STATUS, COMPLAINT, OTHER_QUESTION]
    intent = next(intent for intent in intents if situation in situations_of(intent))
    rng = Random(1)
    facts = open_file("file-1", intent, BOOK, rng)
    while facts.situation != situation:
        facts = open_file("file-1", intent, BOOK, rng)
    return Slots(facts, voice, BOOK, rng)


def test_a_phrase_speaks_only_of_what_has_happened_in_its_situations() -> None:
    unfit = []
    for file, voice, move, situations, template in PHRASES:
        for situation in situations.split("+"):
            slots = slots_in(situation) if situation != "any" else slots_in("none")
            if voice == CUSTOMER and not slots.can_fill(template):
                unfit.append((file, move, situation, template))
    assert unfit == []


def test_every_slot_has_a_value() -> None:
    for _, voice, _, situations, template in PHRASES:
        situation = situations.split("+")[0].replace("any", "open")
        slots = slots_in(situation, voice)
        for name in slot_names(template) - {"wish"}:
            if slots.can_fill(f"{{{name}}}"):
                assert slots.fill(name)


def test_situations_are_known_and_brackets_closed() -> None:
    for file, voice, _, situations, template in PHRASES:
        assert voice in (CUSTOMER, COUNSEL, NOTE), file
        assert set(situations.split("+")) <= {*SITUATIONS, "any"}, situations
        without_choices = re.sub(r"\[[^\[\]]*\]", "", template)
        assert not set("[]|") & set(without_choices), template


@pytest.mark.parametrize("intent", LABELS)
def test_an_intent_can_be_put_in_forty_ways(intent: str) -> None:
    cores = {
        template
        for file, _, move, _, template in PHRASES
        if move == "core" and file == intent.replace(" ", "_")
    }
    assert len(cores) >= 40


@pytest.mark.parametrize("intent", LABELS)
@pytest.mark.parametrize("voice", [CUSTOMER, COUNSEL, NOTE])
def test_every_voice_can_say_what_it_wants_in_every_situation(intent: str, voice: str) -> None:
    for situation in situations_of(intent):
        assert BOOK.phrases(intent.replace(" ", "_"), voice, "core", situation)


def test_a_filling_is_capitalised_where_a_sentence_begins_and_counted_in_code_points() -> None:
    values: dict[str, str | Draft] = {
        "who": [Piece("Siân", "PERSON", "a")],
        "thing": "the [shed|shed]",
    }
    draft = render("😩 Well. {thing} fell on {who}. {who} is fine.", values.__getitem__, Random(1))
    content, spans = compile_spans(draft)
    assert content == "😩 Well. The shed fell on Siân. Siân is fine."
    assert [(content[span.start : span.end], span.entity) for span in spans] == [
        ("Siân", "person-1"),
        ("Siân", "person-1"),
    ]


def test_a_loss_happens_in_its_season() -> None:
    rng = Random(2)
    for number in range(300):
        facts = open_file(f"file-{number}", NEW_CLAIM, BOOK, rng)
        assert facts.incident_date.month in facts.incident.months
