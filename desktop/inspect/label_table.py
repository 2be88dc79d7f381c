"""Precision, recall and F1 of each label; a figure leads to the texts behind it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop.theme.theme import Theme
from desktop.widgets.enter_key import claims_enter
from engine.api import LabelScores, TaskInfo, number_text, tr, trc

Index = QModelIndex | QPersistentModelIndex
COLUMNS = (
    tr("Label"),
    trc("a column", "Precision"),
    trc("a column", "Recall"),
    "F1",
    tr("Gold"),
    trc("a column", "Predicted"),
)
ABOUT_TEXTS = (
    "",
    tr("Of the texts that got this label, the share that should have. Click: the rest."),
    tr("Of the texts that should have this label, the share that got it. Click: the rest."),
    tr("The harmonic mean of precision and recall."),
    tr("How many texts carry this label."),
    tr("How many texts the model gave this label."),
)
"""What the columns tell where whole texts get the labels."""
ABOUT_PASSAGES = (
    "",
    tr("Of the passages that got this label, the share that should have. Click: the rest."),
    tr("Of the passages that should have this label, the share that got it. Click: the rest."),
    tr("The harmonic mean of precision and recall."),
    tr("How many passages carry this label."),
    tr("How many passages the model gave this label."),
)
"""The same where passages get them."""
_WRONGLY_GIVEN = (1, 5)  # the columns that speak of predictions


class LabelTable(QTableView):
    """The scores by label, sorted by a click on a header; `about` tells what each column is."""

    chosen = Signal(int, bool)
    """A figure was clicked: label id, and whether it speaks of texts that got it wrongly."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        about: tuple[str, ...] = ABOUT_TEXTS,
    ) -> None:
        super().__init__(parent)
        self._scores = _ScoresModel(theme, about, self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._scores)
        self._sorted.setSortRole(Qt.ItemDataRole.UserRole)
        self._sorted.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._sorted)
        self.setObjectName("inspect.by_label")
        self.setAccessibleName(tr("Scores by label"))
        self.setSortingEnabled(True)
        self.sortByColumn(3, Qt.SortOrder.AscendingOrder)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(36)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(56)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def set_scores(self, task: TaskInfo, scores: tuple[LabelScores, ...]) -> None:
        """Show the scores of an evaluation."""
        self._scores.set_scores(task, scores)

    def event(self, event: QEvent) -> bool:
        return claims_enter(event) or super().event(event)

    def _choose(self, index: QModelIndex) -> None:
        label_id = self._scores.label_at(self._sorted.mapToSource(index).row())
        self.chosen.emit(label_id, index.column() in _WRONGLY_GIVEN)


class _ScoresModel(QAbstractTableModel):
    def __init__(self, theme: Theme, about: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._about = about
        self._task: TaskInfo | None = None
        self._scores: tuple[LabelScores, ...] = ()

    def set_scores(self, task: TaskInfo, scores: tuple[LabelScores, ...]) -> None:
        self.beginResetModel()
        self._task, self._scores = task, scores
        self.endResetModel()

    def label_at(self, row: int) -> int:
        return self._scores[row].label_id

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._scores)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._about[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._task is None:
            return None
        scores = self._scores[index.row()]
        label = self._task.label(scores.label_id)
        figures = (
            label.name,
            scores.precision,
            scores.recall,
            scores.f1,
            scores.support,
            scores.predicted,
        )
        figure = figures[index.column()]
        if role == Qt.ItemDataRole.UserRole:
            return figure
        if role == Qt.ItemDataRole.DisplayRole:
            if isinstance(figure, str):
                return figure
            return number_text(figure, ".2f" if isinstance(figure, float) else "d")
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return QColor(label.color)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._about[index.column()] or label.guideline
        return None
