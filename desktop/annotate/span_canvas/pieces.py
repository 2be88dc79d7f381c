"""A text cut into pieces that Qt lays out one by one, and steps between its graphemes."""

from __future__ import annotations

import re
from bisect import bisect_right
from unicodedata import bidirectional

from PySide6.QtCore import QTextBoundaryFinder

from desktop.text_positions import TextPositions

PIECE = 2000
_SEPARATOR = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_NOT_SHOWN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefe"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_ENOUGH_TO_TELL = 1000  # characters among which a paragraph's direction is looked for


class Pieces:
    """The paragraphs of a text; one of many thousand characters makes several pieces.

    A piece is the range [`starts[i]`, `ends[i]`) of code points. Between two paragraphs lie the
    characters that part them (CRLF is one pair); the pieces of one paragraph touch, and every cut
    is between two graphemes, after a space if there is one.
    """

    def __init__(self, content: str) -> None:
        self.content = content
        self.starts: list[int] = []
        self.ends: list[int] = []
        at = 0
        for separator in _SEPARATOR.finditer(content):
            end, after = separator.span()
            self._add(at, end)
            at = after
        self._add(at, len(content))
        self._graphemes: tuple[int, QTextBoundaryFinder, TextPositions] | None = None

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, position: int) -> int:
        """Return the number of the piece a position lies in, or whose end it follows."""
        return max(0, bisect_right(self.starts, position) - 1)

    def shown(self, number: int) -> str:
        """Return a piece as it is drawn, of the same length in code points and in UTF-16 units.

        Control characters and lone surrogates have pictures that stand for them.
        """
        return shown(self.content[self.starts[number] : self.ends[number]])

    def is_right_to_left(self, number: int) -> bool:
        """Whether the paragraph of a piece begins with a script that is read from the right."""
        while number and self.ends[number - 1] == self.starts[number]:
            number -= 1
        start = self.starts[number]
        beginning = self.content[start : min(self.ends[number], start + _ENOUGH_TO_TELL)]
        if not has_right_to_left(beginning):
            return False
        for character in beginning:
            kind = bidirectional(character)
            if kind in ("L", "R", "AL"):
                return kind != "L"
        return False

    def next_grapheme(self, position: int) -> int:
        """Return the first boundary between graphemes after a position; at the end, the end."""
        number = self.at(position)
        if position >= self.ends[number]:
            return self.starts[number + 1] if number + 1 < len(self) else self.ends[number]
        finder, positions = self._finder(number)
        finder.setPosition(positions.to_units(position - self.starts[number]))
        unit = finder.toNextBoundary()
        return self.starts[number] + positions.to_code_points(unit)

    def previous_grapheme(self, position: int) -> int:
        """Return the last boundary between graphemes before a position; at 0, 0."""
        number = self.at(position)
        if position > self.ends[number]:
            return self.ends[number]  # between the two characters of CRLF
        if position == self.starts[number]:
            if number == 0:
                return 0
            number -= 1
            if self.ends[number] < position:
                return self.ends[number]
        finder, positions = self._finder(number)
        finder.setPosition(positions.to_units(position - self.starts[number]))
        unit = finder.toPreviousBoundary()
        return self.starts[number] + positions.to_code_points(unit)

    def is_boundary(self, position: int) -> bool:
        """Whether a position lies between two graphemes."""
        number = self.at(position)
        if position in (self.starts[number], self.ends[number]):
            return True
        if position > self.ends[number]:
            return False
        finder, positions = self._finder(number)
        finder.setPosition(positions.to_units(position - self.starts[number]))
        return bool(finder.isAtBoundary())

    def floor(self, position: int) -> int:
        """Return the boundary between graphemes at a position, or else the last one before it."""
        position = max(0, min(position, len(self.content)))
        return position if self.is_boundary(position) else self.previous_grapheme(position)

    def _finder(self, number: int) -> tuple[QTextBoundaryFinder, TextPositions]:
        if self._graphemes is None or self._graphemes[0] != number:
            text = self.shown(number)
            kind = QTextBoundaryFinder.BoundaryType.Grapheme
            self._graphemes = number, QTextBoundaryFinder(kind, text), TextPositions(text)
        return self._graphemes[1:]

    def _add(self, start: int, end: int) -> None:
        """Add a paragraph."""
        while end - start > 2 * PIECE:
            cut = self.content.rfind(" ", start + PIECE, start + 2 * PIECE) + 1
            if not cut:
                cut = start + _last_boundary(self.content[start : start + 2 * PIECE])
            self.starts.append(start)
            self.ends.append(cut)
            start = cut
        self.starts.append(start)
        self.ends.append(end)


def shown(text: str) -> str:
    """Return a text with pictures for what cannot be drawn, each as long as what it stands for."""
    return _NOT_SHOWN.sub(_picture, text)


def has_right_to_left(text: str) -> bool:
    """Whether a text has characters that are read from the right, or marks that say so."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def _picture(found: re.Match[str]) -> str:
    code = ord(found.group())
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"


def _last_boundary(text: str) -> int:
    """Return the last boundary between graphemes before the end, which may lie inside one."""
    text = shown(text)
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    finder.toEnd()
    unit = finder.toPreviousBoundary()
    return TextPositions(text).to_code_points(unit) or len(text)
