"""What the rules of a project find in a text, and whether a rule can be used at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.project.rows import Rule, SpanSuggestion

if TYPE_CHECKING:
    from engine.deidentify import patterns

RECOGNISERS = ("email", "phone", "iban", "card", "date", "reference", "nhs", "idnr", "url", "ip")
"""The recognisers that come with the program, by name; named here so that nobody loads them to
list them. "phone" can name the regions whose numbers are known without a country code:
"phone:US,CA"."""

_PROBE = 2000  # characters
_PROBES = 40


def find_by_rules(
    text: str, rules: Sequence[Rule], check: Callable[[], None] = lambda: None
) -> list[SpanSuggestion]:
    """Return what each rule finds, rule by rule; passages of different rules may overlap.

    An expression that takes too long for this text finds nothing in it. `check` is called between
    two rules and may raise, to stop.
    """
    from engine.deidentify.patterns import recognise

    found = []
    for label_id, kind, rule in patterns_of(rules):
        check()
        try:
            hits = recognise(text, (rule,))
        except KnownError:
            continue
        found += [
            SpanSuggestion(hit.start, hit.end, label_id, hit.confidence, kind) for hit in hits
        ]
    return found


def check_rules(rules: Sequence[Rule], texts: Sequence[str] = ()) -> None:
    """See whether rules can be used; expressions are tried on `texts`, and on what makes them slow.

    Raises:
        KnownError: if there is no such recogniser or region, or an expression is faulty or takes
            longer than `patterns.TIMEOUT` for one text.
    """
    from engine.deidentify.patterns import check_rules as check
    from engine.deidentify.patterns import recognise

    for rule in rules:
        if rule.kind == "recogniser" and rule.value.partition(":")[0] not in RECOGNISERS:
            raise KnownError(
                tr(
                    "There is no recogniser “{rule}”; there are {recognisers}.",
                    rule=rule.value,
                    recognisers=", ".join(RECOGNISERS),
                )
            )
    for _, kind, usable in patterns_of(rules):
        check((usable,))
        if kind == "expression":
            for text in (*_probes(usable.pattern), *texts):
                recognise(text, (usable,))


def patterns_of(rules: Sequence[Rule]) -> Iterator[tuple[int, str, patterns.Rule]]:
    """Yield (label id, kind, rule) as they are matched: the entries of a label's list at once."""
    from engine.deidentify import patterns

    entries: dict[int, list[str]] = {}
    for rule in rules:
        label = str(rule.label_id)
        if rule.kind == "list":
            entries.setdefault(rule.label_id, []).append(rule.value)
        elif rule.kind == "expression":
            expression = patterns.Rule(patterns.EXPRESSION, label, pattern=rule.value)
            yield rule.label_id, rule.kind, expression
        elif rule.kind == "recogniser":
            name, _, regions = rule.value.partition(":")
            recogniser = patterns.Rule(name, label)
            if regions:
                named = tuple(region.strip().upper() for region in regions.split(","))
                recogniser = replace(recogniser, regions=named)
            yield rule.label_id, rule.kind, recogniser
    for label_id, found in entries.items():
        gazetteer = patterns.Rule(patterns.LIST, str(label_id), entries=tuple(found))
        yield label_id, "list", gazetteer


def _probes(pattern: str) -> list[str]:
    """Return texts over which nested repetitions despair: many times one character, and an end.

    The characters are those that the pattern itself names, since these are what it repeats.
    """
    named = dict.fromkeys(["a", "0", " ", *(one for one in pattern if one.isalnum())])
    return [one * _PROBE + "\n!" for one in list(named)[:_PROBES]]
