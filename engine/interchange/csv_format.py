"""Delimited text, read one record at a time.

The standard library's parser does the reading. What it lacks is a way out of a quotation mark
that is never closed, which would swallow the rest of the file into one cell: the lines of the
record in hand are kept, and when it does not end, only its first line is refused.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.interchange.csv_dialect import CsvDialect
from engine.interchange.raw_row import RawRow
from engine.interchange.text_stream import TextStream

LONGEST_RECORD = 4_000_000  # characters in several lines; four times the longest text
_MOST_UNCLOSED = 1000


class _UnclosedQuoteError(Exception):
    """A record goes on for longer than any record can."""


class _Lines:
    """Hands lines to the parser and remembers those of the record in hand."""

    def __init__(self, stream: TextStream) -> None:
        self._lines = iter(stream)
        self._again: deque[str] = deque()
        self.record: list[str] = []
        self._length = 0
        self.number = 0  # of the line handed out last, from 1
        self.at_end = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._length > LONGEST_RECORD and len(self.record) > 1:
            raise _UnclosedQuoteError
        try:
            line = self._again.popleft() if self._again else next(self._lines)
        except StopIteration:
            self.at_end = True
            raise
        self.number += 1
        self.record.append(line)
        self._length += len(line)
        return line

    def begin_record(self) -> None:
        self.record = []
        self._length = 0

    def give_back_all_but_first(self) -> None:
        again = self.record[1:]
        self._again.extendleft(reversed(again))
        self.number -= len(again)
        self.at_end = False
        self.begin_record()


class CsvReader:
    """The rows of a delimited file; see `RowReader`."""

    def __init__(self, path: Path, encoding: str, dialect: CsvDialect) -> None:
        self._stream = TextStream(path, encoding, newline="")
        self._name = path.name
        self._dialect = dialect

    @property
    def position(self) -> int:
        """Bytes of the file read so far."""
        return self._stream.position

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def __iter__(self) -> Iterator[RawRow]:
        """Yield the data rows.

        Raises:
            KnownError: if so many quotation marks are left open that this is no such file.
        """
        number = 0
        header_to_come = self._dialect.has_header
        for cells, problem in self._records():
            if header_to_come:
                header_to_come = False
                continue
            number += 1
            yield self._row(number, cells) if not problem else RawRow(number, problem=problem)

    def _records(self) -> Iterator[tuple[list[str], str]]:
        lines = _Lines(self._stream)
        parser = self._parser(lines)
        unclosed = 0
        while True:
            lines.begin_record()
            first_line = lines.number + 1
            try:
                cells = next(parser)
            except StopIteration:
                return
            except csv.Error as error:
                yield (
                    [],
                    tr(
                        "line {line} cannot be read as a table row: {error}",
                        line=first_line,
                        error=error,
                    ),
                )
                parser = self._parser(lines)
                continue
            except _UnclosedQuoteError:
                lines.at_end = True
            # The parser asks for another line only inside quotation marks, so a record that met
            # the end of the file was still open.
            if lines.at_end:
                lines.give_back_all_but_first()
                unclosed += 1
                if unclosed > _MOST_UNCLOSED:
                    raise KnownError(
                        tr(
                            "{file} is damaged or not a CSV file: more than {most} rows open a "
                            "quotation mark and never close it.",
                            file=self._name,
                            most=_MOST_UNCLOSED,
                        )
                    )
                yield (
                    [],
                    tr("line {line} opens a quotation mark that is never closed", line=first_line),
                )
                parser = self._parser(lines)
            elif any(line.strip() for line in lines.record):
                yield cells, ""

    def _parser(self, lines: _Lines) -> Iterator[list[str]]:
        return csv.reader(
            lines,
            delimiter=self._dialect.delimiter,
            skipinitialspace=self._dialect.spaces_after_delimiter,
        )

    def _row(self, number: int, cells: list[str]) -> RawRow:
        columns = self._dialect.columns
        surplus = cells[len(columns) :]
        if any(cell.strip() for cell in surplus):
            if len(columns) == 1:
                # The only column holds prose, and prose has commas.
                return RawRow(number, {columns[0]: self._dialect.delimiter.join(cells)})
            return RawRow(
                number,
                problem=tr(
                    "it has {columns} columns where there should be {usual}; perhaps quotation "
                    "marks are missing around a value",
                    columns=len(cells),
                    usual=len(columns),
                ),
            )
        fields = dict(zip(columns, cells, strict=False))
        if len(cells) < len(columns):
            gone = columns[len(cells) :][:3]
            missing = ", ".join(tr("“{name}”", name=column) for column in gone)
            repair = tr("it ends before {columns}, taken as empty", columns=missing)
            return RawRow(number, fields, repairs=(repair,))
        return RawRow(number, fields)
