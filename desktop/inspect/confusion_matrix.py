"""The confusion matrix as a heat map: gold labels down, predicted labels across.

A cell's tint is its share of its row, so that a rare label's mistakes stay as visible as a common
one's; its number is the count. The diagonal is tinted in the colour for right, everything else in
the colour for wrong, and the number is always there, so nothing rests on colour alone. The widget
paints itself: two labels or seventy-seven take one paint event, and only the visible cells.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from desktop.theme.theme import Theme
from engine.api import number_text, tr

_SMALLEST, _LARGEST = 30, 72  # side of a cell in pixels
_NAMES = 150  # most pixels that the names of the rows may take
_GAP = 8
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}

_CHOOSE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ConfusionMatrix(QAbstractScrollArea):
    """A heat map of counts; `cell_chosen` carries the positions (gold, predicted) of a cell.

    Arrow keys move the ring, Enter or Space or a click chooses; Escape, or choosing the chosen
    cell again, lets go (`cleared`).
    """

    cell_chosen = Signal(int, int)
    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._names: tuple[str, ...] = ()
        self._counts: tuple[tuple[int, ...], ...] = ()
        self._current = (0, 0)
        self._chosen: tuple[int, int] | None = None
        self.setObjectName("inspect.matrix")
        self.setAccessibleName(tr("Confusion matrix"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        theme.changed.connect(self.viewport().update)

    def set_counts(self, names: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show `counts[gold][predicted]` for these label names; keeps a chosen cell that exists."""
        self._names = tuple(names)
        self._counts = tuple(tuple(row) for row in counts)
        size = len(self._names)
        if self._chosen is not None and max(self._chosen) >= size:
            self._chosen = None
        self._current = self._chosen or (
            min(self._current[0], max(size - 1, 0)),
            min(self._current[1], max(size - 1, 0)),
        )
        self._lay_out()
        self._describe()

    @property
    def chosen(self) -> tuple[int, int] | None:
        """Positions (gold, predicted) of the chosen cell."""
        return self._chosen

    def clear_choice(self) -> None:
        """Let go of the chosen cell without a signal."""
        self._chosen = None
        self.viewport().update()

    def cell_rect(self, gold: int, predicted: int) -> QRect:
        """Return where a cell stands in the viewport."""
        side = self._side()
        left, top = self._origin()
        return QRect(
            left + predicted * side - self.horizontalScrollBar().value(),
            top + gold * side - self.verticalScrollBar().value(),
            side,
            side,
        )

    def sizeHint(self) -> QSize:
        left, top = self._origin()
        side = 56 * max(2, min(len(self._names), 8))
        return QSize(left + side + 2, top + side + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 180)

    # --- places ---------------------------------------------------------------------------------

    def _origin(self) -> tuple[int, int]:
        """Where the cells begin: right of the row names, below the column names."""
        metrics = QFontMetrics(self.font())
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0)
        caption = metrics.height() + 4
        return min(widest, _NAMES) + _GAP * 2, caption + self._column_height(metrics) + _GAP

    def _column_height(self, metrics: QFontMetrics) -> int:
        """Column names lie flat while they fit over a cell and stand upright when they do not."""
        if not self._upright(metrics):
            return metrics.height()
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0)
        return min(widest, 110)

    def _upright(self, metrics: QFontMetrics) -> bool:
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0)
        return widest > self._side() - 6

    def _side(self) -> int:
        if not self._names:
            return _LARGEST
        metrics = QFontMetrics(self.font())
        widest = max(metrics.horizontalAdvance(name) for name in self._names)
        left = min(widest, _NAMES) + _GAP * 2
        top = metrics.height() + 4 + min(widest, 110) + _GAP
        room = min(self.viewport().width() - left - 2, self.viewport().height() - top - 2)
        return max(_SMALLEST, min(_LARGEST, room // len(self._names)))

    def _lay_out(self) -> None:
        left, top = self._origin()
        extent = self._side() * len(self._names)
        for bar, room in (
            (self.horizontalScrollBar(), self.viewport().width() - left - 2),
            (self.verticalScrollBar(), self.viewport().height() - top - 2),
        ):
            bar.setRange(0, max(0, extent - room))
            bar.setPageStep(max(1, room))
            bar.setSingleStep(self._side())
        self.viewport().update()

    def _cell_at(self, point: QPoint) -> tuple[int, int] | None:
        left, top = self._origin()
        if point.x() < left or point.y() < top or not self._names:
            return None
        side = self._side()
        gold = (point.y() - top + self.verticalScrollBar().value()) // side
        predicted = (point.x() - left + self.horizontalScrollBar().value()) // side
        if gold >= len(self._names) or predicted >= len(self._names):
            return None
        return gold, predicted

    # --- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._names:
            left, top = self._origin()
            self._paint_names(painter, left, top)
            painter.setClipRect(self.viewport().rect().adjusted(left - 2, top - 2, 0, 0))
            visible = event.rect()
            for gold in range(len(self._names)):
                total = sum(self._counts[gold])
                for predicted in range(len(self._names)):
                    rect = self.cell_rect(gold, predicted)
                    if rect.intersects(visible):
                        self._paint_cell(painter, rect, gold, predicted, total)
        painter.end()

    def _paint_cell(
        self, painter: QPainter, rect: QRect, gold: int, predicted: int, total: int
    ) -> None:
        count = self._counts[gold][predicted]
        share = count / total if total else 0.0
        hue = self._theme.token("ok" if gold == predicted else "danger")
        box = rect.adjusted(1, 1, -1, -1)
        ground = self._theme.token("surface_sunken")
        if count:
            # A square root lifts the small shares: one text in forty must still be seen.
            ground = self._theme.tint(hue, 0.10 + 0.75 * share**0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 4, 4)
        if (gold, predicted) == self._chosen:
            painter.setPen(QPen(self._theme.token("text"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
        elif self.hasFocus() and (gold, predicted) == self._current:
            painter.setPen(QPen(self._theme.token("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
        painter.setPen(self._ink(ground) if count else self._theme.token("text_muted"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, number_text(count) if count else "·")

    def _ink(self, ground: QColor) -> QColor:
        return self._theme.ink_on(ground)

    def _paint_names(self, painter: QPainter, left: int, top: int) -> None:
        metrics = painter.fontMetrics()
        view = self.viewport().rect()
        painter.setPen(self._theme.token("text_muted"))
        painter.drawText(
            QRect(left, 0, view.width() - left, metrics.height()),
            Qt.AlignmentFlag.AlignLeft,
            tr("predicted →"),
        )
        painter.drawText(
            QRect(0, top - metrics.height() - _GAP, left - _GAP * 2, metrics.height()),
            Qt.AlignmentFlag.AlignRight,
            tr("gold ↓"),
        )
        painter.setPen(self._theme.token("text"))
        elide = Qt.TextElideMode.ElideRight
        painter.save()
        painter.setClipRect(QRect(0, top, left, view.height() - top))
        for at, name in enumerate(self._names):
            rect = self.cell_rect(at, 0)
            rect.setLeft(0)
            rect.setRight(left - _GAP)
            words = metrics.elidedText(name, elide, _NAMES)
            painter.drawText(
                rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words
            )
        painter.setClipRect(QRect(left, 0, view.width() - left, top))
        height = self._column_height(metrics)
        upright = self._upright(metrics)
        for at, name in enumerate(self._names):
            cell = self.cell_rect(0, at)
            if not upright:
                box = QRect(cell.left(), top - _GAP - height, cell.width(), height)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
                continue
            painter.save()
            painter.translate(cell.center().x(), top - _GAP)
            painter.rotate(-90)
            words = metrics.elidedText(name, elide, height)
            painter.drawText(
                QRect(0, -metrics.height() // 2, height, metrics.height()),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
                words,
            )
            painter.restore()
        painter.restore()

    # --- pointer and keys -----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position().toPoint())
        if cell is not None:
            self._current = cell
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and self._names:
            last = len(self._names) - 1
            self._current = (
                min(max(self._current[0] + step[0], 0), last),
                min(max(self._current[1] + step[1], 0), last),
            )
            self._reveal()
            self._describe()
        elif event.key() in _CHOOSE and self._names:
            self._choose()
        elif event.key() == Qt.Key.Key_Escape and self._chosen is not None:
            self.clear_choice()
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Enter opens a text elsewhere in this view; in the matrix it chooses a cell.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            escape = event.key() == Qt.Key.Key_Escape and self._chosen is not None
            if escape or event.key() in (*_STEPS, *_CHOOSE):
                event.accept()
                return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(event.pos())
            QToolTip.showText(event.globalPos(), self.words(*cell) if cell else "", self)
            return True
        return super().viewportEvent(event)

    def words(self, gold: int, predicted: int) -> str:
        """Return a cell in words: "23 of 41 texts of complaint were taken for claim status"."""
        count, total = self._counts[gold][predicted], sum(self._counts[gold])
        if gold == predicted:
            return tr(
                "{n:,} of {total:,} texts of {gold} were recognised",
                n=count,
                total=total,
                gold=self._names[gold],
            )
        return tr(
            "{n:,} of {total:,} texts of {gold} were taken for {predicted}",
            n=count,
            total=total,
            gold=self._names[gold],
            predicted=self._names[predicted],
        )

    def _choose(self) -> None:
        if self._chosen == self._current:
            self.clear_choice()
            self.cleared.emit()
            return
        self._chosen = self._current
        self._describe()
        self.cell_chosen.emit(*self._current)

    def _reveal(self) -> None:
        """Scroll so that the current cell is seen."""
        left, top = self._origin()
        rect = self.cell_rect(*self._current)
        for bar, low, high, start, end in (
            (self.horizontalScrollBar(), rect.left(), rect.right(), left, self.viewport().width()),
            (self.verticalScrollBar(), rect.top(), rect.bottom(), top, self.viewport().height()),
        ):
            if low < start:
                bar.setValue(bar.value() + low - start)
            elif high > end:
                bar.setValue(bar.value() + high - end + 2)

    def _describe(self) -> None:
        self.setAccessibleDescription(self.words(*self._current) if self._names else "")
        self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        self.viewport().update()
