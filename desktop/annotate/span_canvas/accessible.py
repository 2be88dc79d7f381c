"""What a screen reader is told of a canvas: its text, the caret, and the marks there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QAccessibleTextCursorEvent,
    QAccessibleTextInterface,
    QAccessibleTextSelectionEvent,
    QAccessibleTextUpdateEvent,
)
from PySide6.QtWidgets import QAccessibleWidget

from desktop.annotate.span_canvas.marks import Mark
from desktop.text_positions import TextPositions
from engine.api import tr, trc

if TYPE_CHECKING:
    from desktop.annotate.span_canvas.canvas import SpanCanvas

_LONGEST = 80  # characters of a passage that are spoken
_KINDS = {
    "gold": trc("a passage is", "marked"),
    "suggestion": trc("a passage is", "suggested"),
    "predicted": trc("a passage is", "predicted"),
}
_installed = False


class Spoken:
    """Says what is at a canvas's caret, and tells a screen reader when that changes.

    The canvas's description always holds the words, for readers that know no texts.
    """

    def __init__(self, canvas: SpanCanvas) -> None:
        self.canvas = canvas
        self._positions: TextPositions | None = None
        self._text = ""
        self._marks = ""
        _install()

    @property
    def positions(self) -> TextPositions:
        """The offsets of the text as Qt counts them."""
        if self._positions is None:
            self._positions = TextPositions(self.canvas.content())
        return self._positions

    def tell(self) -> None:
        """The caret, the selection, the current mark or the marks have changed."""
        canvas, words = self.canvas, self.here()
        if words != canvas.accessibleDescription():
            canvas.setAccessibleDescription(words)
        if not QAccessible.isActive():
            return
        to_units, chosen = self.positions.to_units, canvas.selection()
        place = to_units(canvas.caret())
        if chosen is None:
            QAccessible.updateAccessibility(QAccessibleTextCursorEvent(canvas, place))
        else:
            low, high = (to_units(bound) for bound in chosen)
            QAccessible.updateAccessibility(QAccessibleTextSelectionEvent(canvas, low, high))
        marks = self._marks_here()
        if marks and marks != self._marks:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(canvas, marks))
        self._marks = marks

    def tell_text(self) -> None:
        """Another text is shown."""
        self._positions = None
        self._marks = ""
        if QAccessible.isActive():
            text = self.canvas.content()
            event = QAccessibleTextUpdateEvent(self.canvas, 0, self._text, text)
            QAccessible.updateAccessibility(event)
            self._text = text
        self.tell()

    def here(self) -> str:
        """Return what is at the caret: the selection, the marks, or else the word."""
        chosen = self.canvas.selection()
        if chosen is not None:
            return tr("{passage}, selected", passage=self._excerpt(*chosen))
        marks = self._marks_here()
        if marks:
            return marks
        word = self.canvas.word_at_caret()
        return self._excerpt(*word) if word else ""

    def words_of(self, mark: Mark) -> str:
        """Return a mark in words: "Okafor, marked as PERSON, PERSON 3 of 12"."""
        canvas, same = self.canvas, (mark.label_id, mark.kind)
        alike = [other for other in canvas.marks() if (other.label_id, other.kind) == same]
        values = {
            "passage": self._excerpt(mark.start, mark.end),
            "kind": _KINDS.get(mark.kind, mark.kind),
            "label": canvas.label_name(mark),
            "number": alike.index(mark) + 1,
            "all": len(alike),
        }
        if mark.confidence is None:
            return tr("{passage}, {kind} as {label}, {label} {number} of {all}", **values)
        return tr(
            "{passage}, {kind} as {label}, {percent} % sure, {label} {number} of {all}",
            percent=round(mark.confidence * 100),
            **values,
        )

    def _marks_here(self) -> str:
        current = self.canvas.current()
        marks = self.canvas.marks_at(self.canvas.caret()) if current is None else [current]
        return "; ".join(self.words_of(mark) for mark in marks)

    def _excerpt(self, start: int, end: int) -> str:
        content = self.canvas.content()
        if end - start <= _LONGEST:
            return " ".join(content[start:end].split())
        half = _LONGEST // 2
        return " ".join(f"{content[start : start + half]} … {content[end - half : end]}".split())


class CanvasInterface(QAccessibleWidget):
    """A canvas as Qt shows it to screen readers: a text that is read and selected, not edited."""

    def __init__(self, canvas: SpanCanvas) -> None:
        super().__init__(canvas, QAccessible.Role.EditableText, "")
        self._text = CanvasText(canvas)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        # An object of its own: as a second base of this one its address in C++ would be wrong,
        # and so would be that of any other interface that the base class offers.
        return self._text if kind == QAccessible.InterfaceType.TextInterface else None

    def state(self) -> QAccessible.State:
        state = super().state()
        state.readOnly = state.multiLine = state.selectableText = 1
        return state

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        return 0  # the scroll bar says nothing that the text does not


class CanvasText(QAccessibleTextInterface):
    """The text of a canvas; offsets are Qt's.

    PySide lets nobody answer where a selection is, so that none is reported here; the event that
    tells of one holds its bounds.
    """

    def __init__(self, canvas: SpanCanvas) -> None:
        super().__init__()
        self._canvas = canvas

    def characterCount(self) -> int:  # noqa: N802 - Qt's name
        return self._canvas.spoken.positions.units

    def text(self, start: int, end: int) -> str:
        to_code_points = self._canvas.spoken.positions.to_code_points
        low, high = max(0, start), self.characterCount() if end < 0 else end
        return self._canvas.content()[to_code_points(low) : to_code_points(high)]

    def cursorPosition(self) -> int:  # noqa: N802 - Qt's name
        return self._canvas.spoken.positions.to_units(self._canvas.caret())

    def setCursorPosition(self, position: int) -> None:  # noqa: N802 - Qt's name
        self._canvas.set_caret(self._canvas.spoken.positions.to_code_points(position))

    def selectionCount(self) -> int:  # noqa: N802 - Qt's name
        return 0

    def addSelection(self, start: int, end: int) -> None:  # noqa: N802 - Qt's name
        to_code_points = self._canvas.spoken.positions.to_code_points
        self._canvas.select(to_code_points(start), to_code_points(end))

    def setSelection(self, number: int, start: int, end: int) -> None:  # noqa: N802 - Qt's name
        self.addSelection(start, end)

    def removeSelection(self, number: int) -> None:  # noqa: N802 - Qt's name
        self._canvas.set_caret(self._canvas.caret())

    def characterRect(self, offset: int) -> QRect:  # noqa: N802 - Qt's name
        canvas = self._canvas
        position = canvas.spoken.positions.to_code_points(offset)
        here = canvas.rect_of(position)
        after = canvas.rect_of(canvas.next_boundary(position, forward=True))
        if after.top() == here.top() and after.left() != here.left():
            here = here.united(after)
        return here.translated(canvas.viewport().mapToGlobal(QPoint(0, 0)))

    def offsetAtPoint(self, point: QPoint) -> int:  # noqa: N802 - Qt's name
        canvas = self._canvas
        position = canvas.position_at(canvas.viewport().mapFromGlobal(point))
        return canvas.spoken.positions.to_units(position)

    def scrollToSubstring(self, start: int, end: int) -> None:  # noqa: N802 - Qt's name
        to_code_points = self._canvas.spoken.positions.to_code_points
        self._canvas.reveal(to_code_points(start), to_code_points(end))


def _interface_of(_name: str, thing: QObject) -> QAccessibleInterface | None:
    spoken = getattr(thing, "spoken", None)
    return CanvasInterface(spoken.canvas) if isinstance(spoken, Spoken) else None


def _install() -> None:
    global _installed
    if not _installed:
        QAccessible.installFactory(_interface_of)
        _installed = True
