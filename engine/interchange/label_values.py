"""From what a file writes in its label column to labels of a task."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.core.language import tr
from engine.interchange.cleaning import clean_text
from engine.interchange.columns import is_blank

LONGEST_NAME = 80  # characters, as the project's own labels
_SEPARATORS = "#|;,"  # "#" is doccano's; the others only where every part is a known label


class RefusedRowError(Exception):
    """A row cannot be imported; the message is the reason, in words."""


@dataclass(frozen=True, slots=True)
class MatchedLabels:
    """Labels of a row: ids where the task has them, names where it does not."""

    ids: tuple[int, ...]
    unknown: tuple[str, ...]
    repaired: bool  # whether a name matched only after ignoring case or white space


class LabelMatcher:
    """Finds the labels of a task by what files call them.

    Args:
        labels: name and id of each label.
        multi_label: whether a text can have several.
    """

    def __init__(self, labels: Iterable[tuple[str, int]], *, multi_label: bool) -> None:
        self._exact = dict(labels)
        self._loose = {plain_label(name): id_ for name, id_ in self._exact.items()}
        self._multi_label = multi_label

    def match(self, value: Any) -> MatchedLabels:
        """Return the labels that a cell or JSON value names; none for a blank one.

        Raises:
            RefusedRowError: if the value is no label, or several in a task where a text has one.
        """
        names = [name for name in dict.fromkeys(self._names(value)) if name.strip()]
        if len(names) > 1 and not self._multi_label:
            shown = ", ".join(tr("“{name}”", name=name) for name in names[:4])
            raise RefusedRowError(
                tr(
                    "it has {n} labels ({labels}), and in this task a text has one",
                    n=len(names),
                    labels=shown,
                )
            )
        ids: list[int] = []
        unknown: list[str] = []
        repaired = False
        for name in names:
            label_id = self._exact.get(name)
            if label_id is None:
                label_id = self._loose.get(plain_label(name))
                repaired = repaired or label_id is not None
            if label_id is None:
                unknown.append(name.strip())
            elif label_id not in ids:
                ids.append(label_id)
        return MatchedLabels(tuple(ids), tuple(unknown), repaired)

    def _names(self, value: Any) -> list[str]:
        if is_blank(value):
            return []
        if isinstance(value, str) and self._multi_label:
            return self._split(value)
        if isinstance(value, list):
            if any(isinstance(item, list | dict) for item in value):
                raise RefusedRowError(
                    tr("its labels mark passages of the text, and this task labels whole texts")
                )
            return [_name(item) for item in value if not is_blank(item)]
        return [_name(value)]

    def _split(self, cell: str) -> list[str]:
        if cell.lstrip().startswith("["):
            try:
                value = json.loads(cell)
            except (ValueError, RecursionError):
                value = None
            if isinstance(value, list):
                return self._names(value)
        if self._knows(cell):
            return [_name(cell)]
        for separator in _SEPARATORS:
            parts = [part for part in cell.split(separator) if part.strip()]
            if len(parts) > 1 and (separator == "#" or all(map(self._knows, parts))):
                return [_name(part) for part in parts]
        return [_name(cell)]

    def _knows(self, name: str) -> bool:
        return name in self._exact or plain_label(name) in self._loose


def plain_label(name: str) -> str:
    """Return a label's name as it is compared when case and white space do not count."""
    return " ".join(name.split()).casefold()


def _name(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        name = clean_text(str(value))[0]
        if len(name.strip()) > LONGEST_NAME:
            raise RefusedRowError(
                tr("its label is longer than {most} characters", most=LONGEST_NAME)
            )
        return name
    raise RefusedRowError(tr("its label is not a name"))
