"""How an error is drawn in the list: its kind, both labels, and the passage in its context."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from desktop.inspect.spans.words import KINDS
from desktop.text_positions import TextPositions
from desktop.theme.theme import Theme
from desktop.widgets.current_list import ROW, paint_ground
from desktop.widgets.label_chip import chip_width, label_color, paint_chip
from engine.api import SpanError, SpanMark, TaskInfo, tr

Index = QModelIndex | QPersistentModelIndex
HEIGHT = 64  # pixels of a row: kind and labels above, the passage in its context below
_BEFORE = 0.35  # of the width that the words before a passage may take


class ErrorRow(QStyledItemDelegate):
    """Two lines: kind, labels and confidence; and the passage in bold among its neighbours.

    What the model found is underlined.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.task: TaskInfo | None = None
        self.is_kept: Callable[[SpanError], bool] = lambda error: False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        error = index.data(ROW)
        if error is None or self.task is None:
            return
        theme = self._theme
        rect: QRect = option.rect
        painter.save()
        paint_ground(painter, option, theme)
        inner = rect.adjusted(16, 8, -16, -8)
        above = QRect(inner.left(), inner.top(), inner.width(), 24)
        below = QRect(inner.left() + 24, above.bottom() + 1, inner.width() - 24, 24)
        self._paint_facts(painter, above, error)
        self._paint_context(painter, below, error)
        painter.restore()

    def _paint_facts(self, painter: QPainter, rect: QRect, error: SpanError) -> None:
        theme, kind = self._theme, KINDS[error.kind]
        icon = QRect(rect.left(), rect.center().y() - 8, 16, 16)
        theme.icon(kind.icon, "text_muted").paint(painter, icon)
        right = self._paint_right(painter, rect, error)
        left = rect.left() + 24
        painter.setFont(theme.interface_font(13, QFont.Weight.Medium))
        painter.setPen(theme.token("text"))
        words = painter.fontMetrics().elidedText(
            kind.words, Qt.TextElideMode.ElideRight, max(right - left, 0)
        )
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(left, rect.top(), right - left, 24), align, words)
        left += painter.fontMetrics().horizontalAdvance(words) + 12
        painter.setFont(theme.interface_font(12))
        first = error.gold or error.predicted
        left = self._paint_label(painter, QRect(left, rect.top(), right - left, 24), first)
        if error.kind not in ("type", "boundary_and_type") or right - left < 60:
            return
        painter.setPen(theme.token("text_muted"))
        painter.drawText(QRect(left, rect.top(), 22, 24), Qt.AlignmentFlag.AlignCenter, "→")
        left += 22
        self._paint_label(painter, QRect(left, rect.top(), right - left, 24), error.predicted)

    def _paint_right(self, painter: QPainter, rect: QRect, error: SpanError) -> int:
        """Paint confidence and signs from the right, and return where they begin."""
        theme, right = self._theme, rect.right()
        painter.setFont(theme.interface_font(13))
        painter.setPen(theme.token("text_muted"))
        if error.confidence is not None:
            sure = tr("{percent:.0f} %", percent=error.confidence * 100)
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(rect, align, sure)
        right -= painter.fontMetrics().horizontalAdvance(tr("{percent:.0f} %", percent=100)) + 6
        for shown, icon, token in (
            (self.is_kept(error), "check", "ok"),
            (error.flagged, "flag", "warning"),
            (bool(error.comment), "comment-text-outline", "text_muted"),
            (error.split, "call-split", "text_muted"),
            (error.merge, "call-merge", "text_muted"),
        ):
            if shown:
                right -= 16
                theme.icon(icon, token).paint(painter, QRect(right, rect.center().y() - 8, 16, 16))
                right -= 6
        return right

    def _paint_label(self, painter: QPainter, rect: QRect, mark: SpanMark | None) -> int:
        """Paint the chip of a mark's label from the left and return where it ends."""
        assert self.task is not None
        label = next((x for x in self.task.labels if mark and x.id == mark.label_id), None)
        room = min(rect.width(), max(90, rect.width() // 2))
        if label is None or room < 40:
            return rect.left()
        box = QRect(
            rect.left(),
            rect.top(),
            min(room, chip_width(painter.fontMetrics(), label.name)),
            rect.height(),
        )
        return rect.left() + paint_chip(painter, box, self._theme, label.name, label_color(label))

    def _paint_context(self, painter: QPainter, rect: QRect, error: SpanError) -> None:
        theme = self._theme
        font = theme.interface_font(13)
        places = [
            (mark.start - error.context_start, mark.end - error.context_start)
            for mark in (error.gold, error.predicted)
            if mark is not None
        ]
        first = min(start for start, _ in places)
        before = error.context[:first]
        shown = QFontMetrics(font).elidedText(
            f"…{before}" if error.context_start else before,
            Qt.TextElideMode.ElideLeft,
            int(rect.width() * _BEFORE),
        )
        words = shown + error.context[first:]
        shift = len(shown) - first
        positions = TextPositions(words)

        def piece(place: tuple[int, int], look: QTextCharFormat) -> QTextLayout.FormatRange:
            found = QTextLayout.FormatRange()
            start, end = (positions.to_units(at + shift) for at in place)
            found.start, found.length, found.format = start, end - start, look
            return found

        bold, underlined = QTextCharFormat(), QTextCharFormat()
        bold.setFontWeight(QFont.Weight.Bold)
        bold.setForeground(theme.token("text"))
        underlined.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        underlined.setUnderlineColor(theme.token("accent"))
        underlined.setForeground(theme.token("text"))
        formats = [piece(places[0], bold)] if error.gold else []
        if error.predicted:
            formats.append(piece(places[-1], underlined))
        layout = QTextLayout(words, font)
        layout.setFormats(formats)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        painter.setPen(theme.token("text_muted"))
        painter.setClipRect(rect)
        layout.draw(painter, QPointF(rect.left(), rect.top() + (rect.height() - line.height()) / 2))
