"""The models that people bring, in groups: what they are good for, how large they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTreeView, QWidget

from desktop.models.known_words import GROUPS, group_of, purposes, weight_words
from desktop.models.rows import ACCESSIBLE, STATE, RowDelegate, dress
from desktop.theme.theme import Theme
from engine.api import KnownBaseModel, tr, trc

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns, left to right."""

    NAME = 0
    SIZE = 1
    LANGUAGES = 2
    LICENCE = 3
    PURPOSE = 4


_TITLES = {
    Column.NAME: tr("Model"),
    Column.SIZE: tr("Size"),
    Column.LANGUAGES: tr("Languages"),
    Column.LICENCE: tr("Licence"),
    Column.PURPOSE: tr("Good for"),
}
_WIDTHS = {
    Column.SIZE: 112,
    Column.LANGUAGES: 152,
    Column.LICENCE: 104,
    Column.PURPOSE: 184,
}
_SHOWN_FROM = {Column.LANGUAGES: 440, Column.LICENCE: 580, Column.PURPOSE: 760}
"""The width of the tree, in pixels, from which there is room for a column."""
_MODEL = Qt.ItemDataRole.UserRole + 1


class KnownTree(QTreeView):
    """One model is chosen."""

    chosen = Signal(object)
    """The KnownBaseModel that is current now."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._models: tuple[KnownBaseModel, ...] = ()
        self._here: frozenset[str] = frozenset()
        self._filling = False
        self._items = QStandardItemModel(self)
        self._items.setHorizontalHeaderLabels(list(_TITLES.values()))
        for column in Column:
            self._items.horizontalHeaderItem(column).setTextAlignment(_alignment(column))
        self.setObjectName("models.known")
        self.setAccessibleName(tr("Models you can bring"))
        self.setModel(self._items)
        dress(self, RowDelegate(theme, Column.SIZE, self), Column.NAME, _WIDTHS.items())
        self.setIndentation(0)
        self.setItemsExpandable(False)
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        theme.changed.connect(self._fill)

    @property
    def current(self) -> KnownBaseModel | None:
        """The chosen model."""
        found = self.currentIndex().siblingAtColumn(Column.NAME).data(_MODEL)
        return found if isinstance(found, KnownBaseModel) else None

    def is_here(self, model: KnownBaseModel) -> bool:
        """Whether a model is on this machine already."""
        return model.name.casefold() in self._here or model.hub_name.casefold() in self._here

    def show_models(self, models: Sequence[KnownBaseModel], here: Collection[str]) -> None:
        """Show these; `here` are the names of the base models that this machine has."""
        found = tuple(models), frozenset(name.casefold() for name in here)
        if found != (self._models, self._here):
            self._models, self._here = found
            self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, width in _SHOWN_FROM.items():
            self.setColumnHidden(column, self.viewport().width() < width)

    # --- inside ---------------------------------------------------------------------------------

    def _fill(self) -> None:
        current, scrolled = self.current, self.verticalScrollBar().value()
        self._filling = True
        self._items.removeRows(0, self._items.rowCount())
        for number, group in enumerate(GROUPS):
            heading = QStandardItem(group)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = QFont(self.font())
            font.setWeight(QFont.Weight.DemiBold)
            heading.setFont(font)
            for model in self._models:
                if group_of(model) == number:
                    heading.appendRow(self._row(model))
            self._items.appendRow(heading)
            self.setFirstColumnSpanned(number, QModelIndex(), True)
        self.expandAll()
        self._filling = False
        self._go_to(current)
        self.verticalScrollBar().setValue(scrolled)

    def _row(self, model: KnownBaseModel) -> list[QStandardItem]:
        cells = {
            Column.NAME: model.name,
            Column.SIZE: weight_words(model) if model.works else "",
            Column.LANGUAGES: model.languages,
            Column.LICENCE: model.licence,
            Column.PURPOSE: purposes(model),
        }
        row = [QStandardItem(cells[column]) for column in Column]
        for column, item in zip(Column, row, strict=True):
            item.setTextAlignment(_alignment(column))
        here = self.is_here(model)
        icon, token = ("cube-outline", "text_muted") if here else ("cube-send", "text_muted")
        if not model.works:
            icon, token = "cube-off-outline", "text_muted"
        first = row[Column.NAME]
        first.setData(model, _MODEL)
        first.setIcon(self._theme.icon(icon, token))
        first.setData(trc("a model", "here") if here else "", STATE)
        first.setToolTip(f"{model.hub_name}: {model.about}")
        on_machine = tr("{name}, on this machine", name=model.name)
        first.setData(on_machine if here else model.name, ACCESSIBLE)
        return row

    def _go_to(self, model: KnownBaseModel | None) -> None:
        """Make a model the current one, or the first where it is not there."""
        for group in range(self._items.rowCount()):
            parent = self._items.index(group, 0)
            for row in range(self._items.rowCount(parent)):
                index = self._items.index(row, 0, parent)
                if model is None or index.data(_MODEL) == model:
                    self.setCurrentIndex(index)
                    return

    def _current_changed(self, current: Index, before: Index) -> None:
        model = self.current
        if model is not None and not self._filling:
            self.chosen.emit(model)


def _alignment(column: int) -> Qt.AlignmentFlag:
    right = column == Column.SIZE
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
