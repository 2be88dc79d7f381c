"""Under the text: where it comes from, what is known of it, and what was noted."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.dates import long_day_words
from desktop.theme.theme import Theme
from engine.api import TaskInfo, TextDetail, tr, trn

MOST_FIELDS = 4
LONGEST_VALUE = 40
_SPLITS = {
    "train": tr("train split"),
    "validation": tr("validation split"),
    "test": tr("test split"),
}


class MetaLine(QWidget):
    """Two quiet lines: origin and facts of the text, and its comment if there is one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._facts = self._label("meta", "small")
        self._comment = self._label("comment_text", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._facts)
        column.addWidget(self._comment)

    def show_text(self, task: TaskInfo, detail: TextDetail) -> None:
        """Say what is known of a text."""
        facts = describe(task, detail)
        self._facts.setText("  ·  ".join(facts))
        self._facts.setToolTip("\n".join(f"{key}: {value}" for key, value in detail.meta.items()))
        self._comment.setText(tr("Comment: {comment}", comment=detail.row.comment))
        self._comment.setVisible(bool(detail.row.comment))

    def _label(self, name: str, role: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(f"annotate.{name}")
        label.setProperty("role", role)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label


def describe(task: TaskInfo, detail: TextDetail) -> list[str]:
    """Return the facts of a text in the order in which they help: state, facts, origin."""
    row = detail.row
    facts = []
    if row.labelled:
        # One after the other: "labelled invoice", "by Ada", "on 4 May 2026".
        done = (_done(task, detail), _by_whom(detail), _when(detail))
        facts.append(" ".join(filter(None, done)))
    elif row.skipped:
        facts.append(tr("skipped"))
    for key, value in list(detail.meta.items())[:MOST_FIELDS]:
        words = str(value)
        if words and len(words) <= LONGEST_VALUE:
            facts.append(words if _speaks_for_itself(words) else f"{key} {words}")
    facts.append(
        tr("{file} row {row:,}", file=row.source, row=row.source_row)
        if row.source
        else tr("row {row}", row=row.source_row)
    )
    facts.append(_SPLITS[row.split])
    if row.group_size > 1:
        facts.append(trn("{n:,} similar text", "{n:,} similar texts", row.group_size - 1))
    return facts


def _done(task: TaskInfo, detail: TextDetail) -> str:
    names = ", ".join(label.name for label in task.labels if label.id in detail.row.label_ids)
    if task.kind == "spans":  # the passages say their labels themselves
        return tr("marked") if names else tr("nothing to mark")
    return tr("labelled {labels}", labels=names) if names else tr("labelled no label")


def _by_whom(detail: TextDetail) -> str:
    if detail.origin == "import":
        return tr("by import")
    if detail.origin == "suggestion accepted":
        return tr("from a suggestion")
    return tr("by {annotator}", annotator=detail.annotator) if detail.annotator else ""


def _when(detail: TextDetail) -> str:
    return tr("on {day}", day=long_day_words(detail.labelled_at)) if detail.labelled_at else ""


def _speaks_for_itself(value: str) -> bool:
    """Whether a value is understood without the name of its field: words, or a date."""
    return any(sign.isalpha() for sign in value) or bool(re.match(r"\d{4}-\d\d-\d\d", value))
