"""What a view shows when it has nothing to show: what to do next, and the button that does it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.theme.style import GRID
from desktop.theme.theme import Theme

WIDTH = 440  # pixels; about 60 characters of the explanation


class EmptyState(QWidget):
    """An icon, one sentence, an explanation, and buttons, in the middle of the view."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        sentence: str,
        details: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = icon
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._sentence = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._sentence.setProperty("role", "heading")
        self._details = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._details.setProperty("role", "muted")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(GRID)
        self._buttons.setAlignment(Qt.AlignmentFlag.AlignCenter)
        middle = QWidget(maximumWidth=WIDTH)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self._icon)
        column.addSpacing(GRID)
        column.addWidget(self._sentence)
        column.addWidget(self._details)
        column.addSpacing(GRID)
        column.addLayout(self._buttons)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(middle, 100)
        line.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        outer.addStretch(2)
        outer.addLayout(line)
        outer.addStretch(3)
        self.set_words(sentence, details)
        theme.changed.connect(self._draw)
        self._draw()

    def set_words(self, sentence: str, details: str = "") -> None:
        """Say something else."""
        self._sentence.setText(sentence)
        self._details.setText(details)
        self._details.setVisible(bool(details))
        self.setAccessibleName(sentence)
        self.setAccessibleDescription(details)

    def set_icon(self, icon: str) -> None:
        """Show another icon."""
        self._icon_name = icon
        self._draw()

    def add_button(self, button: QPushButton) -> QPushButton:
        """Add a button below the words, and return it."""
        self._buttons.addWidget(button)
        return button

    def _draw(self) -> None:
        self._icon.setPixmap(self._theme.icon(self._icon_name, "line_strong").pixmap(48, 48))
