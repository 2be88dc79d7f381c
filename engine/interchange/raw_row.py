"""A row as a file has it, before anybody asks which column holds the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of a file.

    Attributes:
        row: its number among the data rows, from 1; blank lines and a header do not count.
        fields: column name to value; strings in CSV, any JSON value in JSON.
        problem: why the row cannot be read at all, in words, or "".
        repairs: what was put right while reading it, in words.
    """

    row: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    repairs: tuple[str, ...] = ()


class RowReader(Protocol):
    """An open file of rows; iterate it once, then close it."""

    @property
    def position(self) -> int:
        """Bytes of the file read so far."""
        ...

    def __iter__(self) -> Iterator[RawRow]: ...

    def close(self) -> None:
        """Close the file."""
        ...
