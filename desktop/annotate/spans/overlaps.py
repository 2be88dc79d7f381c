"""Whether a range of a text shares a character with any of many others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

Range = tuple[int, int]


class Overlaps:
    """Many ranges, asked in O(log n); they may overlap each other. Ends are exclusive."""

    __slots__ = ("_reach", "_starts")

    def __init__(self, ranges: Iterable[Range]) -> None:
        ordered = sorted(ranges)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))

    def touches(self, start: int, end: int) -> bool:
        """Return whether one of the ranges shares a character with [start, end)."""
        at = bisect_left(self._starts, end)
        return at > 0 and self._reach[at - 1] > start
