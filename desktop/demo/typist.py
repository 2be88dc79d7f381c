"""Somebody who knows the sample's letters by heart and marks their passages with the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from desktop.annotate.span_canvas import SpanCanvas
from desktop.demo.driver import Driver
from engine.api import KnownError

Passage = tuple[int, int, str]
"""Start and end in code points, the end exclusive, and the name of the label."""

_Key = Qt.Key
_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_MOST_KEYS = 400  # for one passage; more means that the keys no longer do what they did


class Typist:
    """Marks the text that Annotate shows; `pressed` counts the keys."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.pressed = 0
        self.passages = 0

    @property
    def canvas(self) -> SpanCanvas:
        """The text that is marked."""
        found = self._driver.window.findChild(SpanCanvas, "annotate.text")
        assert isinstance(found, SpanCanvas)
        return found

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """Press a key and count it."""
        self.pressed += 1
        self._driver.press(key, modifiers)

    def mark_text(self, wanted: Sequence[Passage]) -> None:
        """Mark just these passages in the text that is shown, and go on to the next text.

        Raises:
            KnownError: if the keys do not lead there.
        """
        content = self.canvas.content()
        self._go_through_suggestions(wanted)
        missing = [passage for passage in sorted(wanted) if passage not in self._marked()]
        if missing and self._here()[0] > missing[0][0]:
            self.press(_Key.Key_Home, _CONTROL)
        for passage in missing:
            self._mark(*passage)
        for _ in range(_MOST_KEYS):
            mark = self.canvas.current()
            left_over = mark is not None and mark.kind == "suggestion"
            self.press(_Key.Key_Backspace if left_over else _Key.Key_Return)
            self._driver.settle(0.01)
            if self.canvas.content() != content:
                self.passages += len(wanted)
                return
        raise KnownError("The text could not be finished by keyboard.")

    def _go_through_suggestions(self, wanted: Sequence[Passage]) -> None:
        """Accept what is suggested rightly, name or leave out the rest."""
        while (mark := self.canvas.current()) is not None and mark.kind == "suggestion":
            names = [name for start, end, name in wanted if (start, end) == (mark.start, mark.end)]
            if not names:
                self.press(_Key.Key_Backspace)
            elif self._name(mark.label_id) in names:
                self.press(_Key.Key_Return)
            else:
                self.press(self._key(names[0]))

    def _marked(self) -> list[Passage]:
        return [
            (mark.start, mark.end, self._name(mark.label_id))
            for mark in self.canvas.marks()
            if mark.kind == "gold"
        ]

    def _name(self, label_id: int) -> str:
        return self._driver.project.task.label(label_id).name

    def _key(self, label: str) -> Qt.Key:
        labels = self._driver.project.task.labels
        return _Key(ord(next(one.key for one in labels if one.name == label).upper()))

    def _mark(self, start: int, end: int, label: str) -> None:
        while self._here()[1] <= start:
            before = self._here()
            self.press(_Key.Key_Period)
            # Past the last one it goes on to the first.
            if self._here() == before or self._here()[0] < before[0]:
                break
        if self._here() != (start, end):
            self._choose(start, end)
        self.press(self._key(label))

    def _here(self) -> tuple[int, int]:
        """The passage one is at: of the current mark, the selection, or the caret."""
        mark = self.canvas.current()
        if mark is not None:
            return mark.start, mark.end
        caret = self.canvas.caret()
        return self.canvas.selection() or (caret, caret)

    def _choose(self, start: int, end: int) -> None:
        """Select a passage by the arrows: word by word, and by characters near its boundaries."""
        by = _NONE
        for _ in range(_MOST_KEYS):
            before = self.canvas.caret()
            if before == start and self.canvas.current() is None:
                break
            ahead = before < start
            self.press(_Key.Key_Right if ahead else _Key.Key_Left, by)
            if (self.canvas.caret() < start) is not ahead and self.canvas.caret() != start:
                by = _CONTROL
        for _ in range(_MOST_KEYS):
            if self._here()[1] >= end:
                break
            self.press(_Key.Key_Right, _SHIFT)
        for _ in range(_MOST_KEYS):
            if self._here()[1] <= end:
                break
            self.press(_Key.Key_Left, _SHIFT | _CONTROL)
        if self._here() != (start, end):
            passage = self.canvas.content()[start:end]
            raise KnownError(f"“{passage}” could not be selected by keyboard.")
