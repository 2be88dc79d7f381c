"""A table in a file with a delimiter between its cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.core.files import atomic_write
from engine.core.language import tr
from engine.deidentify.documents.cells import Cell, CellScanner
from engine.deidentify.documents.document import (
    Edits,
    as_text,
    check_edits,
    check_target,
    edited,
    on_one_line,
)
from engine.deidentify.documents.encoded_text import EncodedText
from engine.interchange.columns import choose_columns
from engine.interchange.csv_dialect import CsvDialect
from engine.interchange.detect import DetectedFile


class DelimitedDocument:
    """A file in CSV or TSV; see `Document`. Every cell is a text.

    With `text_column`, only the cells of that column are, and the row of column names is left
    alone. A row with more cells than there are columns may have lost quotation marks, so that the
    text stands anywhere in it: all its cells are texts then. So is a line that cannot be read as
    a row. Cells that do not change stay as they are written, byte for byte.

    Raises:
        KnownError: if the file cannot be read, or has no such column.
    """

    def __init__(self, detected: DetectedFile, text_column: str | None = None) -> None:
        assert detected.dialect is not None
        self.path = detected.path
        self._source = EncodedText(detected)
        self._scanner = CellScanner(detected.dialect)
        self._column = ""
        if text_column is not None:
            columns = detected.dialect.columns
            self._column = choose_columns(self.path.name, columns, (), text=text_column).text
        self._cells = self._find(detected.dialect)
        self.texts = tuple(as_text(cell.value) for cell in self._cells)

    def write(
        self, target: Path, edits: Sequence[Edits], *, overwrite: bool = False
    ) -> tuple[str, ...]:
        """Write the table with its edits: see `Document.write`."""
        check_target(self.path, target, overwrite=overwrite)
        check_edits(self.texts, edits)
        rewritten = []
        for cell, changes in zip(self._cells, edits, strict=True):
            if changes:
                source = self._source.raw[cell.start : cell.end]
                value = edited(cell.value, on_one_line(changes) if cell.broken else changes)
                new = self._scanner.written(cell, source, value)
                rewritten.append((cell.start, cell.end, new))
        data, sentences = self._source.patched(rewritten)
        with atomic_write(target, "wb") as file:
            file.write(data)
        if self._column:
            sentences += (
                tr(
                    "Only the column “{column}” was looked into; all others are as they were.",
                    column=self._column,
                ),
            )
        return sentences

    def _find(self, dialect: CsvDialect) -> list[Cell]:
        rows = self._scanner.rows(self._source.raw)
        if not self._column:
            return [cell for row in rows for cell in row if cell.value.strip()]
        if dialect.has_header:
            next(rows, None)
        place = dialect.columns.index(self._column)
        found: list[Cell] = []
        for row in rows:
            if len(row) > len(dialect.columns) or row[0].broken:
                found += row
            else:
                found += row[place : place + 1]
        return [cell for cell in found if cell.value.strip()]
