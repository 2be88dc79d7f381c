"""Enter in a table: it lists what is behind a figure, where elsewhere in the view it decides."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


def claims_enter(event: QEvent) -> bool:
    """Whether this is Enter about to be taken for a command; if so, the table gets it instead."""
    if (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    ):
        event.accept()
        return True
    return False
