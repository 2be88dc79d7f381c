"""Which column holds what: by its name where it has a telling one, else by what is in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import tr

TEXT_NAMES = (
    "text", "texts", "content", "sentence", "body", "message", "utterance", "question", "query",
    "review", "review_text", "comment", "description", "narrative", "note", "report", "letter",
    "document", "abstract", "headline", "title", "input",
)  # fmt: skip
LABEL_NAMES = (
    "label", "labels", "category", "categories", "class", "intent", "target", "sentiment", "topic",
    "tag", "tags", "gold",
)  # fmt: skip
SPAN_NAMES = ("spans", "entities", "annotations", *LABEL_NAMES)
SPLIT_NAMES = ("split", "partition", "subset")
DOCUMENT_NAMES = ("document", "document_id", "doc_id", "docid")
LABELLED_NAME = "labelled"  # our own export's: tells "none of the labels" from "not labelled"

KNOWN_NAMES = frozenset((*TEXT_NAMES, *LABEL_NAMES, *SPLIT_NAMES, *DOCUMENT_NAMES))

_SPLIT_WORDS = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "dev": "validation",
    "development": "validation",
    "test": "test",
    "testing": "test",
}

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """The columns that an import reads; "" where there is none of the kind."""

    text: str
    label: str = ""
    split: str = ""
    document: str = ""
    labelled: str = ""

    @property
    def used(self) -> frozenset[str]:
        """The columns that have a meaning of their own; all others are metadata."""
        return frozenset({self.text, self.label, self.split, self.document, self.labelled})


def plain_name(column: str) -> str:
    """Return a column's name as it is compared: ``"Review Text "`` is ``"review_text"``."""
    return "_".join(column.casefold().replace("-", " ").replace("_", " ").split())


def split_of(value: Any) -> str | None:
    """Return the split that a value names ("dev" is "validation"), or None if it names none."""
    return _SPLIT_WORDS.get(str(value).strip().casefold())


def is_blank(value: Any) -> bool:
    """Return whether a value says nothing: null, or only white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def choose_columns(
    name: str,
    columns: Sequence[str],
    sample: Rows,
    *,
    text: str | None = None,
    label: str | None = None,
    split: str | None = None,
    spans: bool = False,
) -> ColumnChoice:
    """Return which columns to read: the ones asked for, else the ones that look like it.

    Args:
        name: the file's name, for the sentence of an error.
        columns: all columns of the file.
        sample: the first rows.
        text: the text column, or None to guess.
        label: the label column, None to guess, "" for none.
        split: the split column, None to guess, "" for none.
        spans: whether the label column is to mark passages in the texts.

    Raises:
        KnownError: if a column asked for is not there, or no column looks like texts.
    """
    text_column = _asked(name, columns, text) if text else guess_text_column(columns, sample)
    if not text_column:
        raise KnownError(
            tr(
                "It is not clear which column of {file} holds the texts: {columns}; say which one "
                "does.",
                file=name,
                columns=_listing(columns),
            )
        )
    rest = [column for column in columns if column != text_column]
    if label is None and spans:
        label_column = _span_column(rest, sample)
    elif label is None:
        label_column = _by_name(rest, LABEL_NAMES) or _headless_label(rest, sample)
    else:
        label_column = _asked(name, columns, label) if label else ""
    rest = [column for column in rest if column != label_column]
    if split is None:
        split_column = _guess_split_column(rest, sample)
    else:
        split_column = _asked(name, columns, split) if split else ""
    rest = [column for column in rest if column != split_column]
    return ColumnChoice(
        text=text_column,
        label=label_column,
        split=split_column,
        document=_by_name(rest, DOCUMENT_NAMES),
        labelled=_by_name(rest, (LABELLED_NAME,)) if label_column else "",
    )


def _asked(name: str, columns: Sequence[str], asked: str) -> str:
    if asked in columns:
        return asked
    for column in columns:
        if plain_name(column) == plain_name(asked):
            return column
    raise KnownError(
        tr(
            "{file} has no column “{column}”: {columns}.",
            file=name,
            column=asked,
            columns=_listing(columns),
        )
    )


def _listing(columns: Sequence[str]) -> str:
    shown = ", ".join(tr("“{name}”", name=column) for column in columns[:12])
    if len(columns) == 1:
        return tr("its only column is {column}", column=shown)
    if len(columns) > 12:
        return tr("its columns are {columns} and {n} more", columns=shown, n=len(columns) - 12)
    return tr("its columns are {columns}", columns=shown)


def _by_name(columns: Sequence[str], names: Sequence[str]) -> str:
    plain = {plain_name(column): column for column in reversed(columns)}
    return next((plain[name] for name in names if name in plain), "")


def guess_text_column(columns: Sequence[str], sample: Rows) -> str:
    """Return the column that looks like texts, or "" if none or several do."""
    named = _by_name(columns, TEXT_NAMES)
    if named or len(columns) == 1:
        return named or columns[0]
    lengths = {column: _mean_length(column, sample) for column in columns}
    ordered = sorted(columns, key=lambda column: -lengths[column])
    if ordered and lengths[ordered[0]] >= max(15, 1.5 * lengths[ordered[1]]):
        return ordered[0]
    return ""


def _mean_length(column: str, sample: Rows) -> float:
    values = [row.get(column) for row in sample]
    return sum(len(value) for value in values if isinstance(value, str)) / max(len(values), 1)


def _span_column(columns: Sequence[str], sample: Rows) -> str:
    # A file may have labels of whole texts beside its passages, or only those: what is in the
    # column decides, and a column of names stays metadata.
    marking = []
    for column in columns:
        values = [row.get(column) for row in sample if not is_blank(row.get(column))]
        if 2 * sum(map(_marks_passages, values)) > len(values):
            marking.append(column)
    return _by_name(marking, SPAN_NAMES)


def _marks_passages(value: Any) -> bool:
    if isinstance(value, str):
        return bool(re.match(r"\s*\[\s*([\[{]|\])", value))
    return isinstance(value, list) and all(isinstance(item, list | dict) for item in value)


def _headless_label(columns: Sequence[str], sample: Rows) -> str:
    # Only a file without a header gets this guess: where columns have names, none of which speaks
    # of labels, taking one for labels would fill the task with customer numbers.
    best = ""
    fewest = max(2, len(sample) // 2)
    for column in columns:
        values = [row.get(column) for row in sample]
        different = len({str(value) for value in values})
        if column.startswith("column ") and different < fewest and not any(map(is_blank, values)):
            best, fewest = column, different
    return best


def _guess_split_column(columns: Sequence[str], sample: Rows) -> str:
    column = _by_name(columns, SPLIT_NAMES)
    values = [row.get(column) for row in sample if not is_blank(row.get(column))]
    return column if values and all(split_of(value) for value in values) else ""
