"""A whole text from top to bottom: what is laid out, and how high the rest will be."""

from __future__ import annotations

import time
from bisect import bisect_right
from itertools import accumulate
from math import ceil

from desktop.annotate.span_canvas.block import Block, Measures
from desktop.annotate.span_canvas.marks import Mark, MarkIndex
from desktop.annotate.span_canvas.pieces import Pieces
from desktop.theme.fonts import letter_width

_KEPT = 60_000  # characters that stay laid out; the rest is laid out again when it is wanted


class TextFlow:
    """The blocks of a text below each other.

    A block is laid out when it is first asked for; until then its height is an estimate. Heights
    and positions are pixels from the top of the first block.
    """

    def __init__(self, content: str, measures: Measures) -> None:
        self.pieces = Pieces(content)
        self.index = MarkIndex()
        self._blocks: dict[int, Block] = {}
        self._characters = 0
        self._heights: list[float] = []
        self._known = bytearray()
        self._unsettled = 0
        self._tops: list[float] | None = None
        self.set_measures(measures)

    def set_measures(self, measures: Measures) -> None:
        """Lay everything out anew."""
        self._measures = measures
        self._blocks = {}
        self._characters = 0
        self._unsettled = 0
        width = letter_width(measures.font)
        a_line = max(1.0, measures.column / width - 3)  # a word at the end does not fit
        height = measures.line_height
        self._heights = [
            height if end - start <= a_line else height * ceil((end - start) / a_line)
            for start, end in zip(self.pieces.starts, self.pieces.ends, strict=True)
        ]
        self._known = bytearray(len(self._heights))
        self._tops = None

    def set_index(self, index: MarkIndex) -> tuple[list[Mark], bool]:
        """Take other marks; return those that look different now, and whether blocks moved."""
        changed = index.changed(self.index)
        self.index = index
        moved = False
        for number in self._under(changed):
            if number in self._blocks:
                moved |= self._place(number)
            elif self._known[number]:
                self._known[number] = 0
                self._unsettled = min(self._unsettled, number)
        return changed, moved

    @property
    def measures(self) -> Measures:
        """What the text is laid out with."""
        return self._measures

    @property
    def height(self) -> float:
        """The height of the whole text, as far as it is known."""
        return self._all_tops()[-1]

    @property
    def settled(self) -> bool:
        """Whether every height is known."""
        return self._unsettled >= len(self._heights)

    def top(self, number: int) -> float:
        """Return where a block begins."""
        return self._all_tops()[number]

    def number_at(self, y: float) -> int:
        """Return the number of the block at a height, or of the nearest one."""
        return max(0, min(bisect_right(self._all_tops(), y) - 1, len(self._heights) - 1))

    def block(self, number: int) -> Block:
        """Return a block, laid out."""
        block = self._blocks.get(number)
        if block is None:
            self._make_room(number)
            block = self._blocks[number] = Block(self.pieces, number, self._measures)
            self._characters += block.end - block.start
            self._place(number)
            self._known[number] = 1
        return block

    def laid_out(self, number: int) -> Block | None:
        """Return a block if it is laid out already."""
        return self._blocks.get(number)

    def settle(self, seconds: float) -> None:
        """Learn the heights of more blocks, for about so long."""
        until = time.perf_counter() + seconds
        while not self.settled:
            number = self._unsettled
            if not self._known[number]:
                block = Block(self.pieces, number, self._measures)
                block.place(self._lanes_of)
                self._heights[number] = block.height
                self._known[number] = 1
                self._tops = None
            self._unsettled += 1
            if time.perf_counter() > until:
                break

    # --- inside ---------------------------------------------------------------------------------

    def _all_tops(self) -> list[float]:
        if self._tops is None:
            self._tops = list(accumulate(self._heights, initial=0.0))
        return self._tops

    def _place(self, number: int) -> bool:
        block = self._blocks[number]
        block.place(self._lanes_of)
        if block.height == self._heights[number]:
            return False
        self._heights[number] = block.height
        self._tops = None
        return True

    def _lanes_of(self, start: int, end: int) -> tuple[int, int]:
        above = below = 0
        for mark, lane in self.index.lanes(start, end):
            if self.index.is_above(mark):
                above = max(above, lane + 1)
            else:
                below = max(below, lane + 1)
        return above, below

    def _under(self, marks: list[Mark]) -> set[int]:
        found: set[int] = set()
        for mark in marks:
            found.update(range(self.pieces.at(mark.start), self.pieces.at(mark.end) + 1))
        return found

    def _make_room(self, wanted: int) -> None:
        if self._characters <= _KEPT:
            return
        for number in sorted(self._blocks, key=lambda n: -abs(n - wanted)):
            block = self._blocks.pop(number)
            self._characters -= block.end - block.start
            if self._characters <= _KEPT // 2:
                break
