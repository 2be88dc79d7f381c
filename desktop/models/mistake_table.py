"""What kinds of mistakes a model makes that marks passages."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from engine.api import ModelInfo, number_text, tr

_KINDS = (
    ("correct", tr("Found exactly"), tr("Place and label agree with what a person marked.")),
    ("boundary", tr("Wrong borders"), tr("The label is right, but begins or ends elsewhere.")),
    ("type", tr("Wrong label"), tr("The passage is right, but was given another label.")),
    (
        "boundary_and_type",
        tr("Wrong borders and label"),
        tr("It overlaps a marked passage, no more."),
    ),
    ("missing", tr("Missed"), tr("A person marked it and the model did not.")),
    ("spurious", tr("Found too much"), tr("The model marked it and no person did.")),
)


class MistakeTable(QTableWidget):
    """A row for each kind of mistake: how often it happened, and what it means."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self.setObjectName("models.mistakes")
        self.setAccessibleName(tr("Mistakes by kind, when the model was trained"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setHorizontalHeaderLabels([tr("Kind"), tr("Passages"), tr("What it means")])
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(36)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        header.setDefaultAlignment(left)

    def set_model(self, model: ModelInfo) -> None:
        """Show the mistakes that were counted when a model was trained."""
        found: dict[str, Any] = model.metrics.get(model.evaluation, {})
        errors: dict[str, int] = found.get("errors", {})
        counts: dict[str, Any] = {"correct": found.get("correct"), **errors}
        shown = [kind for kind in _KINDS if counts.get(kind[0]) is not None]
        self.setRowCount(len(shown) if errors else 0)
        for row, (key, words, meaning) in enumerate(shown if errors else ()):
            number = QTableWidgetItem(number_text(counts[key]))
            number.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            about = QTableWidgetItem(meaning)
            about.setToolTip(meaning)
            for column, item in enumerate((QTableWidgetItem(words), number, about)):
                self.setItem(row, column, item)
