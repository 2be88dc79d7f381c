"""Where the cells of a delimited file lie, in the notation that the standard library reads.

The parser of `csv` tells what a cell says but not where it stands, and without the place nothing
but the whole file could be written anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.interchange.csv_dialect import CsvDialect

_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*")
_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"')


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and its place: code points of the whole file, the end exclusive.

    `value` is what it says, without quotation marks. A line that is no row of a table, since it
    opens a quotation mark that is never closed, is a single cell that is `broken` and says what is
    written there.
    """

    start: int
    end: int
    value: str
    broken: bool = False


class CellScanner:
    """Finds the cells of a delimited text, row by row; blank lines are no rows."""

    def __init__(self, dialect: CsvDialect) -> None:
        self._delimiter = dialect.delimiter
        self._spaces = re.compile(" *" if dialect.spaces_after_delimiter else "")
        self._rest = re.compile(rf"[^{re.escape(dialect.delimiter)}\r\n]*")
        self._special = re.compile(rf'[{re.escape(dialect.delimiter)}"\r\n]|^ | $')

    def rows(self, text: str) -> Iterator[list[Cell]]:
        """Yield the cells of each row."""
        at = 0
        while at < len(text):
            row, end = self._row(text, at)
            if any(cell.value.strip() for cell in row):
                yield row
            at = end

    def written(self, cell: Cell, source: str, value: str) -> str:
        """Return how a cell is written that says `value` now; `source` is what stands there."""
        if cell.broken:
            return value
        if source.startswith('"') or self._special.search(value):
            doubled = value.replace('"', '""')
            return f'"{doubled}"'
        return value

    def _row(self, text: str, at: int) -> tuple[list[Cell], int]:
        """Return the cells of the row that begins at a place, and where the next row begins."""
        start = at
        row: list[Cell] = []
        while True:
            cell = self._cell(text, at)
            if cell is None:
                line = _whole_line(text, start)
                return [Cell(start, line, text[start:line], broken=True)], _behind(text, line)
            row.append(cell)
            if not text.startswith(self._delimiter, cell.end):
                return row, _behind(text, cell.end)
            at = cell.end + len(self._delimiter)

    def _cell(self, text: str, at: int) -> Cell | None:
        at = _end(self._spaces, text, at)
        if not text.startswith('"', at):
            end = _end(self._rest, text, at)
            return Cell(at, end, text[at:end])
        quoted = _QUOTED.match(text, at)
        if quoted is None:
            return None
        end = _end(self._rest, text, quoted.end())
        return Cell(at, end, quoted[1].replace('""', '"') + text[quoted.end() : end])


def _whole_line(text: str, at: int) -> int:
    return _end(_LINE, text, at)


def _behind(text: str, at: int) -> int:
    return _end(_LINE_END, text, at)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
