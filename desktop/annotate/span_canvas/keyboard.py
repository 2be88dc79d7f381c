"""Moves the caret, the selection and the bounds of marks, as keys ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from desktop.annotate.span_canvas.keys import KeyMeaning

if TYPE_CHECKING:
    from desktop.annotate.span_canvas.canvas import SpanCanvas


class Keyboard:
    """Does what a key asks of a canvas."""

    def __init__(self, canvas: SpanCanvas) -> None:
        self._canvas = canvas
        self._goal: float | None = None

    def can(self, meaning: KeyMeaning) -> bool:
        """Whether there is anything for a key to do; if not, it is left to the program."""
        canvas = self._canvas
        chosen, current = canvas.selection(), canvas.current()
        if meaning.kind == "mark":
            return bool(canvas.marks())
        if meaning.kind == "drop":
            return chosen is not None or current is not None
        if meaning.kind == "copy":
            return chosen is not None or current is not None
        if meaning.kind.startswith("nudge"):
            return chosen is not None or (current is not None and current.kind == "gold")
        return True

    def do(self, meaning: KeyMeaning) -> None:
        """Do it; `can` has said that it can be done."""
        goal, self._goal = self._goal, None
        if meaning.kind in ("word", "grapheme"):
            self._sideways(meaning)
        elif meaning.kind in ("line", "page"):
            self._down(meaning, goal)
        elif meaning.kind in ("line edge", "text edge"):
            self._edge(meaning)
        elif meaning.kind.startswith("nudge"):
            self._nudge(meaning)
        elif meaning.kind == "mark":
            if meaning.forward:
                self._canvas.next_mark()
            else:
                self._canvas.previous_mark()
        elif meaning.kind == "drop":
            self._canvas.set_caret(self._canvas.caret())
        elif meaning.kind == "copy":
            self._canvas.copy()
        elif meaning.kind == "all":
            self._canvas.select(0, len(self._canvas.content()))

    def forget_column(self) -> None:
        """Let the next line up or down keep to where the caret is then."""
        self._goal = None

    # --- inside ---------------------------------------------------------------------------------

    def _sideways(self, meaning: KeyMeaning) -> None:
        cursor = self._canvas.text_caret
        forward = meaning.forward is not self._canvas.is_right_to_left(cursor.position)
        if meaning.kind == "grapheme":
            cursor.by_grapheme(forward, meaning.extend)
        elif meaning.extend:
            cursor.extend_by_word(forward)
        else:
            cursor.by_word(forward)
        self._canvas.arrive()

    def _down(self, meaning: KeyMeaning, goal: float | None) -> None:
        canvas, cursor = self._canvas, self._canvas.text_caret
        if goal is None:
            goal = float(canvas.rect_of(cursor.position).left())
        if meaning.kind == "page":
            target = self._page(goal, meaning.forward)
        else:
            target = canvas.position_on_next_line(cursor.position, goal, meaning.forward)
        if target is None:  # there is no further line
            target = len(canvas.content()) if meaning.forward else 0
        if meaning.extend:
            cursor.extend_to(target)
        else:
            word = cursor.word(target)
            whole = word is not None and canvas.on_same_line(word[0], target)
            # In the middle of a word there is nothing to do for a person who marks words.
            cursor.move_to(word[0] if word is not None and whole else target)
        canvas.arrive()
        self._goal = goal

    def _page(self, goal: float, forward: bool) -> int | None:
        canvas = self._canvas
        bar = canvas.verticalScrollBar()
        here = canvas.rect_of(canvas.caret())
        step = max(here.height(), canvas.viewport().height() - 2 * here.height())
        before = bar.value()
        bar.setValue(before + (step if forward else -step))
        if bar.value() == before:
            return None
        seen = QPointF(goal, min(max(here.center().y(), 0), canvas.viewport().height() - 1))
        return canvas.position_at(seen)

    def _edge(self, meaning: KeyMeaning) -> None:
        canvas, cursor = self._canvas, self._canvas.text_caret
        if meaning.kind == "text edge":
            target = len(canvas.content()) if meaning.forward else 0
        else:
            start, end = canvas.line_at(cursor.position)
            target = end if meaning.forward else start
        cursor.move_to(target, meaning.extend)
        canvas.arrive()

    def _nudge(self, meaning: KeyMeaning) -> None:
        canvas = self._canvas
        current = canvas.current()
        chosen = (current.start, current.end) if current else canvas.selection()
        assert chosen is not None
        start, end = chosen
        edge = end if meaning.kind == "nudge end" else start
        forward = meaning.forward is not canvas.is_right_to_left(edge)
        moved = canvas.next_boundary(edge, forward)
        if meaning.kind == "nudge end":
            end = moved
        else:
            start = moved
        if start >= end or (start, end) == chosen:
            return
        if current is None:
            canvas.select(start, end)
        else:
            canvas.ask_for_bounds(current, start, end)
