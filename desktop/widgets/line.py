"""The hairline that separates areas; there are no boxes."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame


def hairline(*, vertical: bool = False) -> QFrame:
    """Return a line of one pixel across its parent, or down it, in the theme's colour."""
    line = QFrame()
    line.setProperty("role", "line")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
