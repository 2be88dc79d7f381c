"""Under the text: where it comes from, what is known of it, and what was noted."""

from __future__ import annotations

import re
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.theme.theme import Theme
from engine.api import TaskInfo, TextDetail

MOST_FIELDS = 4
LONGEST_VALUE = 40


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
        self._comment.setText(f"Comment: {detail.row.comment}")
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
        who = {"import": "by import", "suggestion accepted": "from a suggestion"}.get(
            detail.origin, f"by {detail.annotator}" if detail.annotator else ""
        )
        names = ", ".join(label.name for label in task.labels if label.id in row.label_ids)
        done = f"labelled {names or 'no label'}"
        if task.kind == "spans":  # the passages say their labels themselves
            done = "marked" if names else "nothing to mark"
        facts.append(" ".join(filter(None, (done, who, day(detail.labelled_at)))))
    elif row.skipped:
        facts.append("skipped")
    for key, value in list(detail.meta.items())[:MOST_FIELDS]:
        words = str(value)
        if words and len(words) <= LONGEST_VALUE:
            facts.append(words if _speaks_for_itself(words) else f"{key} {words}")
    facts.append(f"{row.source} row {row.source_row:,}" if row.source else f"row {row.source_row}")
    facts.append(f"{row.split} split")
    if row.group_size > 1:
        others = row.group_size - 1
        facts.append(f"{others:,} similar text{'s' if others > 1 else ''}")
    return facts


def _speaks_for_itself(value: str) -> bool:
    """Whether a value is understood without the name of its field: words, or a date."""
    return any(sign.isalpha() for sign in value) or bool(re.match(r"\d{4}-\d\d-\d\d", value))


def day(stamp: str) -> str:
    """Return the day of an ISO 8601 time, as the person's own clock has it; "" for none."""
    if not stamp:
        return ""
    try:
        moment = datetime.fromisoformat(stamp).astimezone()
    except ValueError:
        return ""
    return f"on {moment.day} {moment:%B %Y}"
