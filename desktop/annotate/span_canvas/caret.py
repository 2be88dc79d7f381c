"""The caret and the selection: where they go by word and by grapheme."""

from __future__ import annotations

from desktop.annotate.span_canvas import words
from desktop.annotate.span_canvas.pieces import Pieces

Range = tuple[int, int]


class Caret:
    """A position in a text, and the anchor that a selection extends from; both code points.

    Neither is ever inside a grapheme.
    """

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._content = pieces.content
        self.position = 0
        self.anchor = 0

    def selection(self) -> Range | None:
        """Return the selected range, None if nothing is selected."""
        if self.position == self.anchor:
            return None
        return min(self.position, self.anchor), max(self.position, self.anchor)

    def word(self, position: int | None = None) -> Range | None:
        """Return the word at the caret, or at another position, with whole graphemes."""
        found = words.word_at(self._content, self.position if position is None else position)
        return self._whole(found) if found else None

    def move_to(self, position: int, extend: bool = False) -> None:
        """Go to a position, or to the beginning of the grapheme it lies in."""
        self.position = self._pieces.floor(position)
        if not extend:
            self.anchor = self.position

    def select(self, start: int, end: int) -> None:
        """Select a range, with the caret at its end."""
        self.anchor = self._pieces.floor(start)
        self.position = self._pieces.floor(end)

    def by_grapheme(self, forward: bool, extend: bool) -> None:
        """Go on or back by one grapheme."""
        step = self._pieces.next_grapheme if forward else self._pieces.previous_grapheme
        self.move_to(step(self.position), extend)

    def by_word(self, forward: bool) -> None:
        """Go to the beginning of the next word, or of this one or the one before it."""
        if forward:
            start = self._next_start()
            self.move_to(len(self._content) if start is None else start)
        else:
            word = words.previous_word(self._content, self.position)
            self.move_to(word[0] if word else 0)

    def extend_by_word(self, forward: bool) -> None:
        """Let the selection take in one word more, or one less.

        A selection that begins outside a word begins at the next one, so that it never holds
        space or punctuation around its words.
        """
        if self.position == self.anchor:
            self._begin(forward)
        if self.position == self.anchor or forward is (self.position > self.anchor):
            target = self._far_end(forward)
        elif forward:
            start = self._next_start()
            target = self.anchor if start is None else min(start, self.anchor)
        else:
            end = words.previous_word_end(self._content, self.position)
            target = max(end if end is not None else self.anchor, self.anchor)
        self.move_to(target, extend=True)

    def extend_to(self, position: int) -> None:
        """Let the selection reach to a position, with the words between taken in whole."""
        found = self.words_between(min(self.anchor, position), max(self.anchor, position))
        if found is None:
            self.move_to(position, extend=True)
        else:
            self.move_to(found[1] if position > self.anchor else found[0], extend=True)

    def words_between(self, start: int, end: int) -> Range | None:
        """Return the range from the first to the last word that [start, end) touches, if any."""
        first = self.word(start)
        if first is None or first[1] <= start:
            first = words.next_word(self._content, start)
        last = self.word(end)
        if last is None or last[0] >= end:
            before = words.previous_word_end(self._content, end)
            last = None if before is None else (0, before)
        if first is None or last is None or first[0] >= last[1]:
            return None
        return self._whole((first[0], last[1]))

    # --- inside ---------------------------------------------------------------------------------

    def _begin(self, forward: bool) -> None:
        here = words.word_at(self._content, self.position)
        if forward and (here is None or here[1] == self.position):
            start = self._next_start()
            if start is not None:
                self.move_to(start)
        elif not forward and (here is None or here[0] == self.position):
            end = words.previous_word_end(self._content, self.position)
            if end is not None:
                self.move_to(end)

    def _far_end(self, forward: bool) -> int:
        if forward:
            end = words.next_word_end(self._content, self.position)
            return self.position if end is None else self._ceiling(end)
        word = words.previous_word(self._content, self.position)
        return self.position if word is None else word[0]

    def _next_start(self) -> int | None:
        """Return where the next word begins; always further on, also inside a grapheme."""
        word = words.next_word(self._content, self.position)
        if word is None:
            return None
        start = self._pieces.floor(word[0])
        return start if start > self.position else self._ceiling(word[0])

    def _whole(self, word: Range) -> Range:
        return self._pieces.floor(word[0]), self._ceiling(word[1])

    def _ceiling(self, position: int) -> int:
        low = self._pieces.floor(position)
        return low if low == position else self._pieces.next_grapheme(low)
