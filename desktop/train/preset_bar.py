"""Three ways to train, in plain words; each is nothing but settings that can be seen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.api import PRESETS, tr

_TITLES = {"quick": tr("Quick look"), "balanced": tr("Balanced"), "thorough": tr("Thorough")}
_OWN = tr("Your own settings.")


class PresetBar(QWidget):
    """One of the presets is chosen, or none where the settings are a person's own."""

    chosen = Signal(str)

    def __init__(self, method: str, notes: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notes = notes
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout()
        row.setSpacing(8)
        for preset in PRESETS:
            button = QPushButton(_TITLES[preset], self)
            button.setObjectName(f"train.{method}.preset.{preset}")
            button.setAccessibleDescription(notes[preset])
            button.setToolTip(notes[preset])
            button.setCheckable(True)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _, preset=preset: self.chosen.emit(preset))
            self._group.addButton(button)
            self._buttons[preset] = button
            row.addWidget(button, 1)
        self._note = QLabel(self)
        self._note.setProperty("role", "small")
        self._note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self._note)

    def show_preset(self, preset: str) -> None:
        """Mark the preset that the settings are those of; "" is none."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == preset)
        self._group.setExclusive(True)
        self._note.setText(self._notes.get(preset, _OWN))
