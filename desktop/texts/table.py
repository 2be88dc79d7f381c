"""The table itself: columns that make room for the text, and the keyboard."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QSettings,
    Qt,
    Signal,
)
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.texts.delegates import LabelsDelegate, MutedDelegate, StateDelegate
from desktop.texts.model import ORDERS, Column, TextsModel
from desktop.theme.theme import Theme
from engine.api import tr

ROW_HEIGHT = 40
WIDTHS = {
    Column.LABELS: 164,
    Column.STATE: 88,
    Column.SPLIT: 92,
    Column.LENGTH: 76,
    Column.SOURCE: 160,
    Column.LIKENESS: 84,
}
SHOWN_FROM = {Column.STATE: 440, Column.SPLIT: 600, Column.SOURCE: 860, Column.LENGTH: 940}
"""The width of the table, in pixels, from which there is room for a column."""


class TextsTable(QTableView):
    """Texts in rows, many of which can be chosen at once."""

    current_changed = Signal()
    """Another row has the keyboard, or the selection changed."""
    sort_wanted = Signal(str, bool)
    """The person wants this order (the engine's name), descending or not."""

    def __init__(self, model: TextsModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._sorted_by: tuple[int, bool] = (-1, False)
        self.setObjectName("texts.table")
        self.setAccessibleName(tr("Texts"))
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setWordWrap(False)
        self.setShowGrid(False)
        # Words stand 3 pixels further in than Qt's padding says; so they line up with the titles.
        self.setStyleSheet("QTableView::item { padding: 4px 5px; }")
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        # A header asks of every row whether its column is selected: a minute with a million rows.
        columns.setSelectionModel(QItemSelectionModel(model, self))
        columns.setMinimumSectionSize(60)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        columns.setSectionResizeMode(Column.TEXT, QHeaderView.ResizeMode.Stretch)
        columns.setSectionsClickable(True)
        columns.setSortIndicatorShown(True)
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        columns.sectionClicked.connect(self._sort)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, width)
        muted = MutedDelegate(theme, self)
        self.setItemDelegateForColumn(Column.LABELS, LabelsDelegate(model, theme, self))
        self.setItemDelegateForColumn(Column.STATE, StateDelegate(model, theme, self))
        for column in (Column.SPLIT, Column.LENGTH, Column.SOURCE, Column.LIKENESS):
            self.setItemDelegateForColumn(column, muted)
        columns.moveSection(Column.LIKENESS, 1)  # beside the text it is about
        self.show_ranked(False)
        theme.changed.connect(self.viewport().update)
        selection = self.selectionModel()
        selection.selectionChanged.connect(self.current_changed)
        selection.currentRowChanged.connect(self.current_changed)

    def show_ranked(self, ranked: bool) -> None:
        """Show how near each text is; a list in that order is not sorted in another way."""
        self.setColumnHidden(Column.LIKENESS, not ranked)
        self.horizontalHeader().setSectionsClickable(not ranked)
        self.horizontalHeader().setSortIndicatorShown(not ranked)

    def chosen_ids(self) -> tuple[int, ...]:
        """The ids of the chosen texts, in the order of the table."""
        ids: list[int] = []
        for part in sorted(self._chosen_parts(), key=lambda part: part.top()):
            ids.extend(self._model.text_ids(part.top(), part.bottom()))
        return tuple(ids)

    def chosen_count(self) -> int:
        """How many texts are chosen."""
        return sum(part.height() for part in self._chosen_parts())

    def current_id(self) -> int | None:
        """The text that has the keyboard."""
        index = self.currentIndex()
        return self._model.text_id(index.row()) if index.isValid() else None

    def choose_row(self, row: int) -> None:
        """Choose one row, clamped to the table, and bring it into view."""
        if not self._model.rowCount():
            return
        index = self._model.index(max(0, min(row, self._model.rowCount() - 1)), 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def choose_rows(self, first: int, last: int) -> None:
        """Choose the rows `first` to `last`, both included."""
        chosen = QItemSelection(self._model.index(first, 0), self._model.index(last, 0))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().select(chosen, flags | QItemSelectionModel.SelectionFlag.Rows)

    def save_columns(self, settings: QSettings) -> None:
        """Remember how wide the columns are."""
        for column in WIDTHS:
            if not self.isColumnHidden(column):
                settings.setValue(f"texts/width_{column.name.lower()}", self.columnWidth(column))

    def restore_columns(self, settings: QSettings) -> None:
        """Make the columns as wide as they were."""
        for column in WIDTHS:
            width = str(settings.value(f"texts/width_{column.name.lower()}", ""))
            if width.isdigit():
                self.setColumnWidth(column, int(width))

    # --- Qt -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, width in SHOWN_FROM.items():
            self.setColumnHidden(column, event.size().width() < width)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Do nothing: Qt would read the whole table, and letters are labels here."""

    # --- inside ---------------------------------------------------------------------------------

    def _chosen_parts(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(number) for number in range(selection.count())]

    def _sort(self, section: int) -> None:
        header = self.horizontalHeader()
        if section not in ORDERS:
            self._sorted_by = (-1, False)
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.sort_wanted.emit("imported", False)
            return
        descending = self._sorted_by == (section, False)
        self._sorted_by = (section, descending)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(section, order)
        self.sort_wanted.emit(ORDERS[Column(section)], descending)
