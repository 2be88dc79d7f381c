"""A list of rows of one height, of which one is current: what one decides about, row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.theme.theme import Theme
from engine.api import TaskInfo

ROW = Qt.ItemDataRole.UserRole
"""The role under which the model of a list gives the record of a row."""


class CurrentList(QListView):
    """Shows the rows of a model; model and delegate have a `task`, whose labels they paint."""

    current_changed = Signal(object)
    """The record of the row that is current now, or None."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        model: QAbstractListModel,
        delegate: QStyledItemDelegate,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        model.setParent(self)
        delegate.setParent(self)
        self._painted: tuple[Any, Any] = model, delegate
        self.setObjectName(name)
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._current_changed)
        theme.changed.connect(self.viewport().update)

    def set_task(self, task: TaskInfo | None) -> None:
        """Say whose labels the rows carry."""
        for part in self._painted:
            part.task = task
        self.viewport().update()

    def record(self) -> Any:
        """The record of the current row, or None."""
        return self.currentIndex().data(ROW)

    def change_rows(
        self, change: Callable[[], None], place_of: Callable[[Any], int | None]
    ) -> None:
        """Let `change` put other rows into the model, and make one of them current.

        `place_of` gets the record that was current, or None, and says where to go; None is the same
        place as before, or the last there is.
        """
        before, place = self.record(), self.currentIndex().row()
        self.selectionModel().blockSignals(True)
        change()
        self.selectionModel().blockSignals(False)
        wanted, rows = place_of(before), self.model().rowCount()
        self.go_to(min(max(place if wanted is None else wanted, 0), rows - 1))
        if not rows:
            self.current_changed.emit(None)

    def go_to(self, place: int) -> None:
        """Make a row current and show it; one that is current already is told of again."""
        if place < 0:
            return
        index = self.model().index(place, 0)
        if index == self.currentIndex():
            self.current_changed.emit(index.data(ROW))
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.scrollTo(index)

    def step(self, by: int) -> None:
        """Go so many rows on, or back, as far as there are any."""
        last = self.model().rowCount() - 1
        self.go_to(min(max(self.currentIndex().row() + by, 0), last))

    def _current_changed(self, current: QModelIndex, before: QModelIndex) -> None:
        self.current_changed.emit(current.data(ROW))


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, theme: Theme) -> None:
    """Paint what lies under a row: chosen or pointed at, and the line to the next one."""
    rect: QRect = option.rect
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, theme.token("selection"))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, theme.token("hover"))
    painter.setPen(theme.token("line"))
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())
