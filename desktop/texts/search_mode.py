"""What a search goes by: the words themselves, their meaning, or both."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from desktop.actions import BY_ID, ActionSet
from engine.api import tr

MODES = {
    "words": (tr("Words"), "texts.by_words", tr("Search the words of all texts")),
    "meaning": (
        tr("Meaning"),
        "texts.by_meaning",
        tr("Say in your own words what the texts are about"),
    ),
    "both": (tr("Both"), "texts.by_both", tr("Search by words and meaning")),
}
"""Each way to search: its word, its command, and what the empty search field says."""


class SearchMode(QWidget):
    """Three small buttons, one of which is down."""

    changed = Signal()

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("texts.search_mode")
        self.setAccessibleName(tr("What the search goes by"))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for mode, (word, action, _) in MODES.items():
            button = QPushButton(word, self)
            button.setObjectName(f"texts.search_{mode}")
            button.setProperty("role", "quiet")
            button.setCheckable(True)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setAccessibleName(BY_ID[action].words)
            button.setToolTip(actions.tooltip(action))
            self._group.addButton(button)
            self._buttons[mode] = button
            row.addWidget(button)
        self._buttons["words"].setChecked(True)
        self._group.buttonToggled.connect(self._toggled)

    @property
    def mode(self) -> str:
        """The way that is chosen, a key of `MODES`."""
        return next(mode for mode, button in self._buttons.items() if button.isChecked())

    def choose(self, mode: str) -> None:
        """Choose a way as if its button had been pressed; an unknown one is "words"."""
        self._buttons.get(mode, self._buttons["words"]).setChecked(True)

    def _toggled(self, _: QPushButton, down: bool) -> None:
        if down:
            self.changed.emit()
