"""Draws the lines of a text with what is marked on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

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
    """A stretch of a line that lies in a mark: from `left` to `right` in pixels of the column."""

    mark: Mark
    lane: int
    left: float
    right: float
    first: bool


def strips_of(block: Block, line: Line, index: MarkIndex) -> list[Strip]:
    """Return the strips of all marks on a line; what encloses others comes first."""
    marks = index.touching(line.start, line.reach)
    if len(marks) > 1:
        marks.sort(key=lambda mark: mark.start - mark.end)
    found = []
    for mark in marks:
        lane = index.lane(mark)
        for number, (left, right) in enumerate(block.strips(line, mark.start, mark.end)):
            found.append(Strip(mark, lane, left, right, number == 0 and mark.start >= line.start))
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
        self._plain_pen = QPen(look.muted)

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
        height = line.text_bottom - line.text_top
        for strip in strips:
            if strip.mark.kind == "suggestion":
                continue
            box = QRectF(strip.left - 1, line.text_top, strip.right - strip.left + 2, height)
            if scene.index.two_rows:
                box.setHeight(height / 2)
                if not scene.index.is_above(strip.mark):
                    box.translate(0, height / 2)
            elif strip.mark.kind != "gold":
                continue
            painter.setBrush(look.fill(strip.mark))
            painter.drawRoundedRect(box, _ROUND, _ROUND)
        for start, end in scene.highlight:
            if start < line.reach and end > line.start:
                painter.setPen(QPen(look.highlight_line, 1))
                painter.setBrush(look.highlight)
                for left, right in block.strips(line, start, end):
                    painter.drawRoundedRect(
                        QRectF(left - 1, line.text_top + 0.5, right - left + 2, height - 1),
                        _ROUND,
                        _ROUND,
                    )
                painter.setPen(Qt.PenStyle.NoPen)
        chosen = scene.selection
        if chosen is not None and chosen[0] < line.reach and chosen[1] > line.start:
            painter.setBrush(look.selection)
            for left, right in block.strips(line, *chosen):
                painter.drawRect(QRectF(left, line.text_top, right - left, height))

    def _paint_over(self, block: Block, line: Line, strips: Sequence[Strip]) -> None:
        if not strips:
            return
        rows: dict[tuple[bool, int], list[Strip]] = {}
        for strip in strips:
            above = self._scene.index.is_above(strip.mark)
            rows.setdefault((above, strip.lane), []).append(strip)
            self._paint_outline(line, strip)
        for (above, lane), row in rows.items():
            row.sort(key=lambda strip: strip.left)
            top = lane_top(line, self._row, lane, above)
            for number, strip in enumerate(row):
                if block.right_to_left:
                    end = row[number - 1].right + _GAP if number else self._left_edge
                    self._paint_tag(strip, top, above, strip.right - end, from_right=True)
                else:
                    after = row[number + 1].left - _GAP if number + 1 < len(row) else None
                    end = self._right_edge if after is None else after
                    self._paint_tag(strip, top, above, end - strip.left, from_right=False)

    def _paint_outline(self, line: Line, strip: Strip) -> None:
        painter, look = self._painter, self._look
        box = QRectF(
            strip.left - 1.5,
            line.text_top + 0.5,
            strip.right - strip.left + 3,
            line.text_bottom - line.text_top - 1,
        )
        if strip.mark == self._scene.current:
            pen = QPen(look.focus, 2)
        elif strip.mark.kind == "gold" or self._scene.index.two_rows:
            return
        else:
            pen = QPen(look.line(strip.mark), 1)
        if strip.mark.kind != "gold" and not self._scene.index.two_rows:
            pen.setDashPattern(_DASHES)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, _ROUND, _ROUND)

    def _paint_tag(
        self, strip: Strip, top: float, above: bool, room: float, from_right: bool
    ) -> None:
        painter, look = self._painter, self._look
        mark = strip.mark
        bar = QRectF(strip.left, top, strip.right - strip.left, BAR)
        if above:
            bar.translate(0, self._row - BAR)
        color = look.line(mark)
        if mark.kind == "suggestion" or (mark.kind != "gold" and not self._scene.index.two_rows):
            pen = QPen(color, BAR)
            pen.setDashPattern([_DASHES[0] / BAR * 1.5, _DASHES[1] / BAR * 1.5])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(
                QPointF(bar.left(), bar.center().y()), QPointF(bar.right(), bar.center().y())
            )
        else:
            painter.fillRect(bar, QBrush(color))
        current = mark == self._scene.current
        words, width = look.fit(look.tag(mark, strip.first), room, current)
        left = strip.right - width if from_right else strip.left
        baseline = top + look.small_ascent + (-0.5 if above else BAR)
        painter.setFont(look.small_bold if current else look.small)
        painter.setPen(look.text if current else self._plain_pen)
        painter.drawText(QPointF(left, baseline), words)

    def _paint_caret(self, block: Block, line: Line, caret: int) -> None:
        if line.end <= caret and line is not block.lines[-1]:
            return  # it stands at the beginning of the next line
        x = block.x(line, min(caret, line.end))
        color = self._look.text if self._scene.focused else self._look.muted
        width = 2.0 if self._scene.focused else 1.0
        box = QRectF(x - width / 2, line.text_top, width, line.text_bottom - line.text_top)
        self._painter.fillRect(box, color)
