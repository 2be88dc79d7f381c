"""What a screen reader is told of a canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleTextCursorEvent, QAccessibleValueChangeEvent

from desktop.annotate.span_canvas.marks import Mark

if TYPE_CHECKING:
    from desktop.annotate.span_canvas.canvas import SpanCanvas

_LONGEST = 80  # characters of a passage that are spoken
_KINDS = {"gold": "marked", "suggestion": "suggested", "predicted": "predicted"}


class Spoken:
    """Keeps a canvas's description to what is at the caret, in words."""

    def __init__(self, canvas: SpanCanvas) -> None:
        self._canvas = canvas

    def tell(self) -> None:
        """The caret, the selection, the current mark or the marks have changed."""
        canvas = self._canvas
        words = self.here()
        if words != canvas.accessibleDescription():
            canvas.setAccessibleDescription(words)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleTextCursorEvent(canvas, canvas.caret()))

    def tell_text(self) -> None:
        """Another text is shown."""
        self.tell()
        if QAccessible.isActive():
            text = self._canvas.content()
            QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self._canvas, text))

    def here(self) -> str:
        """Return what is at the caret: the selection, the marks, or else the word."""
        canvas = self._canvas
        chosen, current = canvas.selection(), canvas.current()
        if chosen is not None:
            return f"{self._excerpt(*chosen)}, selected"
        if current is not None:
            return self.words_of(current)
        found = canvas.marks_at(canvas.caret())
        if found:
            return "; ".join(self.words_of(mark) for mark in found)
        word = canvas.word_at_caret()
        return self._excerpt(*word) if word else ""

    def words_of(self, mark: Mark) -> str:
        """Return a mark in words: "Okafor, marked as PERSON, PERSON 3 of 12"."""
        canvas = self._canvas
        name = canvas.label_name(mark)
        words = (
            f"{self._excerpt(mark.start, mark.end)}, {_KINDS.get(mark.kind, mark.kind)} as {name}"
        )
        if mark.confidence is not None:
            words += f", {round(mark.confidence * 100)} % sure"
        alike = [
            other
            for other in canvas.marks()
            if (other.label_id, other.kind) == (mark.label_id, mark.kind)
        ]
        return f"{words}, {name} {alike.index(mark) + 1} of {len(alike)}"

    def _excerpt(self, start: int, end: int) -> str:
        if end - start <= _LONGEST:
            return " ".join(self._canvas.content()[start:end].split())
        half = _LONGEST // 2
        content = self._canvas.content()
        return " ".join(f"{content[start : start + half]} … {content[end - half : end]}".split())
