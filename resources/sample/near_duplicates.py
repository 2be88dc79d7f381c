"""The same letter once more, with one detail changed: what an inspection view should find."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from resources.sample.people import invent_family_name
from resources.sample.schema import SampleSpan
from resources.sample.slots import ordinal_suffix

Spans = tuple[SampleSpan, ...]

_LONG_WORD = re.compile(r"\b[a-z]{7,}\b")
_DAY = re.compile(r"(\d{1,2})(st|nd|rd|th)?")


def repeat_with_a_change(content: str, spans: Spans, rng: Random) -> tuple[str, Spans]:
    """Change a date, a family name or two letters of a word; the spans move with the text.

    Raises ValueError where the text has no word of seven letters and nobody is mentioned.
    """
    changes: list[Callable[[str, Spans, Random], tuple[str, Spans] | None]]
    changes = [_move_date, _rename_person, _swap_letters]
    rng.shuffle(changes)
    for change in changes:
        changed = change(content, spans, rng)
        if changed is not None and changed[0] != content:
            return changed
    raise ValueError("there is nothing in the text that could be changed")


def _move_date(content: str, spans: Spans, rng: Random) -> tuple[str, Spans] | None:
    dates = sorted({span.entity for span in spans if span.label == "DATE"})
    return _rewrite(content, spans, rng.choice(dates), _neighbouring_day) if dates else None


def _rename_person(content: str, spans: Spans, rng: Random) -> tuple[str, Spans] | None:
    full_names = {
        span.entity: content[span.start : span.end]
        for span in spans
        if span.label == "PERSON" and " " in content[span.start : span.end]
    }
    if not full_names:
        return None
    entity = rng.choice(sorted(full_names))
    family = full_names[entity].split()[-1]
    other = invent_family_name(rng, other_than=family)
    return _rewrite(content, spans, entity, lambda mention: mention.replace(family, other))


def _swap_letters(content: str, spans: Spans, rng: Random) -> tuple[str, Spans] | None:
    words = [
        match
        for match in _LONG_WORD.finditer(content)
        if not any(span.start < match.end() and match.start() < span.end for span in spans)
    ]
    if not words:
        return None
    word = rng.choice(words)
    at = word.start() + rng.randint(1, len(word.group()) - 3)
    return content[:at] + content[at + 1] + content[at] + content[at + 2 :], spans


def _rewrite(
    content: str, spans: Spans, entity: str, change: Callable[[str], str]
) -> tuple[str, Spans]:
    """Change every mention of an entity and move all spans behind it."""
    written, position = "", 0
    moved: list[SampleSpan] = []
    for span in spans:
        written += content[position : span.start]
        mention = content[span.start : span.end]
        start = len(written)
        written += change(mention) if span.entity == entity else mention
        moved.append(replace(span, start=start, end=len(written)))
        position = span.end
    return written + content[position:], tuple(moved)


def _neighbouring_day(text: str) -> str:
    def shift(match: re.Match[str]) -> str:
        old = int(match[1])
        new = old + 1 if old < 28 else old - 1
        suffix = ordinal_suffix(new) if match[2] else ""
        return f"{new:0{len(match[1])}d}{suffix}"

    return _DAY.sub(shift, text, count=1)
