"""Identifiers are found by their form, their check digits, and the user's own rules."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import KnownError
from engine.deidentify.patterns import DEFAULT_RULES, TIMEOUT, Rule, check_rules, recognise
from engine.deidentify.recognisers import RECOGNISERS
from resources.sample import generate

EVERY_RULE = tuple(Rule(kind, kind) for kind in RECOGNISERS)


def found_by(kind: str, text: str, **settings: object) -> list[tuple[str, float]]:
    rule = Rule(kind, "X", **settings)  # type: ignore[arg-type]
    return [(text[hit.start : hit.end], hit.confidence) for hit in recognise(text, [rule])]


def strings(kind: str, text: str, **settings: object) -> list[str]:
    return [string for string, _ in found_by(kind, text, **settings)]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("email", "Write to j.o'neil+x@ex-ample.co.uk.", ["j.o'neil+x@ex-ample.co.uk"]),
        ("email", "müller@müller.de, a@b, @home, x@y.z1", ["müller@müller.de"]),
        ("phone", "Ring 01632 960123, 07700 900 123!", ["01632 960123", "07700 900 123"]),
        ("phone", "(020) 7946 0018 or +49 30 23125-123", ["(020) 7946 0018", "+49 30 23125-123"]),
        ("phone", "£12,500.00 on 14.3.2024, ref 123456789", []),
        ("phone", "MV-0968-730172, 4111 1111 1111 1111", []),
        ("iban", "to GB82 WEST 1234 5698 7654 32 and", ["GB82 WEST 1234 5698 7654 32"]),
        ("iban", "de89370400440532013000", ["de89370400440532013000"]),
        ("card", "4111-1111-1111-1111.", ["4111-1111-1111-1111"]),
        ("card", "1234567890123, order 4111", []),
        ("date", "on 3 March, am 14. März 2024", ["3 March", "14. März 2024"]),
        ("date", "31/04/2024, March 2024, version 1.2.3.4", []),
        ("reference", "MV-9687-3017, HM68061223", ["MV-9687-3017", "HM68061223"]),
        ("reference", "Policy no. AB12/3456; in 2024", ["AB12/3456"]),
        ("reference", "DOL 02/11/2023, policy number 14/03/2024", []),
        ("nhs", "943 476 5919 and 943 476 5918", ["943 476 5919"]),
        ("idnr", "36 574 261 809, 36574261890", ["36 574 261 809"]),
        ("url", "See https://a.b/c?d=1). Or www.x.de/y,", ["https://a.b/c?d=1", "www.x.de/y"]),
        ("ip", "10.1.2.24, 999.1.1.1, 2001:db8::1 at 12:30:45", ["10.1.2.24", "2001:db8::1"]),
    ],
)
def test_what_each_recogniser_finds(kind: str, text: str, expected: list[str]) -> None:
    assert strings(kind, text) == expected


def test_check_digits_decide_how_sure_a_rule_is() -> None:
    def confidence(kind: str, text: str) -> float:
        return found_by(kind, text)[0][1]

    assert confidence("iban", "GB82 WEST 1234 5698 7654 32") > confidence(
        "iban", "GB83 WEST 1234 5698 7654 32"
    )
    assert confidence("card", "4111 1111 1111 1111") > confidence("card", "4111 1111 1111 1112")
    assert confidence("phone", "020 7946 0018") > confidence("phone", "01632 960123")
    assert (
        confidence("date", "3 May 2024") > confidence("date", "3 May") > confidence("date", "3 may")
    )


def test_numbers_without_a_country_belong_to_the_regions_asked_for() -> None:
    assert strings("phone", "(202) 555-0123", regions=("US",)) == ["(202) 555-0123"]
    assert strings("phone", "202-555-0123", regions=("GB",)) == []


def test_the_sample_is_found_by_form_and_nothing_else_is() -> None:
    labels = {rule.label for rule in DEFAULT_RULES}
    for letter in generate(300):
        found = {(f.start, f.end, f.label) for f in recognise(letter.content, DEFAULT_RULES)}
        assert found == {(s.start, s.end, s.label) for s in letter.spans if s.label in labels}, (
            letter.content
        )


def test_the_longest_passage_wins_and_then_the_earlier_rule() -> None:
    text = "Quote AB123456 today"
    short, long = Rule("expression", "A", pattern=r"AB\d{3}"), Rule("reference", "B")
    assert [hit.label for hit in recognise(text, [short, long])] == ["B"]
    same = Rule("expression", "C", pattern=r"AB\d+")
    assert [hit.label for hit in recognise(text, [same, long])] == ["C"]
    assert [hit.label for hit in recognise(text, [long, same])] == ["B"]


def test_an_expression_of_ones_own_may_name_the_passage() -> None:
    text = "Room 12, room 7"
    assert strings("expression", text, pattern=r"Room (?<value>\d+)") == ["12"]
    assert strings("expression", text, pattern=r"room \d+", ignore_case=True) == [
        "Room 12",
        "room 7",
    ]
    assert strings("expression", text, pattern=r"\b") == []


def test_an_expression_that_would_never_end_is_stopped() -> None:
    begun = time.monotonic()
    with pytest.raises(KnownError, match="took longer than 2 seconds") as error:
        found_by("expression", "a" * 60 + "!", pattern="(?:a|aa)+$")
    assert time.monotonic() - begun < 10 * TIMEOUT
    assert "“(?:a|aa)+$”" in error.value.message


def test_a_list_is_found_at_word_boundaries() -> None:
    entries = ("Hollis", "Castle Brindle", "O’Rourke & Sons", "José")
    text = "Hollis of Castle\nBrindle, Hollister, hollis; O’Rourke & Sons' Jose\u0301"
    assert strings("list", text, entries=entries) == [
        "Hollis",
        "Castle\nBrindle",
        "O’Rourke & Sons",
        "Jose\u0301",
    ]
    assert strings("list", "STRASSE straße", entries=("Straße",), ignore_case=True) == [
        "STRASSE",
        "straße",
    ]
    (hit,) = recognise("Hollis", [Rule("list", "N", entries=entries)])
    assert hit.source == "gazetteer"


def test_a_long_list_takes_no_longer_than_a_second_for_a_long_text() -> None:
    random = Random(1)
    words = ["".join(random.choices("abcdefghij", k=6)) for _ in range(10_000)]
    entries = tuple(f"{one} {two}" for one, two in zip(words, reversed(words), strict=True))
    text = " ".join(random.choices(words, k=30_000))[:200_000]
    begun = time.perf_counter()
    assert recognise(f"{text} {entries[7].upper()}", [Rule("list", "N", "", entries, True)])
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule("passport", "X"), "no rule “passport”"),
        (Rule("email", ""), "names no label"),
        (Rule("expression", "X", pattern="("), "cannot be read"),
        (Rule("expression", "X"), "empty expression"),
        (Rule("list", "X", entries=(" ",)), "is empty"),
        (Rule("phone", "X", regions=("UK",)), "“UK” is no region"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(rule: Rule, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        check_rules([rule])


PIECES = ["12", "0", "+44", "/", ".", "-", " ", "@", "a", "GB", ":", "March", "http://", "(", "٣"]
FORMS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@given(st.one_of(st.text(max_size=60), FORMS))
def test_any_text_gives_passages_inside_it_in_order_and_apart(text: str) -> None:
    at = 0
    for hit in recognise(text, EVERY_RULE):
        assert at <= hit.start < hit.end <= len(text)
        assert 0 < hit.confidence <= 1
        at = hit.end
