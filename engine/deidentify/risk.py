"""What de-identification has protected, measured as the Text Anonymization Benchmark does it.

Pilán et al., "The Text Anonymization Benchmark (TAB): A Dedicated Corpus and Evaluation Framework
for Text Anonymization", Computational Linguistics 2022, arXiv 2202.00443: an entity is protected
only if all its mentions are masked, since one that is left tells who is meant; recall is told
apart for direct identifiers, which point to one person by themselves, and quasi identifiers, which
do so together. Three things differ. Their precision weights each token by how well a language model
guesses it; here every token weighs the same, which they offer as well. They forgive small words
such as "of" and titles that stay readable; here only punctuation and spaces are forgiven. And there
is one annotator, so nothing is averaged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import regex

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.deidentify.keyed import normalised
from engine.deidentify.records import Found, Replacement

DIRECT, QUASI, NONE = "direct", "quasi", "none"
IDENTIFIER_TYPES = (DIRECT, QUASI, NONE)
"""Of these three the first names what is most sensitive."""

_TOKEN = regex.compile(r"\w+")


@dataclass(slots=True)
class _Entity:
    """What one text says of one person or thing."""

    type: str
    masked: list[bool] = field(default_factory=list)
    """For each mention that needs masking, whether it is masked."""

    @property
    def is_protected(self) -> bool:
        return all(self.masked)


@dataclass(slots=True)
class _Count:
    """Protected ones of all."""

    masked: int = 0
    total: int = 0

    def add(self, masked: bool) -> None:
        self.masked += masked
        self.total += 1

    @property
    def share(self) -> float | None:
        return self.masked / self.total if self.total else None

    def told(self) -> dict[str, Any]:
        return {"recall": self.share, "masked": self.masked, "total": self.total}


def privacy_report(
    texts: Sequence[str],
    gold: Sequence[Iterable[Found]],
    masked: Sequence[Iterable[Found | Replacement]],
    identifier_types: Mapping[str, str],
) -> dict[str, Any]:
    """Compare what is masked with what should be; all sequences have one entry for each text.

    `gold` are the mentions, whose entities count within their text; `identifier_types` gives each
    label "direct", "quasi" or "none" (need not be masked), and an entity has the most sensitive
    type among its mentions. `masked` are passages or replacements; kept ones count as not masked.

    Returns plain JSON values. Keys: entities and mentions, each {"direct", "quasi", "all"}, and
    per_label {label: {"type", "entities", "mentions", "precision"}}, where every count is
    {"recall", "masked", "total"}; precision, the share of masked tokens that gold masks too; texts,
    and texts_at_risk, those with an unprotected entity; residual_risk, one sentence. Shares of
    nothing are None.

    Raises KnownError for a label of gold without a type and for a mention outside its text.
    """
    tally = _Tally(identifier_types)
    for text, mentioned, replaced in zip(texts, gold, masked, strict=True):
        tally.add(text, list(mentioned), [spot for spot in replaced if _hides(spot)])
    return tally.told()


class _Tally:
    """Counts over texts."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self._types = types
        self._entities = {kind: _Count() for kind in (DIRECT, QUASI, "all")}
        self._mentions = {kind: _Count() for kind in (DIRECT, QUASI, "all")}
        self._label_entities: dict[str, _Count] = defaultdict(_Count)
        self._label_mentions: dict[str, _Count] = defaultdict(_Count)
        self._label_tokens: dict[str, _Count] = defaultdict(_Count)
        self._tokens = _Count()
        self._texts = self._at_risk = 0

    def add(self, text: str, gold: Sequence[Found], masked: Sequence[Found | Replacement]) -> None:
        _check(text, gold, self._types)
        found = _entities(text, gold, _covered(text, masked), self._types)
        for (label, _), entity in found.items():
            for mention in entity.masked:
                for count in (self._mentions[entity.type], self._mentions["all"]):
                    count.add(mention)
                self._label_mentions[label].add(mention)
            for count in (self._entities[entity.type], self._entities["all"]):
                count.add(entity.is_protected)
            self._label_entities[label].add(entity.is_protected)
        needed = _covered(text, [span for span in gold if self._types[span.label] != NONE])
        for start, end, label in _tokens(text, masked):
            for count in (self._tokens, self._label_tokens[label]):
                count.add(all(needed[start:end]))
        self._texts += 1
        self._at_risk += not all(entity.is_protected for entity in found.values())

    def told(self) -> dict[str, Any]:
        return {
            "entities": {kind: count.told() for kind, count in self._entities.items()},
            "mentions": {kind: count.told() for kind, count in self._mentions.items()},
            "precision": self._tokens.share,
            "per_label": {
                label: {
                    "type": self._types.get(label, NONE),
                    "entities": self._label_entities[label].told(),
                    "mentions": self._label_mentions[label].told(),
                    "precision": self._label_tokens[label].share,
                }
                for label in sorted({*self._label_entities, *self._label_tokens})
            },
            "texts": self._texts,
            "texts_at_risk": self._at_risk,
            "residual_risk": _sentence(self._entities, self._at_risk, self._texts),
        }


