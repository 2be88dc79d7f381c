"""The two ends of predicting a file: its texts in, and the same rows with predictions out."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from engine.core.errors import KnownError
from engine.core.files import atomic_write
from engine.core.language import tr
from engine.interchange.cleaning import original_span, removed_characters
from engine.interchange.columns import choose_columns
from engine.interchange.detect import detect_file_at_once
from engine.interchange.interpret import read_content
from engine.interchange.label_values import RefusedRowError
from engine.interchange.preview import columns_of, read_sample

PREDICTION_SUFFIXES = (".csv", ".jsonl")

PredictionColumns = Callable[["FileText | None", Any], dict[str, Any]]
"""Returns the columns that a row gains by its prediction; with None for both, their names."""


@dataclass(frozen=True, slots=True)
class FileText:
    """A row of a file with its text; `text` is "" where there is none, and `problem` says why."""

    row: int
    text: str
    fields: dict[str, Any]
    problem: str = ""


class FileTexts:
    """The texts of a file in order, read as an import reads them.

    Attributes:
        columns: the file's columns.
        text_column: the one that is read.
        size: of the file, in bytes; `position` is how much of it was read.

    Raises:
        KnownError: if the file cannot be read or has no column of texts.
    """

    def __init__(
        self, path: str | Path, format: str | None = None, text_column: str | None = None
    ) -> None:
        asked = (text_column,) if text_column else ()
        detected = detect_file_at_once(Path(path), format, asked=asked)
        sample = read_sample(detected)
        self.columns = columns_of(detected, sample)
        readable = [row.fields for row in sample if not row.problem]
        choice = choose_columns(detected.path.name, self.columns, readable, text=text_column)
        self.text_column = choice.text
        self.size = detected.size
        self._reader = detected.open()

    @property
    def position(self) -> int:
        """Bytes of the file read so far."""
        return self._reader.position

    def __iter__(self) -> Iterator[FileText]:
        """Yield every row, also those without a text."""
        for raw in self._reader:
            try:
                text, _ = read_content(raw, self.text_column)
            except RefusedRowError as refusal:
                yield FileText(raw.row, "", dict(raw.fields), str(refusal))
            else:
                yield FileText(raw.row, text, dict(raw.fields))

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class PredictionWriter:
    """Writes the rows of a file with their predictions; the file appears when it is whole.

    A row keeps its own columns and gains those of the prediction, and ``problem`` where it could
    not be predicted. A column of its own that has the name of such a one is kept with " (file)"
    behind its name.

    Args:
        out: ends in .csv or .jsonl; in a cell of a CSV file, lists are written as JSON.
        columns: of the file that was predicted.
        describe: what is said of a prediction: `label_columns` or `span_columns`.

    Raises:
        KnownError: if the name ends otherwise or the file cannot be written.
    """

    def __init__(
        self, out: str | Path, columns: Sequence[str], describe: PredictionColumns
    ) -> None:
        self._path = check_prediction_path(out)
        self._columns = list(columns)
        self._describe = describe
        self._taken = {*describe(None, None), "problem"}
        self._resources = ExitStack()
        self.rows = 0

    def __enter__(self) -> Self:
        as_csv = self._path.suffix.lower() == ".csv"
        encoding = "utf-8-sig" if as_csv else "utf-8"
        self._file: IO[str] = self._resources.enter_context(
            atomic_write(self._path, encoding=encoding)
        )
        self._csv = csv.writer(self._file) if as_csv else None
        if self._csv is not None:
            self._csv.writerow(
                [*map(self._own, self._columns), *self._describe(None, None), "problem"]
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._resources.__exit__(kind, error, trace)

    def write(self, row: FileText, prediction: Any) -> None:
        """Write one row; `prediction` is as `describe` takes it, None if the row has no text."""
        added = {**self._describe(row, prediction), "problem": row.problem or None}
        if self._csv is not None:
            cells = [_cell(row.fields.get(column)) for column in self._columns]
            self._csv.writerow([*cells, *map(_cell, added.values())])
        else:
            own = {self._own(column): value for column, value in row.fields.items()}
            self._file.write(_storable(json.dumps({**own, **added}, ensure_ascii=False)) + "\n")
        self.rows += 1

    def _own(self, column: str) -> str:
        return f"{column} (file)" if column in self._taken else column


def label_columns(labels: Sequence[str], *, multi_label: bool) -> PredictionColumns:
    """Return what is said of a text's probabilities, which follow `labels`.

    That is ``predicted_label`` (in a multi-label task a list of all labels with a probability of at
    least one half), ``predicted_probability`` (of the likeliest label) and ``probability: <label>``
    for each label.
    """

    def describe(row: FileText | None, probabilities: Sequence[float] | None) -> dict[str, Any]:
        label: str | list[str] | None = None
        top: float | None = None
        rounded: list[float | None] = [None] * len(labels)
        if probabilities is not None:
            best = max(range(len(labels)), key=lambda position: probabilities[position])
            rounded = [round(float(probability), 6) for probability in probabilities]
            top = rounded[best]
            label = labels[best]
            if multi_label:
                pairs = zip(labels, probabilities, strict=True)
                label = [name for name, probability in pairs if probability >= 0.5]
        return {
            "predicted_label": label,
            "predicted_probability": top,
            **{f"probability: {name}": p for name, p in zip(labels, rounded, strict=True)},
        }

    return describe


def span_columns(labels: Sequence[str], text_column: str) -> PredictionColumns:
    """Return what is said of a text's passages: ``spans``, a list that can be imported as it is.

    Each is an object with ``start``, ``end`` (offsets in the text as the file has it, in code
    points, the end exclusive), ``label``, ``text`` and ``confidence``. A prediction is a list of
    (start, end, position of the label, confidence) with offsets in the text as it is stored.
    """

    def describe(
        row: FileText | None, spans: Sequence[tuple[int, int, int, float]] | None
    ) -> dict[str, Any]:
        if row is None or spans is None:
            return {"spans": None}
        text = row.fields[text_column]
        removed = removed_characters(text)
        found = []
        for start, end, position, confidence in spans:
            start, end = original_span(start, end, removed)
            found.append(
                {
                    "start": start,
                    "end": end,
                    "label": labels[position],
                    "text": text[start:end],
                    "confidence": round(float(confidence), 6),
                }
            )
        return {"spans": found}

    return describe


def check_prediction_path(out: str | Path) -> Path:
    """Return the path if predictions can be written there (KnownError if not)."""
    path = Path(out)
    if path.suffix.lower() not in PREDICTION_SUFFIXES:
        raise KnownError(
            tr("Predictions are written as .csv or .jsonl, and {file} is neither.", file=path.name)
        )
    return path


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        return _storable(value)
    return value


def _storable(text: str) -> str:
    # A damaged byte of the original cannot be written in any encoding.
    return text.encode("utf-8", "replace").decode("utf-8")
