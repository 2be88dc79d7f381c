"""All texts as a table of any length: every id is known, rows are read when they are painted."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from enum import IntEnum
from functools import partial

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)

from desktop.bridge import Bridge
from engine.api import GetTextRows, TaskInfo, TextRow, number_text, tr, trc, trn

PAGE = 64
KEPT = 64 * PAGE
CHANNELS = 4  # pages asked for at once; scrolling on makes older questions void

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns of the table, left to right."""

    TEXT = 0
    LABELS = 1
    STATE = 2
    SPLIT = 3
    LENGTH = 4
    SOURCE = 5
    LIKENESS = 6


TITLES = (
    tr("Text"),
    tr("Label"),
    tr("State"),
    trc("a part of the texts", "Split"),
    tr("Length"),
    tr("Source"),
    tr("Likeness"),
)
SPLITS = {
    "train": trc("a part of the texts", "train"),
    "validation": trc("a part of the texts", "validation"),
    "test": trc("a part of the texts", "test"),
}
"""The parts of the texts, as a cell calls them."""
ORDERS = {
    Column.LABELS: "label",
    Column.SPLIT: "split",
    Column.LENGTH: "length",
    Column.SOURCE: "imported",
}
"""The columns that the table can be sorted by, and the engine's names for it."""

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NUMBERS = (Column.LENGTH, Column.LIKENESS)
_ALIGNMENTS = [_RIGHT if column in _NUMBERS else _LEFT for column in Column]

ROW = Qt.ItemDataRole.UserRole
"""The role under which a whole TextRow (or None while it is read) is handed to delegates."""


