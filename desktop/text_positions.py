"""The one place where offsets of ours, in code points, meet Qt's, in UTF-16 units."""

from __future__ import annotations

import re
from bisect import bisect_left

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class TextPositions:
    """Converts offsets of one text between code points and UTF-16 units, both ways and exactly.

    A character beyond U+FFFF takes two units, every other one, a lone surrogate included. A text
    without such characters costs nothing but one look at it; in others a conversion is a search
    among them, in O(log n).
    """

    __slots__ = ("_astral", "_astral_units", "length", "units")

    def __init__(self, content: str) -> None:
        self.length = len(content)
        """The length of the text in code points."""
        wide = len(content.encode("utf-16-le", "surrogatepass")) // 2 if content else 0
        self.units = wide
        """The length of the text in UTF-16 units."""
        self._astral: list[int] = []
        if wide != self.length:
            self._astral = [match.start() for match in _ASTRAL.finditer(content)]
        self._astral_units = [at + before for before, at in enumerate(self._astral)]

    def to_units(self, position: int) -> int:
        """Return the offset in UTF-16 units of an offset in code points."""
        if not self._astral:
            return position
        return position + bisect_left(self._astral, position)

    def to_code_points(self, unit: int) -> int:
        """Return the offset in code points of an offset in UTF-16 units.

        An offset between the two units of a character is taken for that character's beginning.
        """
        if not self._astral:
            return unit
        before = bisect_left(self._astral_units, unit)
        if before and self._astral_units[before - 1] == unit - 1:
            return self._astral[before - 1]
        return unit - before
