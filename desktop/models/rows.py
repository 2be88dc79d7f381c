"""How the two trees of this view and their rows look."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from desktop.theme.theme import Theme

Index = QModelIndex | QPersistentModelIndex

STATE = Qt.ItemDataRole.UserRole + 2
"""The role of words that follow the name."""
ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole
_HEIGHT = 40


class RowDelegate(QStyledItemDelegate):
    """Names in ink, what explains them muted, from the column `muted_from` on."""

    def __init__(self, theme: Theme, muted_from: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._muted_from = muted_from

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), _HEIGHT)

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: Index
    ) -> None:
        super().initStyleOption(option, index)
        state = index.data(STATE)
        if state:
            option.text = f"{option.text}  ·  {state}"
        if index.column() >= self._muted_from:
            palette = option.palette
            for role in (palette.ColorRole.Text, palette.ColorRole.HighlightedText):
                palette.setColor(role, self._theme.token("text_muted"))
            option.palette = palette


def dress(
    tree: QTreeView, delegate: RowDelegate, name: int, widths: Iterable[tuple[int, int]]
) -> None:
    """Make a tree with its model look as both do; the column `name` takes what `widths` leave."""
    tree.setItemDelegate(delegate)
    tree.setFrameShape(QFrame.Shape.NoFrame)
    tree.setUniformRowHeights(True)
    tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header.setSectionResizeMode(name, QHeaderView.ResizeMode.Stretch)
    for column, width in widths:
        tree.setColumnWidth(column, width)
