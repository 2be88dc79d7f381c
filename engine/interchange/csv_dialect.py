"""How a delimited file is written: its delimiter, and whether its first row names the columns."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from engine.interchange.columns import KNOWN_NAMES, plain_name

DELIMITERS = (",", ";", "\t", "|")
_ROWS = 200  # looked at
# The reader limits what a row may hold; the module's own limit would refuse long documents.
# It is a C long, which has 32 bits on Windows.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How to read a delimited file.

    `columns` are the header's names made unique, or ``column 1`` … where there is no header.
    """

    delimiter: str
    columns: tuple[str, ...]
    has_header: bool
    spaces_after_delimiter: bool = False


def sniff_dialect(
    head: str, delimiters: tuple[str, ...] = DELIMITERS, *, asked: tuple[str, ...] = ()
) -> CsvDialect:
    """Return how the file that begins with `head` is written.

    The delimiter is the one that cuts most rows into equally many cells, where a first row with a
    telling column name counts most. A file of a single column comes out with the first delimiter.

    Args:
        head: whole lines of the file's beginning.
        delimiters: the ones to consider.
        asked: names of columns that the person expects; a first row that has them is a header.
    """
    known = KNOWN_NAMES | {plain_name(name) for name in asked}
    best, best_score = delimiters[0], 0.0
    for delimiter in delimiters:
        records = _records(head, delimiter)
        if not records or len(records[0]) < 2:
            continue
        agreement = sum(len(record) == len(records[0]) for record in records) / len(records)
        telling = any(plain_name(cell) in known for cell in records[0])
        if not telling and agreement < 0.8:
            continue
        score = agreement + 10 * telling + min(len(records[0]), 20) / 1000
        if score > best_score:
            best, best_score = delimiter, score
    records = _records(head, best)
    first = records[0] if records else []
    # Blanks after every delimiter belong to the notation, and quotation marks follow them.
    spaced = len(first) > 1 and all(cell.startswith(" ") for cell in first[1:])
    if spaced:
        records = _records(head, best, skip_spaces=True)
        first = records[0]
    has_header = _is_header(first, records[1:], known)
    widths = Counter(len(record) for record in records)
    names = first if has_header else [""] * max(widths, key=lambda width: widths[width], default=1)
    return CsvDialect(best, _unique(names), has_header, spaced)


def is_delimited(head: str) -> bool:
    """Return whether text of unknown kind is surely a table: its first row names the columns."""
    dialect = sniff_dialect(head)
    return len(dialect.columns) > 1 and any(
        plain_name(column) in KNOWN_NAMES for column in dialect.columns
    )


def _records(head: str, delimiter: str, *, skip_spaces: bool = False) -> list[list[str]]:
    lines = io.StringIO(head, newline="")
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=skip_spaces)
    records: list[list[str]] = []
    try:
        for record in reader:
            if record:
                records.append(record)
            if len(records) == _ROWS:
                break
    except csv.Error:
        pass  # what was read until the oddity is enough to judge by
    return records


def _is_header(first: list[str], rest: list[list[str]], known: frozenset[str]) -> bool:
    if any(plain_name(cell) in known for cell in first):
        return True
    named = [cell.strip() for cell in first]
    if len(set(named)) < len(named) or not all(map(_could_be_name, named)):
        return False
    below = {cell.strip() for record in rest for cell in record}
    if not rest or below & set(named):
        return False
    longest = max(len(cell) for record in rest for cell in record)
    return longest > 2 * max(map(len, named))


def _could_be_name(cell: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d][\w .\-/()]{0,39}", cell)) and len(cell.split()) <= 4


def _unique(names: list[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    unique = []
    for position, name in enumerate(names, 1):
        plain = name.strip() or f"column {position}"
        seen[plain] += 1
        unique.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return tuple(unique)
