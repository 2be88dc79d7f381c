"""The passages that somebody should look at, the most risky first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.theme.theme import Theme
from desktop.widgets.current_list import ROW, CurrentList, paint_ground
from desktop.widgets.label_chip import chip_width, label_color, paint_chip
from engine.api import RedactionDoubt, TaskInfo, tr

Index = QModelIndex | QPersistentModelIndex
HEIGHT = 76  # pixels: the passage where it stands, its label, and why it is in doubt
_BEFORE = 24  # characters of what stands before a passage


class DoubtList(CurrentList):
    """A list of doubts."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._doubts = _DoubtModel()
        super().__init__(theme, "redact.doubts", self._doubts, _DoubtDelegate(theme), parent)
        self.setAccessibleName(tr("Passages in doubt, the most risky first"))

    def set_doubts(self, doubts: Sequence[RedactionDoubt]) -> None:
        """Show other doubts; the current one stays current, or whatever took its place."""
        if tuple(doubts) != self._doubts.doubts:
            self.change_rows(
                lambda: self._doubts.set_doubts(doubts),
                lambda before: None if before is None else self._doubts.place_of(before),
            )

    def current(self) -> RedactionDoubt | None:
        """The current doubt."""
        doubt: RedactionDoubt | None = self.record()
        return doubt

    def show_again(self) -> None:
        """Tell again which doubt is current: it is to be looked at."""
        self.current_changed.emit(self.current())


class _DoubtModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.task: TaskInfo | None = None
        self.doubts: tuple[RedactionDoubt, ...] = ()

    def set_doubts(self, doubts: Sequence[RedactionDoubt]) -> None:
        self.beginResetModel()
        self.doubts = tuple(doubts)
        self.endResetModel()

    def place_of(self, doubt: RedactionDoubt) -> int | None:
        wanted = (doubt.text_id, doubt.start, doubt.end)
        for place, each in enumerate(self.doubts):
            if (each.text_id, each.start, each.end) == wanted:
                return place
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.doubts)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        doubt = self.doubts[index.row()]
        if role == ROW:
            return doubt
        if role == Qt.ItemDataRole.DisplayRole:
            return doubt.passage
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"…{doubt.before}{doubt.passage}{doubt.after}…\n{doubt.words}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = tr("replaced") if doubt.replaced else tr("not replaced")
            return f"{doubt.passage}, {state}. {doubt.words} {doubt.before}{doubt.passage}"
        return None


class _DoubtDelegate(QStyledItemDelegate):
    """The passage with what stands around it; below, why it is in doubt."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.task: TaskInfo | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        doubt = index.data(ROW)
        if doubt is None:
            return
        theme = self._theme
        rect: QRect = option.rect
        painter.save()
        paint_ground(painter, option, theme)
        inner = rect.adjusted(16, 10, -12, -10)
        top = QRect(inner.left(), inner.top(), inner.width(), 24)
        self._paint_passage(painter, self._beside_label(painter, top, doubt), doubt)
        below = QRect(inner.left(), top.bottom() + 2, inner.width(), inner.bottom() - top.bottom())
        painter.setFont(theme.interface_font(12))
        painter.setPen(theme.token("text_muted"))
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(below, int(flags), doubt.words)
        painter.restore()

    def _beside_label(self, painter: QPainter, rect: QRect, doubt: RedactionDoubt) -> QRect:
        """Paint the label the passage would have at the right, and return the room left of it."""
        labels = self.task.labels if self.task is not None else ()
        label = next((each for each in labels if each.id == doubt.label_id), None)
        if label is None:
            return rect
        painter.setFont(self._theme.interface_font(12))
        width = min(chip_width(painter.fontMetrics(), label.name), rect.width() * 2 // 5)
        box = QRect(rect.right() - width + 1, rect.top(), width, rect.height())
        paint_chip(painter, box, self._theme, label.name, label_color(label))
        return QRect(rect.left(), rect.top(), rect.width() - width - 8, rect.height())

    def _paint_passage(self, painter: QPainter, rect: QRect, doubt: RedactionDoubt) -> None:
        theme = self._theme
        plain = theme.interface_font(13)
        strong = theme.interface_font(13, QFont.Weight.DemiBold)
        spare = rect.width() - QFontMetrics(strong).horizontalAdvance(doubt.passage)
        # What stands before it may take the half of what the passage leaves.
        before = QFontMetrics(plain).elidedText(
            doubt.before[-_BEFORE:], Qt.TextElideMode.ElideLeft, max(0, spare // 2)
        )
        left = rect.left()
        for words, font, token in (
            (before, plain, "text_muted"),
            (doubt.passage, strong, "text"),
            (doubt.after, plain, "text_muted"),
        ):
            room = rect.right() - left
            if room < 12 or not words:
                continue
            metrics = QFontMetrics(font)
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.setFont(font)
            painter.setPen(theme.token(token))
            painter.drawText(
                QRect(left, rect.top(), room, rect.height()),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
                shown,
            )
            left += metrics.horizontalAdvance(shown)