def _entities(
    text: str, mentioned: Sequence[Found], hidden: bytearray, types: Mapping[str, str]
) -> dict[tuple[str, str], _Entity]:
    """Entities with at least one mention that needs masking, by label and identity."""
    found: dict[tuple[str, str], _Entity] = {}
    by_id: dict[str, tuple[str, str]] = {}
    for span in sorted(mentioned, key=lambda span: IDENTIFIER_TYPES.index(types[span.label])):
        kind = types[span.label]
        if kind == NONE:
            continue
        key = (span.label, normalised(text[span.start : span.end]))
        if span.entity:
            # An entity with mentions of several labels counts once, under the most sensitive.
            key = by_id.setdefault(span.entity, (span.label, f"\0{span.entity}"))
        word_places = [at for at in range(span.start, span.end) if text[at].isalnum()]
        places = word_places or range(span.start, span.end)
        entity = found.setdefault(key, _Entity(kind))
        entity.masked.append(all(hidden[at] for at in places))
    return found


def _hides(spot: Found | Replacement) -> bool:
    return not isinstance(spot, Replacement) or spot.operator != "keep"


def _covered(text: str, spans: Iterable[Found | Replacement]) -> bytearray:
    covered = bytearray(len(text))
    for span in spans:
        start, end = max(0, span.start), min(len(text), span.end)
        if start < end:
            covered[start:end] = b"\1" * (end - start)
    return covered


def _tokens(text: str, ranges: Sequence[Found | Replacement]) -> list[tuple[int, int, str]]:
    """The tokens of the ranges, each with the label of the first range that has it."""
    tokens: dict[tuple[int, int], str] = {}
    for spot in sorted(ranges, key=lambda spot: (spot.start, -spot.end)):
        for token in _TOKEN.finditer(text, max(0, spot.start), min(len(text), spot.end)):
            tokens.setdefault(token.span(), spot.label)
    return [(start, end, label) for (start, end), label in tokens.items()]


def _check(text: str, mentioned: Sequence[Found], types: Mapping[str, str]) -> None:
    for span in mentioned:
        if types.get(span.label) not in IDENTIFIER_TYPES:
            raise KnownError(
                tr(
                    "The label “{label}” is no direct or quasi identifier and not none either; say "
                    "which, so that what is left unmasked can be counted.",
                    label=span.label,
                )
            )
        if not 0 <= span.start < span.end <= len(text):
            raise KnownError(
                tr(
                    "The gold passage {label} {start}–{end} does not fit its text of {length} "
                    "characters; nothing was counted.",
                    label=span.label,
                    start=span.start,
                    end=span.end,
                    length=len(text),
                )
            )


def _sentence(entities: Mapping[str, _Count], at_risk: int, texts: int) -> str:
    total = entities["all"].total
    if not total:
        return tr("There is no identifier to protect, so nothing can be said of the risk.")
    open_ones = {kind: entities[kind].total - entities[kind].masked for kind in (DIRECT, QUASI)}
    if not any(open_ones.values()):
        return tr("Every mention of all {total:,} identifiers is masked.", total=total)
    numbers = {
        "direct": open_ones[DIRECT],
        "all_direct": entities[DIRECT].total,
        "quasi": open_ones[QUASI],
        "all_quasi": entities[QUASI].total,
        "at_risk": at_risk,
        "texts": texts,
    }
    if not entities[QUASI].total:
        return tr(
            "At least one mention of {direct:,} of {all_direct:,} direct identifiers can still be "
            "read, in {at_risk:,} of {texts:,} texts.",
            **numbers,
        )
    if not entities[DIRECT].total:
        return tr(
            "At least one mention of {quasi:,} of {all_quasi:,} quasi identifiers can still be "
            "read, in {at_risk:,} of {texts:,} texts.",
            **numbers,
        )
    return tr(
        "At least one mention of {direct:,} of {all_direct:,} direct identifiers and {quasi:,} of "
        "{all_quasi:,} quasi identifiers can still be read, in {at_risk:,} of {texts:,} texts.",
        **numbers,
    )
