"""A table of figures, each of which leads to the errors behind it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop.widgets.enter_key import claims_enter

ROW = 36  # pixels
NARROWEST = 112  # pixels of the column of names


class FigureTable(QTableView):
    """A click or Enter on a cell says that its errors are wanted."""

    wanted = Signal(QModelIndex)

    def __init__(
        self, model: QAbstractItemModel, stretched: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # `_fit` says how wide
        header.setHighlightSections(False)
        self._stretched = stretched
        self.clicked.connect(self.wanted)
        model.modelReset.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the names what the other columns leave, but enough to be read.

        Where that is too much together, the widest column is cut short: its tooltips are whole.
        What is too much even so scrolls.
        """
        self.resizeColumnsToContents()
        others = [
            column for column in range(self.model().columnCount()) if column != self._stretched
        ]
        room = self.viewport().width() - NARROWEST
        over = sum(map(self.columnWidth, others)) - room
        if over > 0 and others:
            widest = max(others, key=self.columnWidth)
            width = self.columnWidth(widest)
            self.setColumnWidth(widest, max(width - over, min(width, NARROWEST)))
        left = self.viewport().width() - sum(map(self.columnWidth, others))
        self.setColumnWidth(self._stretched, max(left, NARROWEST))

    def event(self, event: QEvent) -> bool:
        return claims_enter(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.wanted.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
