"""A look into a file before it is imported: what it is, and what would be taken from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.core.errors import KnownError
from engine.interchange.columns import choose_columns
from engine.interchange.detect import DetectedFile, detect_file_at_once
from engine.interchange.label_values import LabelMatcher, RefusedRowError
from engine.interchange.raw_row import RawRow
from engine.interchange.span_values import span_label_names

SHOWN_ROWS = 20
_SAMPLE_ROWS = 2000  # enough to tell the columns apart
_PREVIEW_ROWS = 20_000  # so that a file sorted by label shows more than its first
_SAMPLE_BYTES = 8_000_000
_LONGEST_CELL = 2000  # characters of a value that a preview carries


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What a file holds, by its first rows.

    Attributes:
        path: the file.
        format: one of `engine.interchange.detect.FORMATS`.
        encoding: in a person's words: "UTF-8", "Windows-1252".
        delimiter: of a delimited format, else "".
        columns: all columns in order.
        rows: the first 20 rows, each value as text in the order of `columns`.
        text_column: asked for or guessed; "" if it is not clear.
        label_column: likewise; "" if there is none.
        split_column: likewise.
        labels: name to number of rows (of passages, where those are marked), over the rows looked
            at.
        size: in bytes.
        rows_sampled: how many rows were looked at: the first 20,000 at most.
        whole: whether these are all rows.
        problems: how many of these rows cannot be read.
        kind: of the task that its labels are for, one of rows.TASK_KINDS: "spans" if passages of
            the texts are marked in it, whatever kind was asked for.
    """

    path: str
    format: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text_column: str
    label_column: str
    split_column: str
    labels: dict[str, int]
    size: int
    rows_sampled: int
    whole: bool
    problems: int = 0
    kind: str = "classification"


def preview_file(
    path: str | Path,
    format: str | None = None,
    text_column: str | None = None,
    label_column: str | None = None,
    kind: str = "classification",
) -> FilePreview:
    """Return a preview of a file; the arguments are those of the `ImportTexts` command.

    `kind` is that of the task it would be imported into: of "spans", the labels are counted
    passage by passage.

    Raises:
        KnownError: if the file cannot be read at all, or a column asked for is not there.
    """
    asked = tuple(name for name in (text_column, label_column) if name)
    detected = detect_file_at_once(Path(path), format, asked=asked)
    sample, whole = _read_rows(detected, _PREVIEW_ROWS)
    columns = columns_of(detected, sample)
    readable = [row.fields for row in sample if not row.problem]
    chosen = None
    if text_column:
        chosen = choose_columns(
            detected.path.name,
            columns,
            readable,
            text=text_column,
            label=label_column,
            spans=kind == "spans",
        )
    else:
        with suppress(KnownError):
            chosen = choose_columns(
                detected.path.name, columns, readable, label=label_column, spans=kind == "spans"
            )
    label = chosen.label if chosen else ""
    values = [fields.get(label) for fields in readable] if label else []
    return FilePreview(
        path=str(path),
        format=detected.format,
        encoding=detected.encoding_name,
        delimiter=detected.dialect.delimiter if detected.dialect else "",
        columns=columns,
        rows=tuple(
            tuple(_as_text(fields.get(column)) for column in columns)
            for fields in readable[:SHOWN_ROWS]
        ),
        text_column=chosen.text if chosen else "",
        label_column=label,
        split_column=chosen.split if chosen else "",
        labels=_count_span_labels(values) if kind == "spans" else _count_labels(values),
        size=detected.size,
        rows_sampled=len(sample),
        whole=whole,
        problems=len(sample) - len(readable),
        kind="spans" if _has_spans(detected.path.name, columns, readable) else "classification",
    )


def _has_spans(name: str, columns: tuple[str, ...], readable: Sequence[Mapping[str, Any]]) -> bool:
    try:
        label = choose_columns(name, columns, readable, spans=True).label
    except KnownError:
        return False
    values = (fields.get(label) for fields in readable)
    return any(name is not None for value in values for name in span_label_names(value))


def read_sample(detected: DetectedFile) -> list[RawRow]:
    """Return the first rows of a file, those on which the guesses of an import rest."""
    return _read_rows(detected, _SAMPLE_ROWS)[0]


def _read_rows(detected: DetectedFile, most: int) -> tuple[list[RawRow], bool]:
    rows: list[RawRow] = []
    with closing(detected.open()) as reader:
        for row in reader:
            if len(rows) == most or (rows and reader.position > _SAMPLE_BYTES):
                return rows, False
            rows.append(row)
    return rows, True


def columns_of(detected: DetectedFile, sample: list[RawRow]) -> tuple[str, ...]:
    """Return the columns of a file: of its header, or all keys of the sample's objects."""
    if detected.dialect is not None:
        return detected.dialect.columns
    return tuple(dict.fromkeys(key for row in sample for key in row.fields))


def _count_labels(values: list[Any]) -> dict[str, int]:
    matcher = LabelMatcher((), multi_label=True)
    counts: Counter[str] = Counter()
    for value in values:
        with suppress(RefusedRowError):
            counts.update(matcher.match(value).unknown)
    return dict(counts.most_common())


def _count_span_labels(values: list[Any]) -> dict[str, int]:
    counts = Counter(name for value in values for name in span_label_names(value))
    return dict(counts.most_common())


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return (value if isinstance(value, str) else str(value))[:_LONGEST_CELL]
