"""The records that de-identification is told and what it tells back.

Offsets are Unicode code points of the text, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OPERATORS = ("redact", "mask", "hash", "pseudonymise", "keep")
"""The most protective first; where passages overlap, the earlier one decides."""
SOURCES = ("model", "pattern", "gazetteer", "person")
"""Who found a passage."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that identifies somebody, in one text.

    Passages of one text with the same `entity` mean the same person or thing, whatever their
    strings. Without one, a passage means the same as every other of its label with the same string.
    """

    start: int
    end: int
    label: str
    confidence: float = 1.0
    source: str = "model"
    entity: str = ""


@dataclass(frozen=True, slots=True)
class OperatorChoice:
    """What is done with the passages of a label: one of OPERATORS, and its settings."""

    operator: str = "redact"
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """The operator of each label; `default` is for every label that is not named."""

    by_label: Mapping[str, OperatorChoice]
    default: OperatorChoice

    def choice(self, label: str) -> OperatorChoice:
        """The operator for this label."""
        return self.by_label.get(label, self.default)


@dataclass(frozen=True, slots=True)
class Replacement:
    """A range of the text and what stands there now.

    `start` and `end` are offsets of the text as it was, `new_start` and `new_end` of the text as
    it is. A kept passage is a replacement by itself, so that the log shows it too. `operator` is
    the one that was used, which for an alias that could not be made is redact; `note` says why, and
    whatever else a reviewer should know.
    """

    start: int
    end: int
    new: str
    label: str
    operator: str
    confidence: float
    source: str
    new_start: int
    new_end: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text after de-identification, with its replacements in the order of the text."""

    text: str
    replacements: tuple[Replacement, ...]
