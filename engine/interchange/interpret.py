"""From a row of a file to a text with labels, a split and metadata, or the reason why not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.core.language import tr
from engine.interchange.cleaning import clean_text, clean_value
from engine.interchange.columns import ColumnChoice, is_blank, plain_name, split_of
from engine.interchange.label_values import LabelMatcher, MatchedLabels, RefusedRowError
from engine.interchange.raw_row import RawRow
from engine.interchange.span_values import NamedSpan, SpanMatcher, span_items

LONGEST_TEXT = 1_000_000  # characters
_META = "meta"


@dataclass(frozen=True, slots=True)
class InterpretedRow:
    """A row that can be imported.

    `labels` is None where the file says nothing of labels; no ids and no unknown names mean that
    somebody looked and gave none. So it is with `spans`, which stand in the place of labels in a
    task of spans.
    """

    row: int
    content: str
    labels: MatchedLabels | None
    split: str | None
    document: str | None
    meta: dict[str, Any]
    repairs: tuple[str, ...]
    spans: tuple[NamedSpan, ...] | None = None

    @property
    def unknown_labels(self) -> list[str]:
        """The names of labels that the task has not."""
        spans = [span.name for span in self.spans or () if span.label_id is None]
        return [*(self.labels.unknown if self.labels else ()), *spans]


class RowInterpreter:
    """Reads rows by a choice of columns; `split`, if given, goes before the file's own.

    With `spans` the label column marks passages of the texts.
    """

    def __init__(
        self,
        choice: ColumnChoice,
        matcher: LabelMatcher,
        split: str | None = None,
        *,
        spans: bool = False,
    ) -> None:
        self._choice = choice
        self._matcher = matcher
        self._split = split
        self._spans = SpanMatcher(matcher) if spans else None

    def interpret(self, raw: RawRow) -> InterpretedRow:
        """Return what the row says.

        Raises:
            RefusedRowError: if it cannot be imported.
        """
        content, repairs = read_content(raw, self._choice.text)
        labels: MatchedLabels | None = None
        spans: tuple[NamedSpan, ...] | None = None
        if self._spans is None:
            labels, label_repair = self._labels(raw.fields)
        else:
            spans, label_repair = self._marked(raw.fields, self._spans)
        document = raw.fields.get(self._choice.document) if self._choice.document else None
        return InterpretedRow(
            row=raw.row,
            content=content,
            labels=labels,
            split=self._split or self._own_split(raw.fields),
            document=None if is_blank(document) else clean_text(str(document))[0].strip(),
            meta=self._metadata(raw.fields),
            repairs=(*repairs, *label_repair),
            spans=spans,
        )

    def _labels(self, fields: Mapping[str, Any]) -> tuple[MatchedLabels | None, tuple[str, ...]]:
        if not self._choice.label:
            return None, ()
        if _was_rejected(fields):
            return None, (tr("its label was rejected by the annotator and left out"),)
        value = fields.get(self._choice.label)
        labels = self._matcher.match(value)
        if labels.repaired:
            return labels, (tr("its label differs from the task's in case or spaces"),)
        if labels.ids or labels.unknown:
            return labels, ()
        # An empty list may mean "not yet" as well as "none of them", so only a file that says
        # which, as our own exports do, counts as an answer.
        return (labels if self._said_labelled(fields) else None), ()

    def _marked(
        self, fields: Mapping[str, Any], matcher: SpanMatcher
    ) -> tuple[tuple[NamedSpan, ...] | None, tuple[str, ...]]:
        if not self._choice.label:
            return None, ()
        if _was_rejected(fields):
            return None, (tr("its passages were rejected by the annotator and left out"),)
        value = fields.get(self._choice.label)
        spans, repairs = matcher.match(value, fields[self._choice.text])
        if spans or span_items(value):
            return spans or None, repairs
        # Where nothing is marked, "spans": [] says that nothing is to be marked. The lists of
        # other names come from programs that write an empty one for a text not looked at yet.
        answered = value is not None and plain_name(self._choice.label) == "spans"
        if self._choice.labelled:
            answered = self._said_labelled(fields)
        return (() if answered else None), repairs

    def _said_labelled(self, fields: Mapping[str, Any]) -> bool:
        return str(fields.get(self._choice.labelled, "")).strip().casefold() == "true"

    def _own_split(self, fields: Mapping[str, Any]) -> str | None:
        value = fields.get(self._choice.split) if self._choice.split else None
        if is_blank(value):
            return None
        split = split_of(value)
        if split is None:
            raise RefusedRowError(
                tr("“{value}” is not train, validation or test", value=str(value)[:40])
            )
        return split

    def _metadata(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        meta: dict[str, Any] = {}
        for column, value in fields.items():
            if column == _META and column not in self._choice.used:
                meta = {**_meta_object(value), **meta}
            elif (
                column not in self._choice.used
                and not column.startswith("_")
                and isinstance(value, str | int | float)
                and not is_blank(value)
            ):
                meta[clean_text(column)[0]] = clean_value(value)
        return meta


def read_content(raw: RawRow, column: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of a row, and what was repaired in it.

    Raises:
        RefusedRowError: if the row is broken, or has no text that can be stored.
    """
    if raw.problem:
        raise RefusedRowError(raw.problem)
    value = raw.fields.get(column)
    if is_blank(value):
        raise RefusedRowError(tr("it has no text"))
    if not isinstance(value, str):
        raise RefusedRowError(tr("its text is {kind}, not a string", kind=_kind(value)))
    content, repairs = clean_text(value)
    if not content.strip():
        raise RefusedRowError(tr("it has no text"))
    if len(content) > LONGEST_TEXT:
        raise RefusedRowError(
            tr(
                "its text has {n:,} characters, more than {most:,}",
                n=len(content),
                most=LONGEST_TEXT,
            )
        )
    return content, (*raw.repairs, *repairs)


def _was_rejected(fields: Mapping[str, Any]) -> bool:
    # Prodigy writes what its annotator said of a proposed label beside the label itself.
    return "_task_hash" in fields and fields.get("answer") in ("reject", "ignore")


def _meta_object(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {} if is_blank(value) else {_META: clean_value(value)}
    if isinstance(value, dict):
        return {str(key): item for key, item in _cleaned(value).items()}
    return {} if value is None else {_META: clean_value(value)}


def _cleaned(value: dict[str, Any]) -> dict[str, Any]:
    cleaned = clean_value(value)
    assert isinstance(cleaned, dict)
    return cleaned


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return tr("a truth value")
    if isinstance(value, int | float):
        return tr("a number")
    return tr("a list") if isinstance(value, list) else tr("an object")
