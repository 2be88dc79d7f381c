"""The marks on a text, found by position."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from desktop.annotate.span_canvas.lanes import assign_lanes


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked passage; offsets are code points, end exclusive.

    `kind` is "gold" for what counts, "suggestion" for what waits to be accepted, and "predicted"
    for what a model said of a text that has gold marks too.
    """

    start: int
    end: int
    label_id: int
    kind: str = "gold"
    confidence: float | None = None


class MarkIndex:
    """Marks in the order of the text.

    With `two_rows`, gold marks are named above the text, and all others below it.
    """

    def __init__(self, marks: Iterable[Mark] = (), two_rows: bool = False) -> None:
        self.two_rows = two_rows
        self.marks: list[Mark] = sorted(
            set(marks), key=lambda mark: (mark.start, mark.end, mark.kind, mark.label_id)
        )
        self._known = frozenset(self.marks)
        self._starts = [mark.start for mark in self.marks]
        self._reach = list(accumulate((mark.end for mark in self.marks), max))

    def __contains__(self, mark: object) -> bool:
        return mark in self._known

    def is_above(self, mark: Mark) -> bool:
        """Whether the mark's name stands above the text rather than below it."""
        return self.two_rows and mark.kind == "gold"

    def lanes(self, start: int, end: int) -> list[tuple[Mark, int]]:
        """Return the marks on the line [start, end) with their lanes; lane 0 lies next to the text.

        The longest come first. Only what overlaps on this line needs lanes of its own.
        """
        marks = self.touching(start, end)
        if len(marks) < 2:
            return [(mark, 0) for mark in marks]
        marks.sort(key=lambda mark: mark.end - mark.start)
        found: list[tuple[Mark, int]] = []
        for above in (True, False) if self.two_rows else (False,):
            row = [mark for mark in marks if self.is_above(mark) is above]
            here = [(max(mark.start, start), min(mark.end, end)) for mark in row]
            found += zip(row, assign_lanes(here), strict=True)
        found.reverse()
        return found

    def touching(self, start: int, end: int) -> list[Mark]:
        """Return the marks that share a character with [start, end), in order."""
        at = bisect_left(self._starts, end)
        found = []
        while at and self._reach[at - 1] > start:
            at -= 1
            if self.marks[at].end > start:
                found.append(self.marks[at])
        found.reverse()
        return found

    def after(self, mark: Mark | None, position: int) -> Mark | None:
        """Return the mark that follows `mark`, or else begins at `position` or later.

        After the last comes the first; without marks there is None.
        """
        if not self.marks:
            return None
        known = mark in self._known
        at = self._place(mark) + 1 if known else bisect_left(self._starts, position)
        return self.marks[at % len(self.marks)]

    def before(self, mark: Mark | None, position: int) -> Mark | None:
        """Return the mark that comes before `mark`, or else begins before `position`."""
        if not self.marks:
            return None
        known = mark in self._known
        at = self._place(mark) if known else bisect_left(self._starts, position)
        return self.marks[at - 1]

    def again(self, mark: Mark) -> Mark | None:
        """Return the mark itself if it is here, or else one with the same bounds."""
        if mark in self._known:
            return mark
        low, high = bisect_left(self._starts, mark.start), bisect_right(self._starts, mark.start)
        same = [other for other in self.marks[low:high] if other.end == mark.end]
        return min(same, key=lambda other: other.kind != "gold", default=None)

    def changed(self, other: MarkIndex) -> list[Mark]:
        """Return the marks that are new, gone, or in another row than in `other`."""
        if self.two_rows != other.two_rows:
            return [*self.marks, *other.marks]
        return list(self._known ^ other._known)

    def _place(self, mark: Mark | None) -> int:
        assert mark is not None
        return self.marks.index(mark, bisect_left(self._starts, mark.start))
