"""From what a file writes about marked passages to spans of a text.

Read are lists of ``[start, end, label]``, as doccano writes them, and of objects with ``start``,
``end`` and ``label`` (or ``start_offset`` and ``end_offset``), as JSON or, in a table's cell, as
text that is JSON. Offsets are code points, the end exclusive. A passage that cannot be is left out
and told of; the text and its other passages are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.core.language import tr, trn
from engine.interchange.cleaning import removed_characters, stored_offset
from engine.interchange.columns import is_blank
from engine.interchange.label_values import LabelMatcher, RefusedRowError, plain_label
from engine.project.entities import LONGEST_ENTITY
from engine.project.spans import span_fault

_TOLD = 3  # passages of a row that are told of one by one


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """A passage of a row; `label_id` is None where the task has no label of this name.

    Passages of a text with the same `entity` mean the same.
    """

    start: int
    end: int
    name: str
    label_id: int | None
    entity: str = ""


class SpanMatcher:
    """Finds the passages that files mark, with a matcher of the labels' names."""

    def __init__(self, labels: LabelMatcher) -> None:
        self._labels = labels

    def match(self, value: Any, text: str) -> tuple[tuple[NamedSpan, ...], tuple[str, ...]]:
        """Return the passages in a cell or JSON value, and what was repaired, in words.

        `text` is the text as the file has it, to which the offsets refer; those that are returned
        refer to the text as it is stored (`cleaning.clean_text`).
        """
        items = span_items(value)
        if items is None:
            if is_blank(value):
                return (), ()
            return (), (tr("its labels mark no passages of the text and were left out"),)
        removed = removed_characters(text)
        spans: dict[tuple[int, int, int | str], NamedSpan] = {}
        faults: list[str] = []
        respelled = False
        for item in items:
            try:
                span, repaired = self._span(item, len(text), removed)
            except RefusedRowError as refusal:
                faults.append(str(refusal))
                continue
            respelled = respelled or repaired
            label = plain_label(span.name) if span.label_id is None else span.label_id
            if (span.start, span.end, label) in spans:
                faults.append(
                    tr("{passage} is there twice and was taken once", passage=_shown(item))
                )
            spans[span.start, span.end, label] = span
        told = faults[:_TOLD]
        if len(faults) > _TOLD:
            left = len(faults) - _TOLD
            told.append(trn("{n} more passage likewise", "{n} more passages likewise", left))
        if respelled:
            told.append(tr("a label differs from the task's in case or spaces"))
        return tuple(spans.values()), tuple(told)

    def _span(self, item: Any, length: int, removed: list[int]) -> tuple[NamedSpan, bool]:
        start, end, label = _parts(item)
        shown = _shown(item)
        if start is None or end is None:
            raise RefusedRowError(
                tr(
                    "{passage} has no beginning and end in numbers and was left out",
                    passage=shown,
                )
            )
        fault = span_fault(start, end, length)
        if fault:
            raise RefusedRowError(
                tr("{passage} was left out because {reason}", passage=shown, reason=fault)
            )
        start, end = stored_offset(start, removed), stored_offset(end, removed)
        if start == end:
            raise RefusedRowError(
                tr("{passage} was left out with its only, unusable characters", passage=shown)
            )
        if is_blank(label) or isinstance(label, list | dict):
            raise RefusedRowError(
                tr("{passage} was left out because it has no label", passage=shown)
            )
        matched = self._labels.match(label)
        label_id = matched.ids[0] if matched.ids else None
        name = "" if matched.ids else matched.unknown[0]
        return NamedSpan(start, end, name, label_id, _entity(item)), matched.repaired


def span_items(value: Any) -> list[Any] | None:
    """Return the items of a value that may be a list of passages, else None."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if isinstance(value, list) and all(isinstance(item, list | dict) for item in value):
        return value
    return None


def span_label_names(value: Any) -> Iterator[str]:
    """Yield the label of each passage in a value, as the file writes it."""
    for item in span_items(value) or ():
        label = _parts(item)[2]
        if not is_blank(label) and not isinstance(label, list | dict):
            yield str(label).strip()


def _parts(item: Any) -> tuple[int | None, int | None, Any]:
    if isinstance(item, dict):
        start = item.get("start", item.get("start_offset"))
        end = item.get("end", item.get("end_offset"))
        return _offset(start), _offset(end), item.get("label")
    if len(item) == 3:
        return _offset(item[0]), _offset(item[1]), item[2]
    return None, None, None


def _entity(item: Any) -> str:
    """Return what an object says that the passage means, "" if it says nothing usable."""
    named = item.get("entity") if isinstance(item, dict) else None
    return " ".join(named.split())[:LONGEST_ENTITY] if isinstance(named, str) else ""


def _offset(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _shown(item: Any) -> str:
    start, end, label = _parts(item)
    if start is None or end is None:
        return tr("the passage {passage}", passage=json.dumps(item, ensure_ascii=False)[:60])
    if is_blank(label):
        return tr("the passage {start}–{end}", start=start, end=end)
    return tr("the passage {start}–{end} “{label}”", start=start, end=end, label=str(label)[:40])
