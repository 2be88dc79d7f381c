"""The texts one has been shown, in order, and where among them one stands."""

from __future__ import annotations

from collections.abc import Container


class Trail:
    """A walk through texts that can be retraced with the arrow keys."""

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._at = -1

    @property
    def current(self) -> int | None:
        """The text one stands at, or None before the first."""
        return self._ids[self._at] if self._ids else None

    def append(self, text_id: int) -> None:
        """Go to a text at the end of the walk."""
        self._ids.append(text_id)
        self._at = len(self._ids) - 1

    def jump(self, text_id: int) -> None:
        """Go to any text: back to where it was shown, or as a detour before the current one."""
        if text_id in self._ids:
            self._at = len(self._ids) - 1 - self._ids[::-1].index(text_id)
            return
        self._at = max(self._at, 0)
        self._ids.insert(self._at, text_id)

    def back(self) -> int | None:
        """Go one text back; None, and no move, at the beginning."""
        if self._at <= 0:
            return None
        self._at -= 1
        return self._ids[self._at]

    def forward(self) -> int | None:
        """Go one text forward; None, and no move, at the end."""
        if self._at + 1 >= len(self._ids):
            return None
        self._at += 1
        return self._ids[self._at]

    def forward_to_unfinished(self, finished: Container[int]) -> int | None:
        """Go on to the next text of the walk that is not finished; None if there is none."""
        for index in range(self._at + 1, len(self._ids)):
            if self._ids[index] not in finished:
                self._at = index
                return self._ids[index]
        return None

    def neighbours(self, behind: int = 2, ahead: int = 2) -> tuple[int, ...]:
        """The texts just before and after the current one, nearest first."""
        before = self._ids[max(0, self._at - behind) : max(self._at, 0)][::-1]
        return (*self._ids[self._at + 1 : self._at + 1 + ahead], *before)

    def clear(self) -> None:
        """Forget the walk."""
        self._ids.clear()
        self._at = -1
