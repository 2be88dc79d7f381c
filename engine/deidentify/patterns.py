"""Rules that run beside the model: built-in recognisers, expressions, and lists of strings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic

import phonenumbers
import regex

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.deidentify.gazetteer import Gazetteer
from engine.deidentify.recognisers import RECOGNISERS, Hit
from engine.deidentify.records import Found

EXPRESSION, LIST = "expression", "list"
KINDS_OF_RULE = (*RECOGNISERS, EXPRESSION, LIST)
TIMEOUT = 2.0
"""Seconds that one expression may take for one text."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What to look for, and the label of what is found.

    `kind` is the name of a recogniser, or EXPRESSION with a `pattern` in the syntax of the module
    regex (its group named “value”, if it has one, is the passage), or LIST with `entries`.
    `regions` are those whose telephone numbers are known without their country code.
    """

    kind: str
    label: str
    pattern: str = ""
    entries: tuple[str, ...] = ()
    ignore_case: bool = False
    regions: tuple[str, ...] = ("GB", "DE")


DEFAULT_RULES = (
    Rule("email", "EMAIL"),
    Rule("iban", "IBAN"),
    Rule("card", "CARD"),
    Rule("url", "URL"),
    Rule("ip", "IP"),
    Rule("nhs", "NHS"),
    Rule("phone", "PHONE"),
    Rule("date", "DATE"),
    Rule("reference", "POLICY"),
)
"""Every recogniser that is right often enough to run unasked, the surest first."""


def recognise(text: str, rules: Sequence[Rule]) -> list[Found]:
    """What the rules find, in the order of the text and without overlaps.

    Of passages that overlap the longest stays, of equally long ones that of the earlier rule. The
    source is "gazetteer" for a list and "pattern" otherwise. Raises KnownError for a rule that
    cannot be used and for an expression that takes longer than TIMEOUT.
    """
    check_rules(rules)
    found = [
        (start - end, place, start, Found(start, end, rule.label, confidence, _source(rule)))
        for place, rule in enumerate(rules)
        for start, end, confidence in _hits(text, rule)
    ]
    found.sort(key=lambda entry: entry[:3])
    covered = bytearray(len(text))
    chosen = []
    for _, _, _, passage in found:
        if not any(covered[passage.start : passage.end]):
            covered[passage.start : passage.end] = b"\1" * (passage.end - passage.start)
            chosen.append(passage)
    return sorted(chosen, key=lambda passage: passage.start)


def check_rules(rules: Sequence[Rule]) -> None:
    """Raise KnownError for the first rule that cannot be used."""
    for rule in rules:
        if rule.kind not in KINDS_OF_RULE:
            raise KnownError(
                tr(
                    "There is no rule “{kind}”; choose one of {kinds}.",
                    kind=rule.kind,
                    kinds=", ".join(KINDS_OF_RULE),
                )
            )
        if not rule.label:
            raise KnownError(
                tr("The rule “{kind}” names no label for what it finds; give one.", kind=rule.kind)
            )
        if rule.kind == EXPRESSION:
            _compiled(rule.pattern, rule.ignore_case)
        if rule.kind == LIST and not any(entry.strip() for entry in rule.entries):
            raise KnownError(
                tr("The list for the label “{label}” is empty; give it a string.", label=rule.label)
            )
        unknown = [code for code in rule.regions if code not in phonenumbers.SUPPORTED_REGIONS]
        if unknown:
            raise KnownError(
                tr(
                    "“{region}” is no region with telephone numbers; give two capital letters such "
                    "as GB or DE.",
                    region=unknown[0],
                )
            )


def _hits(text: str, rule: Rule) -> Iterator[Hit]:
    if rule.kind == EXPRESSION:
        yield from _expression_hits(text, rule)
    elif rule.kind == LIST:
        for start, end, _ in _gazetteer(rule.entries, rule.ignore_case).find(text):
            yield start, end, 1.0
    else:
        yield from RECOGNISERS[rule.kind](text, rule.regions)


def _expression_hits(text: str, rule: Rule) -> Iterator[Hit]:
    expression = _compiled(rule.pattern, rule.ignore_case)
    group = "value" if "value" in expression.groupindex else 0
    deadline = monotonic() + TIMEOUT
    try:
        for found in expression.finditer(text, timeout=TIMEOUT):
            if found.end(group) > found.start(group) >= 0:
                yield found.start(group), found.end(group), 1.0
            if monotonic() > deadline:
                raise TimeoutError
    except TimeoutError:
        raise KnownError(
            tr(
                "The expression “{pattern}” took longer than {seconds:g} seconds for one text and "
                "was stopped; nothing was changed. Repeated groups inside repeated groups, such as "
                "(a+)+, are the usual reason: write it with fewer.",
                pattern=rule.pattern,
                seconds=TIMEOUT,
            )
        ) from None


@lru_cache(maxsize=256)
def _compiled(pattern: str, ignore_case: bool) -> regex.Pattern[str]:
    if not pattern:
        raise KnownError(tr("A rule has an empty expression; write what it should find."))
    try:
        return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)
    except regex.error as error:
        raise KnownError(
            tr(
                "The expression “{pattern}” cannot be read: {error}. Correct it and try again.",
                pattern=pattern,
                error=error,
            )
        ) from error


@lru_cache(maxsize=16)
def _gazetteer(entries: tuple[str, ...], ignore_case: bool) -> Gazetteer[None]:
    return Gazetteer(((entry, None) for entry in entries), ignore_case=ignore_case)


def _source(rule: Rule) -> str:
    return "gazetteer" if rule.kind == LIST else "pattern"
