"""One piece of long work in the strip: words, a bar, a switch, and a cross that ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from desktop.widgets.buttons import IconButton
from engine.api import tr

STEPS = 1000


@dataclass(frozen=True, slots=True)
class Switch:
    """What has work wait, or go on: an icon, its words, and what it does."""

    icon: str
    words: str
    act: Callable[[], object]


class ProgressItem(QWidget):
    """Shows one job, import or download while it lasts."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cancel: Callable[[], object] | None = None
        self._words = QLabel()
        self._words.setProperty("role", "muted")
        self._bar = QProgressBar(textVisible=False, accessibleName=tr("Progress"))
        self._bar.setRange(0, STEPS)
        self._bar.setFixedWidth(96)
        self._switch: Switch | None = None
        self._switch_button = IconButton(theme, "pause", tr("Pause"), self.switch)
        self._switch_button.setObjectName("strip.progress.switch")
        self._switch_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._switch_button.hide()
        self._cross = IconButton(theme, "close", tr("Cancel"), self.cancel)
        self._cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(self._words)
        line.addWidget(self._bar)
        line.addWidget(self._switch_button)
        line.addWidget(self._cross)

    def show_progress(
        self,
        words: str,
        fraction: float | None,
        cancel: Callable[[], object] | None,
        switch: Switch | None = None,
    ) -> None:
        """Show how far it is; `fraction` 0 to 1, or None while nobody knows."""
        self._words.setText(words)
        self.setAccessibleName(words)
        if fraction is None:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, STEPS)
            self._bar.setValue(round(STEPS * min(1.0, max(0.0, fraction))))
        self._cancel = cancel
        self._cross.setVisible(cancel is not None)
        self._switch = switch
        self._switch_button.setVisible(switch is not None)
        if switch is not None:
            self._switch_button.show_as(switch.icon, switch.words)

    def switch(self) -> None:
        """Have the work wait, or go on."""
        if self._switch is not None:
            self._switch.act()

    def cancel(self) -> None:
        """Do what the cross does, once."""
        if self._cancel is not None:
            self._cross.setEnabled(False)
            self._cancel()
