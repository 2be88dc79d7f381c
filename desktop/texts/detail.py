"""The chosen text whole, beside the table."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.theme.theme import Theme
from desktop.widgets.buttons import ActionButton
from desktop.widgets.flow_layout import FlowLayout
from desktop.widgets.label_chip import LabelChip
from desktop.widgets.meta_line import describe
from desktop.widgets.reading_pane import ReadingPane
from engine.api import TaskInfo, TextDetail, tr

SIZE = 16  # pixels; a little smaller than where one reads to label
SHOWN_PASSAGES = 20
LONGEST_PASSAGE = 60  # characters


class DetailPanel(QWidget):
    """A text at reading size, its labels and its facts."""

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("texts.detail")
        self.setAccessibleName(tr("The chosen text"))
        self.setMinimumWidth(260)
        self._pane = ReadingPane(theme, self, SIZE)
        self._pane.setObjectName("texts.detail_text")
        self._pane.setAccessibleName(tr("The chosen text"))
        self._chips = QWidget(self)
        self._flow = FlowLayout(self._chips, gap=6)
        self._facts = QLabel(self)
        self._facts.setProperty("role", "small")
        self._comment = QLabel(self)
        self._passages = QLabel(self)
        self._passages.setObjectName("texts.detail_passages")
        for label in (self._facts, self._comment, self._passages):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._open = ActionButton(actions, "texts.open")
        self._hint = QLabel(tr("Choose a text to read it here."), self)
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        foot = QWidget(self)
        below = QVBoxLayout(foot)
        below.setContentsMargins(24, 12, 24, 16)
        below.setSpacing(8)
        for part in (self._chips, self._passages, self._comment, self._facts):
            below.addWidget(part)
        below.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        self._foot = foot
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._hint, 1)
        column.addWidget(self._pane, 1)
        column.addWidget(foot)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that no text is chosen."""
        self._hint.show()
        self._pane.hide()
        self._foot.hide()

    def show_text(self, task: TaskInfo, detail: TextDetail, search: str) -> None:
        """Show a text; the words of the search are marked in it."""
        self._hint.hide()
        self._pane.show()
        self._foot.show()
        self._pane.show_text(detail.content, words_of(search))
        self._flow.clear()
        for label in task.labels:
            if label.id in detail.row.label_ids:
                self._flow.addWidget(LabelChip(self._theme, label, self._chips))
        self._chips.setVisible(bool(detail.row.label_ids))
        self._passages.setText("  ·  ".join(passages_in(task, detail)))
        self._passages.setVisible(bool(detail.spans))
        self._comment.setText(detail.row.comment)
        self._comment.setVisible(bool(detail.row.comment))
        self._facts.setText("  ·  ".join(describe(task, detail)))


def passages_in(task: TaskInfo, detail: TextDetail) -> list[str]:
    """Return each marked passage of a text with the name of its label before it."""
    passages = []
    for span in detail.spans[:SHOWN_PASSAGES]:
        passage = " ".join(detail.content[span.start : span.end].split())
        shortened = passage[:LONGEST_PASSAGE] + ("…" if len(passage) > LONGEST_PASSAGE else "")
        passages.append(f"{task.label(span.label_id).name} {shortened}")
    if len(detail.spans) > SHOWN_PASSAGES:
        passages.append(tr("and {n:,} more", n=len(detail.spans) - SHOWN_PASSAGES))
    return passages


def words_of(search: str) -> tuple[str, ...]:
    """Return the words to mark for a search, as the full-text index splits them."""
    return tuple(dict.fromkeys(word for word in re.findall(r"\w+", search) if len(word) > 1))