class TextsModel(QAbstractTableModel):
    """Ids in an array, rows in a cache that is filled page by page.

    A million ids take eight megabytes. A row that is not there yet shows "…" and is asked for,
    once the paint events have settled, with the other rows of its page.
    """

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._task: TaskInfo | None = None
        self._ids: array[int] = array("q")
        self._likeness: Sequence[float | None] | None = None
        self._rows: OrderedDict[int, TextRow | None] = OrderedDict()
        self._stale: set[int] = set()
        self._wanted: dict[int, None] = {}
        self._asked: dict[int, int] = {}  # channel -> page
        self._edition = 0
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._ask)

    def set_task(self, task: TaskInfo | None) -> None:
        """Show texts with the labels of this task; another task forgets all rows."""
        if task is None or self._task is None or task.id != self._task.id:
            self._forget()
        self._task = task
        self._repaint(0, len(self._ids) - 1)

    def close(self) -> None:
        """Forget everything: another project is open, or none."""
        self._forget()
        self._task = None
        self.set_ids(array("q"))

    def set_ids(self, ids: array[int], likeness: Sequence[float | None] | None = None) -> None:
        """Show these texts in this order; rows that are known stay known.

        `likeness` follows `ids` where they are the nearest to what was looked for.
        """
        self.beginResetModel()
        self._ids = ids
        self._likeness = likeness
        self._edition += 1
        self._wanted.clear()
        self._asked.clear()
        self.endResetModel()

    def refresh(self, text_ids: tuple[int, ...] | None) -> None:
        """Read these rows again when they are painted (None: all); until then the old ones show."""
        self._edition += 1
        self._asked.clear()
        if text_ids is None:
            self._stale.update(self._rows)
        else:
            self._stale.update(text_id for text_id in text_ids if text_id in self._rows)
        self._repaint(0, len(self._ids) - 1)

    @property
    def task(self) -> TaskInfo | None:
        """The task whose labels are shown."""
        return self._task

    def text_id(self, row: int) -> int:
        """The id of the text in a row of the table (IndexError beyond the end)."""
        return self._ids[row]

    def text_ids(self, first: int, last: int) -> array[int]:
        """The ids of the rows `first` to `last`, both included."""
        return self._ids[first : last + 1]

    def row_of(self, text_id: int) -> int | None:
        """The row of the table in which a text stands, or None."""
        try:
            return self._ids.index(text_id)
        except ValueError:
            return None

    def text_row(self, text_id: int) -> TextRow | None:
        """What is known of a text, or None while it is not read."""
        return self._rows.get(text_id)

    # --- Qt -------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return TITLES[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _ALIGNMENTS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENTS[index.column()]
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, ROW):
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return self._words(index)
            return None
        row = self._row(index.row())
        if role == ROW:
            return row
        if index.column() == Column.LIKENESS:
            return self._likeness_words(index.row(), role)
        if row is None:
            return "…" if index.column() == Column.TEXT and role != ROW else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(row, index.column())
        return _cell(row, index.column())

    # --- inside ---------------------------------------------------------------------------------

    def _row(self, number: int) -> TextRow | None:
        text_id = self._ids[number]
        row = self._rows.get(text_id)
        if text_id not in self._rows or text_id in self._stale:
            page = number // PAGE
            if page not in self._asked.values():
                self._wanted.pop(page, None)
                self._wanted[page] = None
                if not self._settle.isActive():
                    self._settle.start()
        return row

    def _ask(self) -> None:
        # Only the pages painted last: whoever drags the scroll bar has left the others behind.
        pages, self._wanted = list(self._wanted)[-CHANNELS:], {}
        if self._task is None:
            return
        for page in pages:
            ids = tuple(self._ids[page * PAGE : (page + 1) * PAGE])
            channel = page % CHANNELS
            self._asked[channel] = page
            self._bridge.ask(
                GetTextRows(self._task.id, ids),
                partial(self._receive, page, ids, self._edition),
                channel=f"texts.page.{channel}",
            )

    def _receive(self, page: int, ids: tuple[int, ...], edition: int, rows: list[TextRow]) -> None:
        if edition != self._edition:
            # Asked before something changed: what is painted next asks again.
            self._repaint(page * PAGE, (page + 1) * PAGE - 1)
            return
        if self._asked.get(page % CHANNELS) == page:
            del self._asked[page % CHANNELS]
        found = {row.id: row for row in rows}
        for text_id in ids:
            self._rows[text_id] = found.get(text_id)
            self._rows.move_to_end(text_id)
            self._stale.discard(text_id)
        while len(self._rows) > KEPT:
            text_id, _ = self._rows.popitem(last=False)
            self._stale.discard(text_id)
        self._repaint(page * PAGE, (page + 1) * PAGE - 1)

    def _repaint(self, first: int, last: int) -> None:
        last = min(last, len(self._ids) - 1)
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    def _forget(self) -> None:
        self._rows.clear()
        self._stale.clear()
        self._wanted.clear()
        self._asked.clear()
        self._edition += 1

    def _likeness_words(self, number: int, role: int = Qt.ItemDataRole.DisplayRole) -> str:
        likeness = None if self._likeness is None else self._likeness[number]
        if role == Qt.ItemDataRole.ToolTipRole:
            if likeness is None:
                return tr("Found by its words; not read for its meaning yet")
            return tr("1.00 says the same, 0.00 has nothing in common with it")
        return "–" if likeness is None else number_text(max(likeness, 0.0), ".2f")

    def _names(self, row: TextRow) -> str:
        if self._task is None:
            return ""
        names = {label.id: label.name for label in self._task.labels}
        return ", ".join(names.get(label_id, "") for label_id in row.label_ids)

    def _tooltip(self, row: TextRow, column: int) -> str:
        if column == Column.TEXT:
            return ""
        if column == Column.LABELS:
            return self._names(row)
        if column == Column.STATE:
            return "\n".join(state_words(row))
        return str(_cell(row, column) or "")

    def _words(self, index: Index) -> str:
        row = self._row(index.row())
        if row is None:
            return ""
        if index.column() == Column.LIKENESS:
            return self._likeness_words(index.row())
        if index.column() == Column.LABELS:
            return self._names(row) or (tr("no label") if row.labelled else tr("not labelled"))
        if index.column() == Column.STATE:
            return ", ".join(state_words(row))
        return str(_cell(row, index.column()) or "")


def state_words(row: TextRow) -> list[str]:
    """Return what is special about a text, one phrase each."""
    words = []
    if row.flagged:
        words.append(tr("flagged for a second look"))
    if row.skipped:
        words.append(tr("skipped"))
    if row.comment:
        words.append(tr("comment: {comment}", comment=row.comment))
    if row.group_size > 1:
        words.append(trn("{n:,} similar text", "{n:,} similar texts", row.group_size))
    return words


def _cell(row: TextRow, column: int) -> object:
    if column == Column.TEXT:
        return row.excerpt
    if column == Column.SPLIT:
        return SPLITS.get(row.split or "", row.split)
    if column == Column.LENGTH:
        return number_text(row.length)
    if column == Column.SOURCE:
        number = number_text(row.source_row)
        return f"{row.source} · {number}" if row.source else number
    return None
