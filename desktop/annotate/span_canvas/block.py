"""One piece of a text, broken into lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextLine, QTextOption

from desktop.annotate.span_canvas.pieces import Pieces, has_right_to_left
from desktop.text_positions import TextPositions
from desktop.theme.fonts import READING_LEADING

_TAB = 4  # widths of a digit

LanesOf = Callable[[int, int], tuple[int, int]]
"""How many lanes the marks in [start, end) need above and below the text."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What lines are laid out with, in pixels."""

    font: QFont
    column: int
    row: int
    """The height of one lane: a bar and a name."""
    rows_above: int
    """The lanes above the text that a line has room for, whether marks need them or not."""

    @property
    def line_height(self) -> float:
        """The height of a line that needs no more than the usual lanes."""
        metrics = QFontMetricsF(self.font)
        rows = self.row * (1 + self.rows_above)
        return max(metrics.height() + rows, READING_LEADING * self.font.pixelSize())


@dataclass(slots=True, eq=False)
class Line:
    """A line of a block; offsets are code points of the whole text, heights count from the block.

    `reach` is its end with what parts it from the next paragraph, if it is the last of its own.
    `ascent` and `descent` are those of its letters. From `top` to `text_top` lie the lanes above
    the text, from `text_bottom` on those below it.
    """

    start: int
    end: int
    reach: int
    qt: QTextLine
    ascent: float
    descent: float
    above: int = 0
    below: int = 1
    top: float = 0.0
    text_top: float = 0.0
    bottom: float = 0.0

    @property
    def text_bottom(self) -> float:
        """Where the letters end."""
        return self.text_top + self.ascent + self.descent


class Block:
    """The lines of one piece, and where its characters stand."""

    def __init__(self, pieces: Pieces, number: int, measures: Measures) -> None:
        self.start, self.end = pieces.starts[number], pieces.ends[number]
        text = pieces.shown(number)
        self._content = pieces.content
        self._positions = TextPositions(text)
        self.right_to_left = pieces.is_right_to_left(number)
        self._mixed = has_right_to_left(text)
        self._measures = measures
        self.layout = QTextLayout(text, measures.font)
        self.layout.setCacheEnabled(True)
        self.layout.setTextOption(self._option())
        self.lines: list[Line] = []
        self._break()
        if number + 1 < len(pieces):
            self.lines[-1].reach = pieces.starts[number + 1]
        self._starts = [line.start for line in self.lines]
        self.height = 0.0

    def place(self, lanes_of: LanesOf) -> bool:
        """Give every line the height that its marks need; whether the block's height changed."""
        measures, y = self._measures, 0.0
        for line in self.lines:
            above, below = lanes_of(line.start, line.reach)
            line.above, line.below = max(above, measures.rows_above), max(below, 1)
            line.top = y
            rows = measures.row * (line.above + line.below)
            text = line.ascent + line.descent
            height = max(text + rows, READING_LEADING * measures.font.pixelSize())
            line.text_top = y + measures.row * line.above + (height - text - rows) / 2
            line.bottom = y = y + height
            line.qt.setPosition(QPointF(0, line.text_top + line.ascent - line.qt.ascent()))
        changed, self.height = y != self.height, y
        return changed

    def line_at(self, position: int) -> int:
        """Return the number of the line that a position is on."""
        return max(0, bisect_right(self._starts, position) - 1)

    def line_at_y(self, y: float) -> int:
        """Return the number of the line at a height, or of the nearest one."""
        for number, line in enumerate(self.lines):
            if y < line.bottom:
                return number
        return len(self.lines) - 1

    def x(self, line: Line, position: int) -> float:
        """Return where a caret at a position stands."""
        return float(line.qt.cursorToX(self._unit(position))[0])  # type: ignore[index]

    def position_between(self, line: Line, x: float) -> int:
        """Return the boundary between graphemes that is nearest to x, on the same line."""
        position = self._position(line.qt.xToCursor(x))
        last = line is self.lines[-1]
        return position if last or position < line.end else self.end_of(line)

    def end_of(self, line: Line) -> int:
        """Return the last position that a caret can have on a line: before the space it ends in."""
        if line is self.lines[-1]:
            return line.end
        unit = self._unit(line.end)
        return self._position(self.layout.previousCursorPosition(unit))

    def strips(self, line: Line, start: int, end: int) -> list[tuple[float, float]]:
        """Return where [start, end) lies on a line, as (left, right) from the left.

        A range of a text that mixes directions can lie in several places. One that holds nothing
        but the end of a paragraph has a little width, so that it shows.
        """
        low, high = max(start, line.start), min(end, line.end)
        while high > low and end > line.end and self._content[high - 1].isspace():
            high -= 1
        if low >= high:
            at = self.x(line, line.end)
            return [(at, at + 5.0)] if line is self.lines[-1] else []
        if not self._mixed:
            left, right = self.x(line, low), self.x(line, high)
            return [(min(left, right), max(left, right))]
        return self._mixed_strips(line, self._unit(low), self._unit(high))

    # --- inside ---------------------------------------------------------------------------------

    def _option(self) -> QTextOption:
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        digit = QFontMetricsF(self._measures.font).horizontalAdvance("0")
        option.setTabStopDistance(_TAB * digit)
        if self.right_to_left:
            option.setTextDirection(Qt.LayoutDirection.RightToLeft)
            option.setAlignment(Qt.AlignmentFlag.AlignRight)
        else:
            option.setTextDirection(Qt.LayoutDirection.LeftToRight)
            option.setAlignment(Qt.AlignmentFlag.AlignLeft)
        return option

    def _break(self) -> None:
        layout, column = self.layout, float(self._measures.column)
        least = QFontMetricsF(self._measures.font)
        to_position = self._positions.to_code_points
        layout.beginLayout()
        while (qt := layout.createLine()).isValid():
            qt.setLineWidth(column)
            start = self.start + to_position(qt.textStart())
            end = self.start + to_position(qt.textStart() + qt.textLength())
            ascent = max(qt.ascent(), least.ascent())
            descent = max(qt.descent(), least.descent())
            self.lines.append(Line(start, end, end, qt, ascent, descent))
        layout.endLayout()

    def _mixed_strips(self, line: Line, low: int, high: int) -> list[tuple[float, float]]:
        runs = [run.boundingRect() for run in line.qt.glyphRuns(low, high - low)]
        found = sorted((box.left(), box.right()) for box in runs)
        merged = found[:1]
        for left, right in found[1:]:
            if left <= merged[-1][1] + 0.5:
                merged[-1] = merged[-1][0], max(right, merged[-1][1])
            else:
                merged.append((left, right))
        return merged

    def _unit(self, position: int) -> int:
        return self._positions.to_units(position - self.start)

    def _position(self, unit: int) -> int:
        return self.start + self._positions.to_code_points(unit)
