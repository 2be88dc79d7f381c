"""The hairline that separates areas; there are no boxes."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame


def hairline() -> QFrame:
    """Return a line of one pixel across its parent, in the theme's colour."""
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedHeight(1)
    return line
