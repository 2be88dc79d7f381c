"""Rules find passages in a text, and those that could not are refused before they are kept."""

from __future__ import annotations

import time

import pytest

from engine.assist.rule_finding import RECOGNISERS, check_rules, find_by_rules
from engine.core.errors import KnownError
from engine.deidentify import recognisers
from engine.project.rows import Rule

PER, MAIL, NUMBER = 1, 2, 3
LETTER = "Jane Okafor 😀 (jane@okafor.example) on HM-1234-5678, Jane\nOkafor."


def found(*rules: Rule, text: str = LETTER) -> list[tuple[str, int, str]]:
    return [
        (text[one.start : one.end], one.label_id, one.source) for one in find_by_rules(text, rules)
    ]


def test_every_recogniser_of_the_program_is_named() -> None:
    assert set(RECOGNISERS) == set(recognisers.RECOGNISERS)


def test_each_kind_of_rule_finds_its_passages() -> None:
    rules = (
        Rule(PER, "list", "Jane Okafor"),
        Rule(MAIL, "recogniser", "email"),
        Rule(NUMBER, "expression", r"\b[A-Z]{2}(?:-\d{4}){2}\b"),
        Rule(PER, "list", "okafor"),
    )
    assert found(*rules) == [
        ("jane@okafor.example", MAIL, "recogniser"),
        ("HM-1234-5678", NUMBER, "expression"),
        ("Jane Okafor", PER, "list"),
        ("okafor", PER, "list"),
        ("Jane\nOkafor", PER, "list"),
    ]
    assert all(
        one.model_id is None and 0 < one.confidence <= 1 for one in find_by_rules(LETTER, rules)
    )


def test_telephone_numbers_of_other_regions_are_found_when_the_region_is_named() -> None:
    text = "Call 212-736-5000 today"
    assert found(Rule(NUMBER, "recogniser", "phone"), text=text) == []
    american = Rule(NUMBER, "recogniser", "phone:us, CA")
    check_rules([american])
    assert found(american, text=text) == [("212-736-5000", NUMBER, "recogniser")]


def test_an_expression_that_takes_too_long_for_a_text_leaves_the_others_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.deidentify.patterns.TIMEOUT", 0.1)
    slow = Rule(NUMBER, "expression", r"(q|qq)+z")
    mail = Rule(MAIL, "recogniser", "email")
    text = "q" * 5000 + " jane@okafor.example"
    assert found(slow, mail, text=text) == [("jane@okafor.example", MAIL, "recogniser")]


def test_whoever_waits_no_more_is_heard_between_two_rules() -> None:
    def stop() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        find_by_rules(LETTER, [Rule(MAIL, "recogniser", "email")], stop)
    assert find_by_rules(LETTER, [], stop) == []


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("recogniser", "shoe size", "no recogniser “shoe size”; there are email, phone"),
        ("recogniser", "phone:XX", "no region"),
        ("expression", "(", "cannot be read"),
        ("expression", r"(\w+\s?)*$", "took longer"),
        ("expression", "(x+x+)+y", "took longer"),
    ],
)
def test_rules_that_cannot_be_used_are_refused(
    kind: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.deidentify.patterns.TIMEOUT", 0.2)
    with pytest.raises(KnownError, match=words):
        check_rules([Rule(NUMBER, kind, value)])


def test_an_expression_is_tried_on_the_texts_that_it_is_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.deidentify.patterns.TIMEOUT", 0.2)
    rule = Rule(NUMBER, "expression", r"(\u00e9|[\u00e9\u00e8])+$")
    check_rules([rule], [LETTER])
    started = time.monotonic()
    with pytest.raises(KnownError, match="took longer"):
        check_rules([rule], ["é" * 5000 + "!"])
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "value",
    [
        r"\b(?:HM|MV|TR|LB|LP)[-/ ]?\d{4}[-/ ]?\d{4}\b",
        r"\w+@\w+\.\w+",
        r"(?i)dr\.? \p{Lu}\w+",
        r"(?:\d+[.,]?)+ (?:EUR|GBP)",
        r".*invoice.*",
    ],
)
def test_ordinary_expressions_are_not_taken_for_slow_ones(value: str) -> None:
    started = time.monotonic()
    check_rules([Rule(NUMBER, "expression", value)], [LETTER * 500])
    assert time.monotonic() - started < 2
