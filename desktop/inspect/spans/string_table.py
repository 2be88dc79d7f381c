"""Which strings are taken for what, the most frequent confusions first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from desktop.inspect.spans.figure_table import FigureTable
from desktop.theme.theme import Theme
from engine.api import SurfaceConfusion, TaskInfo, number_text, tr

Index = QModelIndex | QPersistentModelIndex
COLUMNS = (
    (tr("Passage"), tr("The words of the passage.")),
    (tr("Marked as"), tr("What is marked in the texts.")),
    (tr("Found as"), tr("What the model found. The same label on both sides: other borders.")),
    (tr("Times"), tr("How often. Click to list these mistakes.")),
)


class StringTable(FigureTable):
    """A row for each string with what it is marked as and what it was found as."""

    chosen = Signal(object)
    """The SurfaceConfusion whose errors are wanted."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._strings = _StringsModel(theme)
        super().__init__(self._strings, 0, parent)
        self._strings.setParent(self)
        self.setObjectName("inspect.strings")
        self.setAccessibleName(tr("The most frequent confusions of strings"))
        self.setSelectionBehavior(FigureTable.SelectionBehavior.SelectRows)
        self.setWordWrap(False)
        self.wanted.connect(lambda index: self.chosen.emit(self._strings.at(index.row())))
        theme.changed.connect(self.viewport().update)

    def set_strings(self, task: TaskInfo, strings: tuple[SurfaceConfusion, ...]) -> None:
        """Show other strings; the chosen one stays, if it is among them."""
        row = self.currentIndex().row()
        chosen = self._strings.at(row) if row >= 0 else None
        self._strings.set_strings(task, strings)
        same = self._strings.place(chosen) if chosen else -1
        self.setCurrentIndex(self._strings.index(same, 0) if same >= 0 else QModelIndex())

    def clear_choice(self) -> None:
        """Show no string as chosen."""
        self.setCurrentIndex(QModelIndex())


class _StringsModel(QAbstractTableModel):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._task: TaskInfo | None = None
        self._strings: tuple[SurfaceConfusion, ...] = ()

    def set_strings(self, task: TaskInfo, strings: tuple[SurfaceConfusion, ...]) -> None:
        self.beginResetModel()
        self._task, self._strings = task, strings
        self.endResetModel()

    def at(self, row: int) -> SurfaceConfusion:
        return self._strings[row]

    def place(self, wanted: SurfaceConfusion) -> int:
        key = (wanted.surface, wanted.gold, wanted.predicted)
        same = [(row.surface, row.gold, row.predicted) == key for row in self._strings]
        return same.index(True) if any(same) else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._strings)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return COLUMNS[section][1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == 3 else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._task is None:
            return None
        row, column = self._strings[index.row()], index.column()
        side = (None, row.gold, row.predicted, None)[column]
        labels = {label.id: label for label in self._task.labels}
        label = labels.get(side) if side is not None else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            gold, found = labels.get(row.gold or 0), labels.get(row.predicted or 0)
            found_as = found.name if found else tr("not found")
            if found and found is gold:
                found_as = tr("{label}, other borders", label=found.name)
            return (
                row.surface,
                gold.name if gold else tr("not marked"),
                found_as,
                number_text(row.count),
            )[column]
        if role == Qt.ItemDataRole.DecorationRole and label:
            return QColor(label.color)
        if role == Qt.ItemDataRole.ForegroundRole and column in (1, 2) and label is None:
            return self._theme.token("text_muted")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = Qt.AlignmentFlag.AlignRight if column == 3 else Qt.AlignmentFlag.AlignLeft
            return right | Qt.AlignmentFlag.AlignVCenter
        return None
