"""The canvas: a text with its marks, a caret, and the keys and the mouse that move it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.annotate.span_canvas.accessible import Spoken
from desktop.annotate.span_canvas.caret import Caret
from desktop.annotate.span_canvas.keyboard import Keyboard
from desktop.annotate.span_canvas.keys import meaning_of
from desktop.annotate.span_canvas.look import Look
from desktop.annotate.span_canvas.marks import Mark, MarkIndex
from desktop.annotate.span_canvas.painting import LinePainter, Scene, lane_top, strips_of
from desktop.annotate.span_canvas.pointer import Pointer
from desktop.annotate.span_canvas.view import TextView
from desktop.theme.fonts import READING_SIZE
from desktop.theme.theme import Theme
from desktop.widgets.clipboard import clipboard_data
from engine.api import LabelInfo, tr

Range = tuple[int, int]


class SpanCanvas(TextView):
    """Shows a text with its marks; passages are selected, and marks chosen, by keyboard or mouse.

    It changes no mark: it tells what is wanted, and is told what there is by `set_marks`. All
    offsets are code points of the text, end exclusive.
    """

    caret_moved = Signal()
    """The caret, the selection or the current mark has changed."""
    boundary_moved = Signal(object, int, int)
    """A person moves a bound of the current gold mark: Mark, new start, new end."""
    everywhere_wanted = Signal(object)
    """A person wants the same string marked wherever it occurs: Mark."""

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, size: int = READING_SIZE
    ) -> None:
        super().__init__(theme, parent, size)
        self._labels: Sequence[LabelInfo] = ()
        self._look = Look(theme, (), size)
        self.text_caret = Caret(self._flow.pieces)
        self._current: Mark | None = None
        self._nudged: Mark | None = None
        self._highlight: list[Range] = []
        self._told: tuple[int, Range | None, Mark | None] = (0, None, None)
        self._keyboard = Keyboard(self)
        self._pointer = Pointer(self)
        self.spoken = Spoken(self)
        self.setAccessibleName(tr("Text to mark passages in"))
        self.zoomed.connect(self._new_look)
        theme.changed.connect(self._new_look)

    def set_labels(self, labels: Sequence[LabelInfo]) -> None:
        """Show marks in the colours and by the names of these labels."""
        self._labels = tuple(labels)
        self._new_look()
        self.spoken.tell()

    def show_text(self, content: str) -> None:
        """Show a text from its beginning, without marks, with the caret before it."""
        self._pointer.forget()
        self._keyboard.forget_column()
        self._current = self._nudged = None
        self._highlight = []
        self._show(content)
        self.text_caret = Caret(self._flow.pieces)
        self._told = (0, None, None)
        self.spoken.tell_text()
        self.caret_moved.emit()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show these marks and no others; caret, selection and what is in view stay.

        The current mark stays the current one if it is among them, or if one has the same bounds,
        or those that a person has just moved it to.

        Raises:
            ValueError: if a mark is empty, reversed, or not inside the text.
        """
        for mark in marks:
            if not 0 <= mark.start < mark.end <= len(self._content):
                raise ValueError(f"no passage of this text: {mark.start} to {mark.end}")
        index = MarkIndex(marks, self._rows_above > 0)
        before = self._current
        if before is not None and self._nudged is not None and before not in index:
            moved = index.again(self._nudged)
            self._current = moved if moved and moved.label_id == before.label_id else None
        if before is not None and self._current is before:
            self._current = index.again(before)
        if self._current is not before:
            self._nudged = None
        changed, moved_lines = self._flow.set_index(index)
        self._lay_out_visible()
        if moved_lines:
            self.viewport().update()
        else:
            for mark in changed:
                self._update_range(mark.start, mark.end)
        self._tell()

    def caret(self) -> int:
        """The caret's position."""
        return self.text_caret.position

    def selection(self) -> Range | None:
        """The selected range, None if nothing is selected."""
        return self.text_caret.selection()

    def word_at_caret(self) -> Range | None:
        """The word that the caret is in, before or after."""
        return self.text_caret.word()

    def current(self) -> Mark | None:
        """The mark that a person has gone to."""
        return self._current

    def marks(self) -> list[Mark]:
        """The marks that are shown, in the order of the text."""
        return self._flow.index.marks

    def label_name(self, mark: Mark) -> str:
        """The name of a mark's label."""
        return self._look.name(mark)

    def marks_at(self, position: int) -> list[Mark]:
        """Return the marks that hold the character at a position, the shortest first."""
        found = self._flow.index.touching(position, position + 1)
        return sorted(found, key=lambda mark: mark.end - mark.start)

    def set_current(self, mark: Mark | None) -> None:
        """Go to a mark and show it, or leave the current one; one that is not here is left out."""
        mark = None if mark is None else self._flow.index.again(mark)
        self._nudged = None
        self._current = mark
        if mark is not None:
            self.text_caret.move_to(mark.start)
            self._keyboard.forget_column()
            self.reveal(mark.start, mark.end)
        self._tell()

    def select(self, start: int, end: int) -> None:
        """Select a range, as far as it lies in the text, and show it."""
        self.text_caret.select(start, end)
        self.arrive()

    def set_caret(self, position: int) -> None:
        """Put the caret somewhere and show it; nothing is selected then."""
        self.text_caret.move_to(position)
        self.arrive()

    def next_mark(self) -> bool:
        """Go to the next mark, after the last to the first; whether there is one."""
        return self._go_to(self._flow.index.after(self._current, self.text_caret.position))

    def previous_mark(self) -> bool:
        """Go to the mark before, from the first to the last; whether there is one."""
        return self._go_to(self._flow.index.before(self._current, self.text_caret.position))

    def set_two_rows(self, on: bool) -> None:
        """Name gold marks above the line and all others below it, to compare them."""
        if on != (self._rows_above > 0):
            self._rows_above = int(on)
            self._flow.set_index(MarkIndex(self.marks(), on))
            self._lay_out_anew()

    def set_highlight(self, ranges: Sequence[Range]) -> None:
        """Frame some ranges, such as where else the same string stands; () frames none."""
        for start, end in [*self._highlight, *ranges]:
            self._update_range(start, end)
        self._highlight = sorted(ranges)

    def copy(self) -> bool:
        """Copy the selected text, or else the current mark's; whether there was any."""
        chosen = self.selection()
        if chosen is None and self._current is not None:
            chosen = self._current.start, self._current.end
        if chosen is None:
            return False
        data = clipboard_data(self._content[slice(*chosen)])
        QGuiApplication.clipboard().setMimeData(data)
        return True

    # --- Qt -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What one is at stays in view when something beside the text takes its room."""
        start, end = self._at()
        top = self.rect_of(start).top()
        was_in_view = 0 <= top < event.oldSize().height()
        super().resizeEvent(event)
        if was_in_view:
            self.reveal(start, end)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            meaning = meaning_of(event)
            if event.type() == QEvent.Type.ShortcutOverride:
                # The program has actions on some of these keys; here they are the text's.
                event.setAccepted(meaning is not None and self._keyboard.can(meaning))
                return True
            pressed = event.type() == QEvent.Type.KeyPress
            if pressed and meaning is not None and meaning.kind == "mark" and self.marks():
                self.keyPressEvent(event)  # or else Qt would move the focus
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        meaning = meaning_of(event)
        if meaning is None or not self._keyboard.can(meaning):
            event.ignore()
            return
        event.accept()
        self._keyboard.do(meaning)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._look.page)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, row = self._left(), self._flow.measures.row
        scene = Scene(
            self._flow.index,
            self._current,
            self.selection(),
            self._highlight,
            self.text_caret.position,
            self.hasFocus(),
        )
        lines = LinePainter(painter, self._look, scene, row, -left, self.viewport().width() - left)
        for rect in event.region():  # type: ignore[attr-defined]
            painter.setClipRect(rect)
            for y, block, those in self._visible(rect):
                lines.paint_block(block, those, QPointF(left, y))
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._update_range(self.text_caret.position, self.text_caret.position)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._update_range(self.text_caret.position, self.text_caret.position)

    def hideEvent(self, event: QHideEvent) -> None:
        self._pointer.forget()
        super().hideEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_click(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.marks_under(QPointF(event.pos()))
            words = "<br>".join(escape(self.spoken.words_of(mark)) for mark in found)
            QToolTip.showText(event.globalPos(), words and f"<p>{words}</p>", self.viewport())
            return True
        return super().viewportEvent(event)

    # --- for the parts of the canvas ------------------------------------------------------------

    def _at(self) -> tuple[int, int]:
        """The range of the current mark, or of the caret."""
        mark, caret = self._current, self.text_caret.position
        return (caret, caret) if mark is None else (mark.start, mark.end)

    def arrive(self) -> None:
        """The caret was moved by a person: show it, and leave the current mark."""
        self._current = self._nudged = None
        self._keyboard.forget_column()
        self.reveal(self.text_caret.position)
        self._tell()

    def ask_for_bounds(self, mark: Mark, start: int, end: int) -> None:
        """Tell that a person moves a bound of a mark."""
        self._nudged = Mark(start, end, mark.label_id, mark.kind, mark.confidence)
        self.boundary_moved.emit(mark, start, end)

    def marks_under(self, point: QPointF) -> list[Mark]:
        """Return the marks under a point of the viewport; the first is the one that is meant.

        That is the one whose name or bar is there, or else the one after the current mark, or
        else the shortest.
        """
        block, line, x = self._hit(point)
        y = point.y() - self._y(self._flow.pieces.at(block.start))
        row, index = self._flow.measures.row, self._flow.index
        found = []
        for strip in reversed(strips_of(block, line, index)):
            if not strip.left - 1 <= x <= strip.right + 1:
                continue
            top = lane_top(line, row, strip.lane, index.is_above(strip.mark))
            if top <= y < top + row:
                return [strip.mark]
            if line.text_top <= y < line.text_bottom and strip.mark not in found:
                found.append(strip.mark)
        if self._current in found:
            at = found.index(self._current) + 1
            found = found[at:] + found[:at]
        return found

    def is_right_to_left(self, position: int) -> bool:
        """Whether the paragraph of a position is read from the right."""
        return self._flow.pieces.is_right_to_left(self._flow.pieces.at(position))

    def next_boundary(self, position: int, forward: bool) -> int:
        """Return the boundary between graphemes next to a position."""
        pieces = self._flow.pieces
        return pieces.next_grapheme(position) if forward else pieces.previous_grapheme(position)

    def line_at(self, position: int) -> Range:
        """Return where a caret on the line of a position can stand at most."""
        _, block, line = self._line_of(position)
        return line.start, block.end_of(line)

    def on_same_line(self, position: int, other: int) -> bool:
        """Whether two positions are on one line."""
        return self._line_of(position)[2] is self._line_of(other)[2]

    def position_on_next_line(self, position: int, x: float, forward: bool) -> int | None:
        """Return the position under or above another one, at x of the viewport, if there is one."""
        number, block, _ = self._line_of(position)
        at = block.line_at(position) + (1 if forward else -1)
        if not 0 <= at < len(block.lines):
            number += 1 if forward else -1
            if not 0 <= number < len(self._flow.pieces):
                return None
            block = self._flow.block(number)
            at = 0 if forward else -1
        return block.position_between(block.lines[at], x - self._left())

    # --- inside ---------------------------------------------------------------------------------

    def _go_to(self, mark: Mark | None) -> bool:
        if mark is not None:
            self.set_current(mark)
        return mark is not None

    def _tell(self) -> None:
        """Repaint what the caret left and reached, and tell whom it concerns."""
        state = (self.text_caret.position, self.selection(), self._current)
        before, self._told = self._told, state
        if state == before:
            return
        self._update_range(before[0], before[0])
        self._update_range(state[0], state[0])
        for chosen in (before[1], state[1]):
            if chosen is not None:
                self._update_range(*chosen)
        for mark in (before[2], state[2]):
            if mark is not None:
                self._update_range(mark.start, mark.end)
        self.spoken.tell()
        self.caret_moved.emit()

    def _new_look(self, *_: object) -> None:
        self._look = Look(self._theme, self._labels, self.size_in_pixels())
        self.viewport().update()
