"""Mistakes counted by label and kind: where they are many, at a glance."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.inspect.spans.figure_table import FigureTable
from desktop.inspect.spans.words import KINDS
from desktop.theme.theme import Theme
from engine.api import SPAN_ERRORS, LabelErrors, SpanConfusions, TaskInfo, number_text, tr

Index = QModelIndex | QPersistentModelIndex
FIRST, LAST = 1, len(SPAN_ERRORS) + 1
"""The columns of the first kind, and of all kinds together."""
TINT = Qt.ItemDataRole.UserRole
_WEAKEST, _STRONGEST = 0.06, 0.34  # of the tint under the smallest and the largest figure


class ErrorTable(FigureTable):
    """A row a label and one for all, a column a kind and one for all."""

    cell_chosen = Signal(object, object)
    """Label id and kind, each None for all."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._counts = _CountsModel(theme)
        super().__init__(self._counts, 0, parent)
        self._counts.setParent(self)
        self.setObjectName("inspect.errors_by_kind")
        self.setAccessibleName(tr("Mistakes by label and kind"))
        self.horizontalHeader().setMinimumSectionSize(44)
        self.setItemDelegate(_Tinted(theme, self))
        self.wanted.connect(self._choose)
        theme.changed.connect(self.viewport().update)

    def set_counts(self, task: TaskInfo, confusions: SpanConfusions) -> None:
        """Show other counts; the chosen cell stays."""
        chosen = self.currentIndex()
        self._counts.set_counts(task, confusions)
        self.setCurrentIndex(self._counts.index(chosen.row(), chosen.column()))

    def clear_choice(self) -> None:
        """Show no cell as chosen."""
        self.setCurrentIndex(QModelIndex())

    def count(self, label_id: int | None, kind: str | None) -> int:
        """Return the figure in a cell."""
        return self._counts.count(label_id, kind)

    def choose(self, label_id: int | None, kind: str | None) -> None:
        """Choose a cell, as a click does."""
        self.setCurrentIndex(self._counts.place(label_id, kind))
        self._choose(self.currentIndex())

    def _choose(self, index: QModelIndex) -> None:
        label_id, kind = self._counts.cell(index)
        if self._counts.count(label_id, kind):
            self.cell_chosen.emit(label_id, kind)


class _Tinted(QStyledItemDelegate):
    """A figure over a tint that grows with it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        strength = index.data(TINT)
        if strength:
            rect: QRect = option.rect
            tint = self._theme.tint(self._theme.token("accent"), strength)
            painter.fillRect(rect.adjusted(1, 1, -1, -2), tint)
        super().paint(painter, option, index)


class _CountsModel(QAbstractTableModel):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._task: TaskInfo | None = None
        self._rows: tuple[LabelErrors, ...] = ()
        self._most = 1

    def set_counts(self, task: TaskInfo, confusions: SpanConfusions) -> None:
        known = {label.id for label in task.labels}
        self.beginResetModel()
        self._task = task
        self._rows = tuple(row for row in confusions.labels if row.label_id in known)
        self._most = max([1, *(n for row in self._rows for n in row.counts.values())])
        self.endResetModel()

    def cell(self, index: Index) -> tuple[int | None, str | None]:
        label_id = self._rows[index.row()].label_id if index.row() < len(self._rows) else None
        column = index.column()
        return label_id, SPAN_ERRORS[column - FIRST] if FIRST <= column < LAST else None

    def place(self, label_id: int | None, kind: str | None) -> QModelIndex:
        ids = [row.label_id for row in self._rows]
        row = len(ids) if label_id is None else ids.index(label_id)
        return self.index(row, LAST if kind is None else FIRST + SPAN_ERRORS.index(kind))

    def count(self, label_id: int | None, kind: str | None) -> int:
        rows = [row for row in self._rows if label_id in (None, row.label_id)]
        return sum(row.total if kind is None else row.counts[kind] for row in rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() or self._task is None else len(self._rows) + 1

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else LAST + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        kind = KINDS[SPAN_ERRORS[section - FIRST]] if FIRST <= section < LAST else None
        if role == Qt.ItemDataRole.DisplayRole:
            return kind.column if kind else (tr("All") if section == LAST else "")
        if role == Qt.ItemDataRole.ToolTipRole and kind:
            return f"{kind.words}: {kind.help}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._task is None:
            return None
        label_id, kind = self.cell(index)
        label = None if label_id is None else self._task.label(label_id)
        name = label.name if label else tr("All labels")
        number = self.count(label_id, kind)
        first = index.column() < FIRST
        if role == Qt.ItemDataRole.DisplayRole:
            return name if first else number_text(number) if number else "·"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            mistakes = KINDS[kind].inside if kind else tr("all mistakes")
            if first:
                return name
            return tr("{label}, {mistakes}: {n:,}", label=name, mistakes=mistakes, n=number)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if first else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DecorationRole and first and label:
            return QColor(label.color)
        if role == TINT and label and kind and number:
            return _WEAKEST + (_STRONGEST - _WEAKEST) * number / self._most
        if role == Qt.ItemDataRole.ForegroundRole and not number and not first:
            return self._theme.token("text_muted")
        if role == Qt.ItemDataRole.FontRole and (label is None or index.column() == LAST):
            return self._theme.interface_font(13, QFont.Weight.DemiBold)
        if role == Qt.ItemDataRole.ToolTipRole and number:
            return tr("{label}: click to list these mistakes", label=name)
        return None
