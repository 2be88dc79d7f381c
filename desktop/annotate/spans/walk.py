"""Where the keys lead that go from passage to passage."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from desktop.annotate.span_canvas import Mark, SpanCanvas
from desktop.annotate.spans.candidates import next_candidate, previous_candidate
from desktop.annotate.spans.overlaps import Overlaps

Range = tuple[int, int]


class Walk:
    """Moves a canvas to its next passage: suggested, marked, or likely by its look.

    From the last it goes on to the first, and back.
    """

    def __init__(self, canvas: SpanCanvas) -> None:
        self._canvas = canvas

    def to_stop(self, *, forward: bool) -> bool:
        """Go to the next passage that is suggested or marked; whether there is any.

        Once nothing is suggested any more, a likely passage is a stop as well.
        """
        marks = self._canvas.marks()
        if any(mark.kind == "suggestion" for mark in marks):
            return self._canvas.next_mark() if forward else self._canvas.previous_mark()
        start, end = self._here()
        for turned in (False, True):
            mark = self._mark(marks, start, end, forward=forward)
            likely = self._likely(end if forward else start, forward=forward)
            if mark is not None and (likely is None or ((mark.start < likely[0]) is forward)):
                self._canvas.set_current(mark)
                return True
            if likely is not None:
                self._canvas.select(*likely)
                return True
            if not turned:
                start = end = -1 if forward else len(self._canvas.content()) + 1
        return False

    def to_suggestion(self, behind: int) -> bool:
        """Go to the first suggestion behind a position, or from the beginning; whether any is."""
        found = [mark for mark in self._canvas.marks() if mark.kind == "suggestion"]
        if not found:
            return False
        later = (mark for mark in found if mark.start >= behind)
        self._canvas.set_current(next(later, found[0]))
        return True

    def to_likely(self, *, forward: bool) -> bool:
        """Go to the next likely passage that nobody has marked; whether there is any."""
        start, end = self._here()
        content = self._canvas.content()
        for position in (end if forward else start, 0 if forward else len(content)):
            found = self._likely(position, forward=forward)
            if found is not None:
                self._canvas.select(*found)
                return True
        return False

    def to_likely_behind(self, position: int, within: int | None = None) -> bool:
        """Go to the first likely passage behind a position, at most `within` characters on."""
        found = self._likely(position, forward=True)
        if found is None or (within is not None and found[0] > position + within):
            return False
        self._canvas.select(*found)
        return True

    # --- inside ---------------------------------------------------------------------------------

    def _here(self) -> Range:
        current = self._canvas.current()
        if current is not None:
            return current.start, current.end
        caret = self._canvas.caret()
        return self._canvas.selection() or (caret, caret)

    def _mark(self, marks: list[Mark], start: int, end: int, *, forward: bool) -> Mark | None:
        current = self._canvas.current()
        if current in marks and (current.start, current.end) == (start, end):
            at = marks.index(current) + (1 if forward else -1)
        elif forward:
            at = bisect_left(marks, start, key=lambda mark: mark.start)
        else:
            at = bisect_right(marks, start - 1, key=lambda mark: mark.start) - 1
        return marks[at] if 0 <= at < len(marks) else None

    def _likely(self, position: int, *, forward: bool) -> Range | None:
        content = self._canvas.content()
        marked = Overlaps((mark.start, mark.end) for mark in self._canvas.marks())
        position = max(0, min(position, len(content)))
        look = next_candidate if forward else previous_candidate
        found = look(content, position)
        while found is not None and marked.touches(*found):
            found = look(content, found[1] if forward else found[0])
        return found
