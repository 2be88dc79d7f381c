"""How well a model knew each label when it was trained."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from desktop.models.kinds import PASSAGES, kind_of
from engine.api import ModelInfo, TaskInfo, number_text, tr

_COLUMNS = (
    (tr("Label"), ""),
    (tr("Precision"), tr("Of what got this label, the share that should have.")),
    (tr("Recall"), tr("Of what should have this label, the share that got it.")),
    ("F1", tr("The harmonic mean of precision and recall.")),
    ("", tr("How many with this label it was tried on.")),
)
_FIGURES = ("precision", "recall", "f1", "support")


class ScoreTable(QTableWidget):
    """Precision, recall and F1 of each label, in the order of the labels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_COLUMNS), parent)
        self.setObjectName("models.by_label")
        self.setAccessibleName(tr("Scores by label, when the model was trained"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(36)
        for column, (title, help_) in enumerate(_COLUMNS):
            head = QTableWidgetItem(title)
            head.setToolTip(help_)
            head.setTextAlignment(_alignment(column))
            self.setHorizontalHeaderItem(column, head)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(48)

    def set_model(self, task: TaskInfo, model: ModelInfo) -> None:
        """Show the scores of a model; a label that was renamed since has its name of today."""
        scores = model.metrics.get(model.evaluation, {})
        per_label: dict[str, dict[str, Any]] = scores.get("per_label", {})
        last = self.horizontalHeaderItem(len(_FIGURES))
        assert last is not None
        last.setText(tr("Passages") if kind_of(model) == PASSAGES else tr("Texts"))
        today = {label.id: label for label in task.labels}
        self.setRowCount(len(per_label))
        # The outputs of the model and its scores by label stand in the same order.
        for row, (label_id, (name, figures)) in enumerate(
            zip(model.label_ids, per_label.items(), strict=False)
        ):
            label = today.get(label_id)
            first = QTableWidgetItem(label.name if label else tr("{name} (removed)", name=name))
            if label is not None:
                first.setData(Qt.ItemDataRole.DecorationRole, QColor(label.color))
            first.setToolTip(first.text())
            self.setItem(row, 0, first)
            for column, figure in enumerate(_FIGURES, start=1):
                value = figures[figure]
                item = QTableWidgetItem(number_text(value, "," if figure == "support" else ".2f"))
                item.setTextAlignment(_alignment(column))
                self.setItem(row, column, item)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
