"""What the keys mean to a text one marks passages in; all others are the program's."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_RELEVANT = _SHIFT | _CTRL | _ALT | Qt.KeyboardModifier.MetaModifier

_DIRECTIONS = {
    Qt.Key.Key_Left: ("sideways", False),
    Qt.Key.Key_Right: ("sideways", True),
    Qt.Key.Key_Up: ("line", False),
    Qt.Key.Key_Down: ("line", True),
    Qt.Key.Key_PageUp: ("page", False),
    Qt.Key.Key_PageDown: ("page", True),
    Qt.Key.Key_Home: ("edge", False),
    Qt.Key.Key_End: ("edge", True),
}
_MEANINGS = {
    ("sideways", _NONE): ("word", False),
    ("sideways", _SHIFT): ("word", True),
    ("sideways", _CTRL): ("grapheme", False),
    ("sideways", _CTRL | _SHIFT): ("grapheme", True),
    ("sideways", _ALT): ("nudge end", False),
    ("sideways", _ALT | _SHIFT): ("nudge start", False),
    ("line", _NONE): ("line", False),
    ("line", _SHIFT): ("line", True),
    ("page", _NONE): ("page", False),
    ("page", _SHIFT): ("page", True),
    ("edge", _NONE): ("line edge", False),
    ("edge", _SHIFT): ("line edge", True),
    ("edge", _CTRL): ("text edge", False),
    ("edge", _CTRL | _SHIFT): ("text edge", True),
}


@dataclass(frozen=True, slots=True)
class KeyMeaning:
    """What a key asks for.

    `kind` is "word", "grapheme", "line", "page", "line edge", "text edge", "nudge start",
    "nudge end", "mark", "drop", "copy" or "all". `forward` says which way; for what goes to the
    left or the right, it is the right.
    """

    kind: str
    forward: bool = True
    extend: bool = False


def meaning_of(event: QKeyEvent) -> KeyMeaning | None:
    """Return what a key event asks for, None if it is not for the text."""
    if event.matches(QKeySequence.StandardKey.Copy):
        return KeyMeaning("copy")
    if event.matches(QKeySequence.StandardKey.SelectAll):
        return KeyMeaning("all")
    key, modifiers = Qt.Key(event.key()), event.modifiers() & _RELEVANT
    if key == Qt.Key.Key_Backtab or (key == Qt.Key.Key_Tab and modifiers == _SHIFT):
        return KeyMeaning("mark", forward=False) if not modifiers & ~_SHIFT else None
    if modifiers == _NONE and key == Qt.Key.Key_Tab:
        return KeyMeaning("mark")
    if modifiers == _NONE and key == Qt.Key.Key_Escape:
        return KeyMeaning("drop")
    if key not in _DIRECTIONS:
        return None
    name, forward = _DIRECTIONS[key]
    meaning = _MEANINGS.get((name, modifiers))
    return None if meaning is None else KeyMeaning(meaning[0], forward, meaning[1])
