"""Draws the lines of a text with what is marked on them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from desktop.annotate.span_canvas.block import Block, Line
from desktop.annotate.span_canvas.look import BAR, Look
from desktop.annotate.span_canvas.marks import Mark, MarkIndex

_ROUND = 3.0
_GAP = 4.0  # between the names of two marks
_DASHES = [3.0, 2.0]

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn beside the text itself; ranges are in order and do not overlap."""

    index: MarkIndex
    current: Mark | None
    selection: Range | None
    highlight: Sequence[Range]
    caret: int | None
    focused: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """A stretch of a line that lies in a mark: from `left` to `right` in pixels of the column.

    `named` strips carry the mark's name, one on each line; `first` is the one where it begins.
    """

    mark: Mark
    lane: int
    left: float
    right: float
    named: bool
    first: bool


def strips_of(block: Block, line: Line, index: MarkIndex) -> list[Strip]:
    """Return the strips of all marks on a line; what encloses others comes first."""
    found = []
    for mark, lane in index.lanes(line.start, line.reach):
        places = block.strips(line, mark.start, mark.end)
        begin = places[-1 if block.right_to_left else 0] if places else None
        for place in places:
            named = place is begin
            found.append(Strip(mark, lane, *place, named, named and mark.start >= line.start))
    return found


def lane_top(line: Line, row: int, lane: int, above: bool) -> float:
    """Return where a lane begins, in pixels from the top of the block."""
    if above:
        return line.text_top - row * (lane + 1)
    return line.text_bottom + row * lane


