"""The texts behind a figure, the ones the model was surest of first."""

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
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.theme.theme import Theme
from desktop.widgets.current_list import ROW, CurrentList, paint_ground
from desktop.widgets.label_chip import chip_width, label_color, paint_chip
from engine.api import PredictedRow, TaskInfo, tr, trc

Index = QModelIndex | QPersistentModelIndex
HEIGHT = 64  # pixels of a row: chips above, the beginning of the text below


class RowList(CurrentList):
    """A list of predicted texts."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._rows, self._delegate = _RowModel(), _RowDelegate(theme)
        super().__init__(theme, "inspect.rows", self._rows, self._delegate, parent)
        self.setAccessibleName(tr("Texts, those the model was surest of first"))

    def set_rows(self, rows: Sequence[PredictedRow]) -> None:
        """Show other rows; the current text stays current, or whatever took its place."""
        self.change_rows(
            lambda: self._rows.set_rows(rows),
            lambda before: None if before is None else self._rows.place_of(before.text_id),
        )

    def current(self) -> PredictedRow | None:
        """The current text's row."""
        row: PredictedRow | None = self.record()
        return row

    def show_text(self, text_id: int) -> bool:
        """Make a text current; False if it is not in the list."""
        place = self._rows.place_of(text_id)
        if place is None:
            return False
        self.go_to(place)
        return True

    def mark_kept(self, text_id: int) -> None:
        """Tick a text whose label was looked at and is right."""
        self._delegate.kept.add(text_id)
        self.viewport().update()


class _RowModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.task: TaskInfo | None = None
        self._rows: Sequence[PredictedRow] = ()
        self._places: dict[int, int] = {}

    def set_rows(self, rows: Sequence[PredictedRow]) -> None:
        self.beginResetModel()
        self._rows = rows
        self._places = {row.text_id: place for place, row in enumerate(rows)}
        self.endResetModel()

    def place_of(self, text_id: int) -> int | None:
        return self._places.get(text_id)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.excerpt
        if role == Qt.ItemDataRole.AccessibleTextRole and self.task is not None:
            return tr(
                "gold {gold}, predicted {predicted}, {sure:.0%} sure: {text}",
                gold=_names(self.task, row.gold),
                predicted=_names(self.task, row.predicted),
                sure=row.confidence,
                text=row.excerpt,
            )
        return None


class _RowDelegate(QStyledItemDelegate):
    """Two lines: how sure, gold and prediction; and how the text begins."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.task: TaskInfo | None = None
        self.kept: set[int] = set()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if row is None or self.task is None:
            return
        theme = self._theme
        rect: QRect = option.rect
        painter.save()
        paint_ground(painter, option, theme)
        inner = rect.adjusted(16, 8, -16, -8)
        above = QRect(inner.left(), inner.top(), inner.width(), 24)
        below = QRect(
            inner.left(), above.bottom() + 2, inner.width(), inner.bottom() - above.bottom()
        )
        self._paint_figures(painter, above, row)
        painter.setFont(theme.interface_font(13))
        painter.setPen(theme.token("text"))
        words = painter.fontMetrics().elidedText(
            row.excerpt, Qt.TextElideMode.ElideRight, below.width()
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.restore()

    def _paint_figures(self, painter: QPainter, rect: QRect, row: PredictedRow) -> None:
        theme = self._theme
        painter.setFont(theme.interface_font(13))
        painter.setPen(theme.token("text_muted"))
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, align, tr("{percent:.0f} %", percent=row.confidence * 100))
        right = rect.right()
        for shown, icon, token in (
            (row.text_id in self.kept, "check", "ok"),
            (row.flagged, "flag", "warning"),
            (bool(row.comment), "comment-text-outline", "text_muted"),
        ):
            if shown:
                right -= 16
                theme.icon(icon, token).paint(painter, QRect(right, rect.center().y() - 8, 16, 16))
                right -= 6
        left = rect.left() + 48
        painter.setFont(theme.interface_font(12))
        left = self._paint_labels(painter, QRect(left, rect.top(), right - left, 24), row.gold)
        if row.gold == row.predicted:
            return
        arrow = QRect(left, rect.top(), 22, 24)
        painter.setPen(theme.token("text_muted"))
        painter.drawText(arrow, Qt.AlignmentFlag.AlignCenter, "→")
        left = arrow.right() + 1
        self._paint_labels(painter, QRect(left, rect.top(), right - left, 24), row.predicted)

    def _paint_labels(self, painter: QPainter, rect: QRect, label_ids: tuple[int, ...]) -> int:
        """Paint chips from the left and return where they end."""
        assert self.task is not None
        left = rect.left()
        chips = [label for label in self.task.labels if label.id in label_ids]
        if not chips:
            painter.setPen(self._theme.token("text_muted"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, _no_label())
            return left + painter.fontMetrics().horizontalAdvance(_no_label())
        most = max(90, rect.width() // 2)
        for label in chips:
            room = min(rect.right() - left, most, chip_width(painter.fontMetrics(), label.name))
            if room < 40:
                break
            box = QRect(left, rect.top(), room, rect.height())
            left += paint_chip(painter, box, self._theme, label.name, label_color(label)) + 4
        return left - 4


def _names(task: TaskInfo, label_ids: tuple[int, ...]) -> str:
    return ", ".join(label.name for label in task.labels if label.id in label_ids) or _no_label()


def _no_label() -> str:
    return trc("no label", "none")
