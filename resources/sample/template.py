"""Phrase templates: `[this|that]` chooses, `{slot}` asks the case for a value."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

from resources.sample.schema import SampleSpan

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Piece:
    """A run of text; with a label where it is a mention, with the key of what it mentions."""

    text: str
    label: str | None = None
    key: str = ""


Draft = list[Piece]
Fill = Callable[[str], "str | Draft"]


@cache
def slot_names(template: str) -> frozenset[str]:
    """The slots that a template may ask for, whichever alternatives are chosen."""
    return frozenset(_SLOT.findall(template))


def render(template: str, fill: Fill, rng: Random, *, capitalise: bool = True) -> Draft:
    """Write a template out. A slot may be filled with another template or with mentions.

    With `capitalise`, a lower-case filling becomes upper case where a sentence begins.
    """
    chosen = _choose(template, rng)
    draft: Draft = []
    position = 0
    for match in _SLOT.finditer(chosen):
        _add(draft, chosen[position : match.start()])
        filling = fill(match.group(1))
        at_start = capitalise and _at_sentence_start(draft)
        if isinstance(filling, str):
            filling = render(filling, fill, rng, capitalise=False)
        draft.extend(_upper_first(filling) if at_start else filling)
        position = match.end()
    _add(draft, chosen[position:])
    return _upper_first(draft) if capitalise else draft


def _choose(template: str, rng: Random) -> str:
    while match := _CHOICE.search(template):
        picked = rng.choice(match.group(1).split("|"))
        template = template[: match.start()] + picked + template[match.end() :]
    return template


def compile_spans(draft: Draft) -> tuple[str, tuple[SampleSpan, ...]]:
    """Join a draft into its content and the spans of its mentions, entities numbered by label."""
    content = ""
    spans: list[SampleSpan] = []
    entities: dict[tuple[str, str], str] = {}
    for piece in draft:
        start = len(content)
        content += piece.text
        if piece.label is None:
            continue
        identity = (piece.label, piece.key)
        if identity not in entities:
            number = 1 + sum(label == piece.label for label, _ in entities)
            entities[identity] = f"{piece.label.lower()}-{number}"
        spans.append(SampleSpan(start, len(content), piece.label, entities[identity]))
    return content, tuple(spans)


def _add(draft: Draft, text: str) -> None:
    if text:
        draft.append(Piece(text))


def _at_sentence_start(draft: Draft) -> bool:
    return not draft or re.search(r"[.!?]\s+$", draft[-1].text) is not None


def _upper_first(draft: Draft) -> Draft:
    if not draft or draft[0].label is not None:
        return draft
    first = draft[0].text
    return [Piece(first[:1].upper() + first[1:]), *draft[1:]]
