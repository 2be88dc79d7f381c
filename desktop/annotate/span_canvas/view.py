"""A scrolled view of a long text: only what is seen is laid out at once."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHideEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from desktop.annotate.span_canvas.block import Block, Line, Measures
from desktop.annotate.span_canvas.flow import TextFlow
from desktop.annotate.span_canvas.look import BAR, small_size
from desktop.theme.fonts import READING_SIZE, column_width
from desktop.theme.theme import Theme
from desktop.widgets.reading_pane import LARGEST, SMALLEST

_SLICE = 0.004  # seconds that one look at what is not seen yet may take
_SPILL = 3  # pixels that outlines reach beyond their line
_NOTCH = 120  # of a wheel, as Qt counts


class TextView(QAbstractScrollArea):
    """Lays out one text in a centred column, scrolls and zooms it, and finds positions in it.

    Offsets are code points. While the heights of far paragraphs are estimates, and whenever one is
    corrected, what is in view stays where it is.
    """

    zoomed = Signal(int)
    """The size of the letters in pixels has changed."""

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, size: int = READING_SIZE
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._size = size
        self._margin = 24
        self._rows_above = 0
        self._content = ""
        self._anchor: tuple[int, float] = (0, 0.0)
        self._keeping = False
        self._wheel = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._flow = TextFlow("", self._measures())
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._settle)

    def content(self) -> str:
        """The text as it was given."""
        return self._content

    def set_margin(self, pixels: int) -> None:
        """Set the smallest margin at the sides."""
        self._margin = pixels
        self._lay_out_anew()

    def size_in_pixels(self) -> int:
        """The height of the letters."""
        return self._size

    def set_size_in_pixels(self, size: int) -> None:
        """Set the height of the letters, within reason."""
        size = max(SMALLEST, min(LARGEST, size))
        if size != self._size:
            self._size = size
            self._lay_out_anew()
            self.zoomed.emit(size)

    def column_width(self) -> int:
        """The width of the text column in pixels."""
        font = self._theme.reading_font(self._size)
        return column_width(font, self.width() - 2 * self._margin)

    def position_at(self, point: QPointF | QPoint) -> int:
        """Return the boundary between graphemes that is nearest to a point of the viewport."""
        block, line, x = self._hit(QPointF(point))
        return block.position_between(line, x)

    def rect_of(self, position: int) -> QRect:
        """Return where a caret at a position stands in the viewport, also if out of view."""
        number, block, line = self._line_of(position)
        y = self._y(number)
        left = self._left() + block.x(line, min(position, line.end))
        height = line.text_bottom - line.text_top
        return QRect(round(left), round(y + line.text_top), 1, round(height))

    def is_settled(self) -> bool:
        """Whether the height of the whole text is known, rather than estimated."""
        return self._flow.settled

    def reveal(self, start: int, end: int | None = None) -> None:
        """Scroll as little as it takes to show a range; its beginning, if it is too long."""
        end = start if end is None else end
        for _ in range(3):  # what comes into view is laid out then, and may move the rest
            top, bottom = self._extent(start)
            if end > start:
                last = self._extent(end)[1]
                if last - top < self.viewport().height():
                    bottom = last
            bar = self.verticalScrollBar()
            before = bar.value()
            if top < 0:
                bar.setValue(before + int(top))
            elif bottom > self.viewport().height():
                bar.setValue(before + ceil(bottom - self.viewport().height()))
            self._lay_out_visible()
            if bar.value() == before:
                return

    # --- for the canvas -------------------------------------------------------------------------

    def _show(self, content: str) -> None:
        self._idle.stop()
        self._content = content
        self._flow = TextFlow(content, self._measures())
        self._anchor = (0, 0.0)
        self._sync()
        self.verticalScrollBar().setValue(0)
        self._remember()
        self._lay_out_visible()
        self.viewport().update()

    def _lay_out_anew(self) -> None:
        """Lay the text out for another size or column, with the same line at the top."""
        measures = self._measures()
        if measures == self._flow.measures:
            self._lay_out_visible()
            self.viewport().update()
            return
        number, down = self._anchor
        block = self._flow.block(number)
        line = block.lines[block.line_at_y(down)]
        self._flow.set_measures(measures)
        if down > 0 or number:
            block = self._flow.block(number)
            self._anchor = number, block.lines[block.line_at(line.start)].top
        self._sync()
        self._lay_out_visible()
        self.viewport().update()

    def _visible(self, rect: QRect) -> Iterator[tuple[float, Block, list[Line]]]:
        """Yield the blocks under a rectangle of the viewport: y, block, the lines in it."""
        top, bottom = rect.top() - _SPILL, rect.bottom() + 1 + _SPILL
        offset = self._pad() - self.verticalScrollBar().value()
        number = self._flow.number_at(top - offset)
        y = self._flow.top(number) + offset
        while number < len(self._flow.pieces) and y < bottom:
            block = self._flow.block(number)
            lines = [
                line for line in block.lines if y + line.bottom > top and y + line.top < bottom
            ]
            if lines:
                yield y, block, lines
            y += block.height
            number += 1

    def _update_range(self, start: int, end: int) -> None:
        """Repaint the lines of a range, as far as they are in view."""
        viewport, flow = self.viewport(), self._flow
        offset = self._pad() - self.verticalScrollBar().value()
        first = max(flow.pieces.at(start), flow.number_at(-offset))
        last = min(flow.pieces.at(end), flow.number_at(viewport.height() - offset))
        for number in range(first, last + 1):
            block = flow.laid_out(number)
            if block is None:
                continue
            y = flow.top(number) + offset
            for line in block.lines[block.line_at(start) : block.line_at(end) + 1]:
                top = int(y + line.top) - _SPILL
                height = ceil(line.bottom - line.top) + 2 * _SPILL
                viewport.update(0, top, viewport.width(), height)

    def _hit(self, point: QPointF) -> tuple[Block, Line, float]:
        """Return the line nearest to a point of the viewport, and x in its column."""
        y = point.y() + self.verticalScrollBar().value() - self._pad()
        number = self._flow.number_at(y)
        block = self._flow.block(number)
        line = block.lines[block.line_at_y(y - self._flow.top(number))]
        return block, line, point.x() - self._left()

    def _line_of(self, position: int) -> tuple[int, Block, Line]:
        number = self._flow.pieces.at(position)
        block = self._flow.block(number)
        return number, block, block.lines[block.line_at(position)]

    def _y(self, number: int) -> float:
        """Where a block begins in the viewport."""
        return self._flow.top(number) + self._pad() - self.verticalScrollBar().value()

    def _left(self) -> int:
        """Where the column begins in the viewport."""
        return max(self._margin, (self.width() - self._flow.measures.column) // 2)

    def _lay_out_visible(self) -> None:
        """Lay out what is in view, and let the scroll bar know."""
        height = self.viewport().height() + self.verticalScrollBar().value() - self._pad()
        number, _ = self._anchor
        y = self._flow.top(number)
        while number < len(self._flow.pieces) and y < height:
            y += self._flow.block(number).height
            number += 1
        self._sync()
        if not self._flow.settled and self.isVisible():
            self._idle.start(0)

    # --- Qt -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out_anew()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out_visible()

    def hideEvent(self, event: QHideEvent) -> None:
        self._idle.stop()
        super().hideEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        self.set_size_in_pixels(self._size + notches)
        event.accept()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        if not self._keeping:
            self._remember()
            self._lay_out_visible()
            self.viewport().update()

    # --- inside ---------------------------------------------------------------------------------

    def _measures(self) -> Measures:
        small = QFontMetricsF(self._theme.interface_font(small_size(self._size)))
        row = ceil(small.ascent() + BAR + small.descent() / 2) + 1
        font = self._theme.reading_font(self._size)
        return Measures(font, self.column_width(), row, self._rows_above)

    def _pad(self) -> int:
        return max(self._margin, min(self.height() // 12, 3 * self._margin))

    def _extent(self, position: int) -> tuple[float, float]:
        """Where the line of a position begins and ends in the viewport, and a bit around it."""
        number, _, line = self._line_of(position)
        y, spare = self._y(number), (line.bottom - line.top) / 2
        return y + line.top - spare, y + line.bottom + spare

    def _remember(self) -> None:
        """Hold on to the block at the top of the view."""
        y = self.verticalScrollBar().value() - self._pad()
        number = self._flow.number_at(y)
        self._anchor = number, y - self._flow.top(number)

    def _sync(self) -> None:
        """Tell the scroll bar how high the text is, and keep the view where it is."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        self._keeping = True
        number, down = self._anchor
        bar.setRange(0, max(0, ceil(self._flow.height) + 2 * self._pad() - height))
        bar.setPageStep(max(1, height))
        bar.setSingleStep(round(self._flow.measures.line_height))
        wanted = round(self._flow.top(number) + down) + self._pad()
        bar.setValue(wanted)
        self._keeping = False
        if bar.value() != wanted:
            self._remember()
            self.viewport().update()

    def _settle(self) -> None:
        self._flow.settle(_SLICE)
        self._sync()
        if not self._flow.settled:
            self._idle.start(0)
