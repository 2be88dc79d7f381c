"""A field for a whole number."""

from __future__ import annotations

from PySide6.QtWidgets import QSpinBox, QWidget

INDENT = 8  # pixels


class NumberField(QSpinBox):
    """A spin box whose number keeps its distance from the border.

    Style sheets move the words of every other field, but not those of a spin box.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(INDENT, 0, 0, 0)
