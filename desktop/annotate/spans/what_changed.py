"""Which passage an undo or a redo has changed, so that one is taken to it."""

from __future__ import annotations

from engine.api import TextDetail

Place = tuple[int, int, int | None]
"""Start, end, and the label of the mark that is there now, None if there is none."""


class WhatChanged:
    """Compares a text with how it was before it was read again."""

    def __init__(self) -> None:
        self._text_id: int | None = None
        self._before: set[tuple[int, int, int]] | None = None

    def expect(self, text_id: int, before: TextDetail | None) -> None:
        """A text is about to be read again; `before` is how it was, None if that is not known."""
        self._text_id = text_id
        self._before = None if before is None else _places(before)

    def place(self, detail: TextDetail) -> Place | None:
        """Return the first passage that has changed in a text, once it has."""
        if detail.id != self._text_id or self._before is None:
            return None
        before, now = self._before, _places(detail)
        changed = sorted(before ^ now)
        if not changed:
            return None
        self._text_id = self._before = None
        start, end, _ = changed[0]
        labels = [label_id for left, right, label_id in now if (left, right) == (start, end)]
        return start, end, labels[0] if labels else None


def _places(detail: TextDetail) -> set[tuple[int, int, int]]:
    return {(span.start, span.end, span.label_id) for span in detail.spans}