class LinePainter:
    """Draws lines with one painter; `row` is the height of a lane, `edge` where names must end."""

    def __init__(
        self, painter: QPainter, look: Look, scene: Scene, row: int, left: float, right: float
    ) -> None:
        self._painter = painter
        self._look = look
        self._scene = scene
        self._row = row
        self._left_edge, self._right_edge = left, right

    def paint_block(self, block: Block, lines: Sequence[Line], origin: QPointF) -> None:
        """Draw some consecutive lines of a block whose top left corner is `origin`."""
        painter, scene = self._painter, self._scene
        painter.translate(origin)
        strips = [strips_of(block, line, scene.index) for line in lines]
        painter.setPen(Qt.PenStyle.NoPen)
        for line, those in zip(lines, strips, strict=True):
            self._paint_under(block, line, those)
        painter.setPen(self._look.text)
        for line in lines:
            line.qt.draw(painter, QPointF(0, 0))
        for line, those in zip(lines, strips, strict=True):
            self._paint_over(block, line, those)
            caret = scene.caret
            if caret is not None and line.start <= caret <= line.reach:
                self._paint_caret(block, line, caret)
        painter.translate(-origin)

    # --- inside ---------------------------------------------------------------------------------

    def _paint_under(self, block: Block, line: Line, strips: Sequence[Strip]) -> None:
        painter, look, scene = self._painter, self._look, self._scene
        top, height = line.text_top, line.text_bottom - line.text_top
        for strip in strips:
            if strip.mark.kind == "suggestion" or self._is_dashed(strip.mark):
                continue
            spread = 1.0 + min(strip.lane, 2)  # what encloses others looks out behind them
            box = QRectF(
                strip.left - 1, top - spread + 1, strip.right - strip.left + 2, height + spread - 1
            )
            if scene.index.two_rows:
                box = QRectF(box.left(), top, box.width(), height / 2)
                if not scene.index.is_above(strip.mark):
                    box.translate(0, height / 2)
            painter.setBrush(look.fill(strip.mark))
            painter.drawRoundedRect(box, _ROUND, _ROUND)
        self._paint_highlight(block, line)
        chosen = scene.selection
        if chosen is not None and chosen[0] < line.reach and chosen[1] > line.start:
            painter.setBrush(look.selection)
            for left, right in block.strips(line, *chosen):
                painter.drawRect(QRectF(left, top, right - left, height))

    def _paint_highlight(self, block: Block, line: Line) -> None:
        painter, ranges = self._painter, self._scene.highlight
        at = max(0, bisect_left(ranges, (line.start, line.start)) - 1)
        while at < len(ranges) and ranges[at][0] < line.reach:
            start, end = ranges[at]
            at += 1
            if end <= line.start:
                continue
            painter.setPen(QPen(self._look.highlight_line, 1))
            painter.setBrush(self._look.highlight)
            height = line.text_bottom - line.text_top
            for left, right in block.strips(line, start, end):
                box = QRectF(left - 1, line.text_top + 0.5, right - left + 2, height - 1)
                painter.drawRoundedRect(box, _ROUND, _ROUND)
            painter.setPen(Qt.PenStyle.NoPen)

    def _paint_over(self, block: Block, line: Line, strips: Sequence[Strip]) -> None:
        rows: dict[tuple[bool, int], list[Strip]] = {}
        for strip in strips:
            above = self._scene.index.is_above(strip.mark)
            self._paint_outline(line, strip)
            self._paint_bar(strip, lane_top(line, self._row, strip.lane, above), above)
            if strip.named:
                rows.setdefault((above, strip.lane), []).append(strip)
        for (above, lane), row in rows.items():
            row.sort(key=lambda strip: strip.left)
            top = lane_top(line, self._row, lane, above)
            for number, strip in enumerate(row):
                if block.right_to_left:
                    end = row[number - 1].right + _GAP if number else self._left_edge
                    self._paint_name(strip, top, above, strip.right - end, from_right=True)
                else:
                    last = number + 1 == len(row)
                    end = self._right_edge if last else row[number + 1].left - _GAP
                    self._paint_name(strip, top, above, end - strip.left, from_right=False)

    def _paint_outline(self, line: Line, strip: Strip) -> None:
        painter, look = self._painter, self._look
        dashed = self._is_dashed(strip.mark)
        if strip.mark == self._scene.current:
            pen = QPen(look.focus, 2)
        elif dashed:
            pen = QPen(look.line(strip.mark), 1)
        else:
            return
        if dashed:
            pen.setDashPattern(_DASHES)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        height = line.text_bottom - line.text_top
        box = QRectF(strip.left - 1, line.text_top + 0.5, strip.right - strip.left + 2, height - 1)
        painter.drawRoundedRect(box, _ROUND, _ROUND)

    def _paint_bar(self, strip: Strip, top: float, above: bool) -> None:
        painter, color = self._painter, self._look.line(strip.mark)
        if above:
            top += self._row - BAR
        if strip.mark.kind == "suggestion" or self._is_dashed(strip.mark):
            if strip.lane == 0 and self._is_dashed(strip.mark):
                return  # the outline is right there
            pen = QPen(color, BAR)
            pen.setDashPattern(_DASHES)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            y = top + BAR / 2
            painter.drawLine(QPointF(strip.left, y), QPointF(strip.right, y))
        else:
            painter.fillRect(QRectF(strip.left, top, strip.right - strip.left, BAR), color)

    def _paint_name(
        self, strip: Strip, top: float, above: bool, room: float, from_right: bool
    ) -> None:
        painter, look = self._painter, self._look
        current = strip.mark == self._scene.current
        words, width = look.tag(strip.mark, room, current, strip.first)
        left = strip.right - width if from_right else strip.left
        baseline = top + look.small_ascent + (-0.5 if above else BAR)
        painter.setFont(look.small_bold if current else look.small)
        painter.setPen(look.text if current else look.muted)
        painter.drawText(QPointF(left, baseline), words)

    def _is_dashed(self, mark: Mark) -> bool:
        """Whether a mark is outlined rather than filled: it does not count yet."""
        return mark.kind != "gold" and not self._scene.index.two_rows

    def _paint_caret(self, block: Block, line: Line, caret: int) -> None:
        if line.end <= caret and line is not block.lines[-1]:
            return  # it stands at the beginning of the next line
        x = block.x(line, min(caret, line.end))
        color = self._look.text if self._scene.focused else self._look.muted
        width = 2.0 if self._scene.focused else 1.0
        box = QRectF(x - width / 2, line.text_top, width, line.text_bottom - line.text_top)
        self._painter.fillRect(box, color)
