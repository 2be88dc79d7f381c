"""All models as a tree: base models, and below each what was trained from it."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QTreeView,
    QWidget,
)

from desktop.dates import day_words
from desktop.method_words import short_name
from desktop.models.kinds import LANGUAGE, kind_of
from desktop.models.lineage import Branch
from desktop.models.rows import ACCESSIBLE, STATE, RowDelegate, dress
from desktop.models.words import size_words
from desktop.score_words import Headline, headline
from desktop.theme.theme import Theme
from engine.api import ModelInfo, number_text, tr, trc

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns, left to right."""

    NAME = 0
    SCORE = 1
    METHOD = 2
    LABELS = 3
    SIZE = 4
    TRAINED = 5


_TITLES = {
    Column.NAME: (tr("Model"), ""),
    Column.SCORE: (
        tr("Score"),
        tr(
            "When it was trained: macro F1, or F1 of passages, on the test texts (CV: by "
            "cross-validation, for want of test texts); or perplexity on texts held back."
        ),
    ),
    Column.METHOD: (tr("Method"), tr("How it was trained.")),
    Column.LABELS: (
        tr("Labels"),
        tr("How many labelled texts there were when it was trained."),
    ),
    Column.SIZE: (tr("Size"), tr("On the disk.")),
    Column.TRAINED: (trc("when", "Trained"), ""),
}
_WIDTHS = {
    Column.SCORE: 124,
    Column.METHOD: 96,
    Column.LABELS: 72,
    Column.SIZE: 88,
    Column.TRAINED: 108,
}
_SHOWN_FROM = {Column.TRAINED: 440, Column.LABELS: 580, Column.SIZE: 660, Column.METHOD: 760}
"""The width of the tree, in pixels, from which there is room for a column."""
_RIGHT = (Column.SCORE, Column.LABELS, Column.SIZE)
_SORT = Qt.ItemDataRole.UserRole
_BRANCH = Qt.ItemDataRole.UserRole + 1


