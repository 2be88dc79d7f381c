"""How labels and states look in the table of texts."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.texts.model import ROW, TextsModel
from desktop.theme.theme import Theme
from desktop.widgets.label_chip import chip_width, label_color, paint_chip
from engine.api import TextRow, tr

Index = QModelIndex | QPersistentModelIndex
ICON = 16
GAP = 6


class _CellDelegate(QStyledItemDelegate):
    """Paints the ground of a cell as the style has it, and leaves the rest to `paint_row`."""

    def __init__(self, model: TextsModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        widget: QWidget = option.widget
        style = widget.style() if widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, widget)
        row = index.data(ROW)
        if isinstance(row, TextRow):
            rect: QRect = option.rect
            painter.save()
            self.paint_row(painter, rect.adjusted(8, 0, -4, 0), row)
            painter.restore()

    def paint_row(self, painter: QPainter, rect: QRect, row: TextRow) -> None:
        """Paint what is special about the cell."""
        raise NotImplementedError


class LabelsDelegate(_CellDelegate):
    """The labels of a text as chips, and how many more there are where they do not fit."""

    def paint_row(self, painter: QPainter, rect: QRect, row: TextRow) -> None:
        task = self._model.task
        if task is None:
            return
        painter.setFont(self._theme.interface_font(12))
        metrics = painter.fontMetrics()
        if not row.label_ids:
            if row.labelled:
                painter.setPen(self._theme.token("text_muted"))
                align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
                painter.drawText(rect, align, tr("none of them"))
            return
        labels = [label for label in task.labels if label.id in row.label_ids]
        for number, label in enumerate(labels):
            rest = len(labels) - number
            more = f"+{rest}"
            room = rect.width() - (metrics.horizontalAdvance(more) + GAP if rest > 1 else 0)
            if number and chip_width(metrics, label.name) > room:
                painter.setPen(self._theme.token("text_muted"))
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, more)
                return
            box = QRect(rect.left(), rect.top(), room, rect.height())
            used = paint_chip(painter, box, self._theme, label.name, label_color(label))
            rect.setLeft(rect.left() + used + GAP)


class StateDelegate(_CellDelegate):
    """Flag, skip, comment and likeness as icons; their words are in the tooltip."""

    def paint_row(self, painter: QPainter, rect: QRect, row: TextRow) -> None:
        icons = []
        if row.flagged:
            icons.append(("flag", "warning"))
        if row.skipped:
            icons.append(("debug-step-over", "text_muted"))
        if row.comment:
            icons.append(("comment-text-outline", "text_muted"))
        if row.group_size > 1:
            icons.append(("content-copy", "text_muted"))
        left = rect.left()
        for name, token in icons:
            box = QRect(left, rect.center().y() - ICON // 2, ICON, ICON)
            self._theme.icon(name, token).paint(painter, box)
            left += ICON + 4


class MutedDelegate(QStyledItemDelegate):
    """Words that explain and are not what one came for."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: Index
    ) -> None:
        super().initStyleOption(option, index)
        palette = option.palette
        muted = self._theme.token("text_muted")
        palette.setColor(palette.ColorRole.Text, muted)
        palette.setColor(palette.ColorRole.HighlightedText, muted)
        option.palette = palette
