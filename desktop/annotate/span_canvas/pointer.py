"""Selects and chooses with the mouse: whole words, or characters while Alt is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent

if TYPE_CHECKING:
    from desktop.annotate.span_canvas.canvas import SpanCanvas

_STILL = 4  # pixels within which a press and a release are a click
_SCROLL_MS = 40

Range = tuple[int, int]


class Pointer:
    """Does what a mouse asks of a canvas."""

    def __init__(self, canvas: SpanCanvas) -> None:
        self._canvas = canvas
        self._from: QPointF | None = None
        self._last = QPointF()
        self._exact = 0
        self._word: Range = (0, 0)
        self._dragging = False
        self._by_character = False
        self._scrolling = QTimer(canvas)
        self._scrolling.setInterval(_SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll)

    def forget(self) -> None:
        """Give up a drag that is under way."""
        self._from, self._dragging = None, False
        self._scrolling.stop()

    def press(self, event: QMouseEvent) -> None:
        """Put the caret under the pointer, or let the selection reach there with Shift."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        canvas, cursor = self._canvas, self._canvas.text_caret
        point, modifiers = event.position(), event.modifiers()
        exact = canvas.position_at(point)
        by_character = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        self._from, self._dragging = point, False
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._exact, self._word = exact, cursor.word(exact) or (exact, exact)
            return  # whatever comes of it, a Ctrl+click leaves caret and selection alone
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._exact = cursor.anchor
            self._word = (cursor.anchor, cursor.anchor)
            self._dragging = True
            self._reach(exact, by_character)
            return
        self._exact = exact
        self._word = cursor.word(exact) or (exact, exact)
        canvas.set_caret(exact if by_character else self._word[0])

    def move(self, event: QMouseEvent) -> None:
        """Let the selection reach to the pointer."""
        if self._from is None:
            event.ignore()
            return
        self._last = event.position()
        away = self._last - self._from
        if not self._dragging and away.manhattanLength() < _STILL:
            return
        self._dragging = True
        self._by_character = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        height = self._canvas.viewport().height()
        if 0 <= self._last.y() < height:
            self._scrolling.stop()
        elif not self._scrolling.isActive():
            self._scrolling.start()
        self._reach(self._canvas.position_at(self._last), self._by_character)

    def release(self, event: QMouseEvent) -> None:
        """End a selection, or choose the mark that was clicked."""
        if event.button() != Qt.MouseButton.LeftButton or self._from is None:
            event.ignore()
            return
        dragged, point = self._dragging, self._from
        self.forget()
        if dragged:
            return
        canvas = self._canvas
        under = canvas.marks_under(point)
        if not under:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            canvas.everywhere_wanted.emit(under[0])
        else:
            canvas.set_current(under[0])

    def double_click(self, event: QMouseEvent) -> None:
        """Select the word under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        word = self._canvas.text_caret.word(self._canvas.position_at(event.position()))
        self.forget()
        if word is not None:
            self._canvas.select(*word)

    # --- inside ---------------------------------------------------------------------------------

    def _reach(self, exact: int, by_character: bool) -> None:
        canvas = self._canvas
        if by_character:
            canvas.select(self._exact, exact)
            return
        low, high = min(self._word[0], exact), max(self._word[1], exact)
        low, high = canvas.text_caret.words_between(low, high) or (low, high)
        if exact < self._word[0]:
            canvas.select(high, low)
        else:
            canvas.select(low, high)

    def _scroll(self) -> None:
        bar = self._canvas.verticalScrollBar()
        down = self._last.y() > 0
        bar.setValue(bar.value() + (1 if down else -1) * bar.singleStep())
        self._reach(self._canvas.position_at(self._last), self._by_character)