class ModelTree(QTreeView):
    """One branch is chosen; F2 lets a trained model's name be written over."""

    chosen = Signal(str)
    """The key of the branch that is current now."""
    renamed = Signal(int, str)
    """A person wrote another name: model id, name."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._branches: tuple[Branch, ...] = ()
        self._suggesting: int | None = None
        self._chosen = ""
        self._filling = False
        self._items = QStandardItemModel(self)
        self._items.setSortRole(_SORT)
        self._items.itemChanged.connect(self._edited)
        for column, (title, help_) in _TITLES.items():
            head = QStandardItem(title)
            head.setToolTip(help_)
            head.setTextAlignment(_alignment(column))
            self._items.setHorizontalHeaderItem(column, head)
        delegate = RowDelegate(theme, Column.METHOD, self)
        # Whatever changed while a name was being written is shown when that is done.
        delegate.closeEditor.connect(lambda: QTimer.singleShot(0, self, self._fill))
        self.setObjectName("models.tree")
        self.setAccessibleName(tr("Models"))
        self.setModel(self._items)
        dress(self, delegate, Column.NAME, _WIDTHS.items())
        self.setIndentation(20)
        self.setExpandsOnDoubleClick(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setSortingEnabled(True)
        header = self.header()
        header.setMinimumSectionSize(56)
        header.setSortIndicator(Column.TRAINED, Qt.SortOrder.DescendingOrder)
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        theme.changed.connect(self._fill)

    def show_branches(
        self, branches: tuple[Branch, ...], suggesting: int | None, chosen: str
    ) -> None:
        """Show these models; `suggesting` is the id of the one that suggests labels."""
        self._branches, self._suggesting, self._chosen = branches, suggesting, chosen
        self._fill()

    def go_to(self, key: str) -> None:
        """Make a branch the current one, if it is there."""
        self._chosen = key
        place = self._find(key)
        if place is not None and place.siblingAtColumn(0) != self.currentIndex().siblingAtColumn(0):
            self.setCurrentIndex(place)

    def edit_name(self) -> None:
        """Let the name of the current model be written over where it stands."""
        if self.state() is not QAbstractItemView.State.EditingState:
            self.edit(self.currentIndex().siblingAtColumn(Column.NAME))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, width in _SHOWN_FROM.items():
            self.setColumnHidden(column, self.viewport().width() < width)

    # --- inside ---------------------------------------------------------------------------------

    def _fill(self) -> None:
        if self.state() is QAbstractItemView.State.EditingState:
            return
        scrolled = self.verticalScrollBar().value()
        self._filling = True
        self._items.removeRows(0, self._items.rowCount())
        for branch in self._branches:
            self._items.appendRow(self._row(branch))
        header = self.header()
        self._items.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self.expandAll()
        place = self._find(self._chosen)
        self.verticalScrollBar().setValue(scrolled)
        if place is not None:
            self.setCurrentIndex(place)
        self._filling = False

    def _row(self, branch: Branch) -> list[QStandardItem]:
        sort_values = _sort_values(branch)
        row = []
        for column, words in _cells(branch).items():
            item = QStandardItem(words)
            item.setEditable(branch.model is not None and column == Column.NAME)
            item.setTextAlignment(_alignment(column))
            item.setData(sort_values[column], _SORT)
            row.append(item)
        first = row[Column.NAME]
        first.setData(branch, _BRANCH)
        icon, token, state = self._state(branch)
        first.setIcon(self._theme.icon(icon, token))
        first.setData(state, STATE)
        first.setToolTip(f"{branch.name}: {state}" if state else branch.name)
        first.setData(f"{branch.name}, {state}" if state else branch.name, ACCESSIBLE)
        for child in branch.children:
            first.appendRow(self._row(child))
        return row

    def _state(self, branch: Branch) -> tuple[str, str, str]:
        """Return icon, colour and words of what is special about a branch."""
        model, base = branch.model, branch.base
        if model is None:
            if base is None:
                return "cube-off-outline", "text_muted", tr("not in the library")
            if not base.present:
                return "alert-outline", "warning", tr("folder missing")
            return "cube-outline", "text_muted", ""
        if not model.present:
            return "alert-outline", "warning", tr("folder missing")
        if model.id == self._suggesting:
            return "lightbulb-on-outline", "accent", tr("suggests")
        if kind_of(model) == LANGUAGE:
            return "book-open-outline", "text_muted", tr("base model")
        return "hexagon-outline", "text_muted", ""

    def _find(self, key: str) -> QModelIndex | None:
        def search(parent: QModelIndex) -> QModelIndex | None:
            for number in range(self._items.rowCount(parent)):
                index = self._items.index(number, 0, parent)
                if index.data(_BRANCH).key == key:
                    return index
                if (below := search(index)) is not None:
                    return below
            return None

        return search(QModelIndex())

    def _current_changed(self, current: QModelIndex, before: QModelIndex) -> None:
        branch = current.siblingAtColumn(Column.NAME).data(_BRANCH)
        if branch is not None and not self._filling:
            self._chosen = branch.key
            self.chosen.emit(branch.key)

    def _edited(self, item: QStandardItem) -> None:
        branch = item.data(_BRANCH)
        if branch is None or branch.model is None:
            return
        name = item.text().strip()
        if name != branch.name:
            self.renamed.emit(branch.model.id, name)


def _cells(branch: Branch) -> dict[Column, str]:
    model = branch.model
    if model is None:
        size = size_words(branch.base.bytes) if branch.base else ""
        return dict.fromkeys(Column, "") | {
            Column.NAME: branch.name,
            Column.SIZE: size,
        }
    score = headline(model.metrics)
    return {
        Column.NAME: model.name,
        Column.SCORE: score.cell if score else "",
        Column.METHOD: short_name(model.method),
        Column.LABELS: number_text(model.snapshot_texts),
        Column.SIZE: size_words(model.bytes),
        Column.TRAINED: day_words(model.created),
    }


def _sort_values(branch: Branch) -> dict[Column, Any]:
    """Return what a branch is sorted by: a base model stands where its best model would."""
    trained = [inner.model for inner in branch.walk() if inner.model is not None]
    own: ModelInfo | None = branch.model
    size = own.bytes if own else (branch.base.bytes if branch.base else 0)
    considered = [own] if own is not None else trained
    scores = [score.value for model in considered if (score := _comparable_score(model))]
    return {
        Column.NAME: branch.name.casefold(),
        Column.SCORE: max(scores, default=-1.0),
        Column.METHOD: own.method if own else "",
        Column.LABELS: max((model.snapshot_texts for model in considered), default=-1),
        Column.SIZE: float(size),
        Column.TRAINED: max((model.created for model in considered), default=""),
    }


def _comparable_score(model: ModelInfo) -> Headline | None:
    """Return a score that can stand in one order with others; perplexity is of another kind."""
    score = headline(model.metrics)
    return score if score is not None and not score.lower_is_better else None


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
