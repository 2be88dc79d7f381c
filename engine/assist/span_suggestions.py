"""Passages that could be marked in a text: what the suggestion model and the rules find there.

Nothing that a person did is touched: what overlaps a marked passage, or was left out before, is
not suggested.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

from engine.assist.rule_finding import find_by_rules
from engine.project.entities import read_dismissed
from engine.project.rows import Rule, SpanSuggestion
from engine.project.rules import list_rules, version_of_rules
from engine.project.span_predictions import read_model_suggestions
from engine.project.spans import read_spans, task_of_spans

_MEMORY = "rules"
_REMEMBERED = 100  # texts


@dataclass(slots=True)
class _Remembered:
    """The rules as they were read last, and what they found in the texts that were asked for."""

    version: tuple[int, ...]
    rules: tuple[Rule, ...]
    found: dict[int, list[SpanSuggestion]] = field(default_factory=dict)


def list_span_suggestions(
    connection: sqlite3.Connection,
    memory: dict[str, Any],
    task_id: int,
    text_id: int,
    check: Callable[[], None] = lambda: None,
) -> tuple[SpanSuggestion, ...]:
    """Return what is suggested for a text, by its place in it; no two passages overlap.

    `memory` keeps what the rules found in a text, which is the slow part, for the next time.
    `check` is called while they are at work and may raise, to stop.

    Raises:
        KnownError: if there is no such task, or it labels whole texts.
    """
    task_of_spans(connection, task_id)
    by_rules = _by_rules(connection, memory, task_id, text_id, check)
    marked = read_spans(connection, task_id, (text_id,)).get(text_id, ())
    dismissed = read_dismissed(connection, task_id, text_id)
    found = [
        suggestion
        for suggestion in (*read_model_suggestions(connection, task_id, text_id), *by_rules)
        if (suggestion.start, suggestion.end, suggestion.label_id) not in dismissed
    ]
    free = _apart_from(found, [(span.start, span.end) for span in marked])
    return most_confident_apart(free)


def _by_rules(
    connection: sqlite3.Connection,
    memory: dict[str, Any],
    task_id: int,
    text_id: int,
    check: Callable[[], None],
) -> list[SpanSuggestion]:
    version = version_of_rules(connection, task_id)
    remembered: _Remembered | None = memory.get(_MEMORY)
    if remembered is None or remembered.version != version:
        remembered = memory[_MEMORY] = _Remembered(version, list_rules(connection, task_id))
    if not remembered.rules:
        return []
    found = remembered.found
    if text_id not in found:
        row = connection.execute("SELECT content FROM texts WHERE id = ?", (text_id,)).fetchone()
        if row is None:
            return []
        found[text_id] = find_by_rules(row[0], remembered.rules, check)
        if len(found) > _REMEMBERED:
            del found[next(iter(found))]
    return found[text_id]


def most_confident_apart(suggestions: Iterable[SpanSuggestion]) -> tuple[SpanSuggestion, ...]:
    """Return suggestions of which no two overlap, by their place: the most confident are kept.

    A passage that several sources find under the same label counts once, with the highest of their
    confidences, and as the model's where the model is among them. Of equally confident ones the
    model's goes first, then the longer one.
    """
    once: dict[tuple[int, int, int], SpanSuggestion] = {}
    for new in suggestions:
        key = (new.start, new.end, new.label_id)
        first = once.setdefault(key, new)
        named = first if new.model_id is None else new
        once[key] = replace(named, confidence=max(first.confidence, new.confidence))
    kept: list[tuple[int, int]] = []
    chosen: list[SpanSuggestion] = []
    for suggestion in sorted(once.values(), key=_rank):
        place = bisect_left(kept, (suggestion.start, suggestion.end))
        follows = place == 0 or kept[place - 1][1] <= suggestion.start
        if follows and (place == len(kept) or suggestion.end <= kept[place][0]):
            kept.insert(place, (suggestion.start, suggestion.end))
            chosen.append(suggestion)
    return tuple(sorted(chosen, key=lambda one: one.start))


def _rank(suggestion: SpanSuggestion) -> tuple[float, bool, int, int, int]:
    return (
        -suggestion.confidence,
        suggestion.model_id is None,
        suggestion.start - suggestion.end,
        suggestion.start,
        suggestion.label_id,
    )


def _apart_from(
    suggestions: Sequence[SpanSuggestion], marked: Sequence[tuple[int, int]]
) -> list[SpanSuggestion]:
    """Return the suggestions that share no character with what is marked.

    Marks may overlap each other, so that the last one that begins before a suggestion ends need
    not be the one that reaches into it.
    """
    marked = sorted(marked)
    starts = [start for start, _ in marked]
    reach = [0, *accumulate((end for _, end in marked), max)]
    return [one for one in suggestions if reach[bisect_left(starts, one.end)] <= one.start]
