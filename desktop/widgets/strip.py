"""The line at the bottom: what is saved, how far it is, what is running, and what went wrong.

It takes the place of message boxes: nothing here stops anybody from working.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.line import hairline
from desktop.widgets.message_banner import MessageBanner
from desktop.widgets.progress_item import ProgressItem, Switch
from engine.api import tr

HEIGHT = 36  # pixels
INFO_STAYS = 8000  # milliseconds

MessageAction = tuple[str, Callable[[], object]]


class StatusStrip(QWidget):
    """The strip; views use it as `desktop.widgets.view.Strip`."""

    message_shown = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._progress: dict[str, ProgressItem] = {}
        self._action: Callable[[], object] | None = None
        self.setObjectName("strip")
        self.setAccessibleName(tr("Status"))
        self.banner = MessageBanner(theme)
        self.banner.hide()

        self._saved = QLabel(objectName="strip.saved", accessibleName=tr("Whether all is saved"))
        self._counts = QLabel(objectName="strip.counts", accessibleName=tr("Progress of labelling"))
        self._counts.setProperty("role", "muted")
        self._message = ElidedLabel()
        self._message.setObjectName("strip.message")
        self._message.setAccessibleName(tr("Message"))
        self._button = QPushButton(objectName="strip.action")
        self._button.setProperty("role", "quiet")
        self._button.clicked.connect(self._act)
        self._button.hide()
        self._running = QHBoxLayout()
        self._running.setSpacing(2 * GRID)

        bar = QFrame(objectName="strip.bar")
        bar.setProperty("role", "sunken")
        bar.setFixedHeight(HEIGHT)
        line = QHBoxLayout(bar)
        line.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        line.setSpacing(2 * GRID)
        line.addWidget(self._saved)
        line.addWidget(self._counts)
        line.addWidget(self._message, 1)
        line.addWidget(self._button)
        line.addLayout(self._running)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(hairline())
        column.addWidget(bar)

        self._fade = QTimer(self, singleShot=True, interval=INFO_STAYS)
        self._fade.timeout.connect(self.clear_message)
        theme.changed.connect(self._draw_saved)
        self._unsaved = False
        self._draw_saved()
        self.show_counts("")

    def show_message(
        self,
        sentence: str,
        details: str = "",
        kind: str = "info",
        action: MessageAction | None = None,
    ) -> None:
        """Show one sentence: "info" goes by itself, "error" stays until it is dismissed.

        `details` can be unfolded. `action` is the words of a button and what it does.
        """
        if kind == "error" or details:
            self.banner.show_message(sentence, details, kind, action)
        else:
            self._message.setText(sentence)
            self._action = action[1] if action else None
            self._button.setText(action[0] if action else "")
            self._button.setAccessibleName(action[0] if action else "")
            self._button.setVisible(action is not None)
            self._fade.start()
        self.message_shown.emit(sentence)

    def clear_message(self) -> None:
        """Take the passing message away."""
        self._fade.stop()
        self._message.setText("")
        self._button.hide()
        self._action = None

    def hideEvent(self, event: QHideEvent) -> None:
        self._fade.stop()  # nobody sees the message any more
        super().hideEvent(event)

    def show_progress(
        self,
        key: str,
        words: str,
        fraction: float | None,
        cancel: Callable[[], object] | None = None,
        switch: Switch | None = None,
    ) -> None:
        """Show long work under `key`; `fraction` 0 to 1, or None while unknown."""
        item = self._progress.get(key)
        if item is None:
            item = ProgressItem(self._theme)
            item.setObjectName(f"strip.progress.{key}")
            self._progress[key] = item
            self._running.addWidget(item)
        item.show_progress(words, fraction, cancel, switch)

    def end_progress(self, key: str) -> None:
        """Take long work away again; nothing happens if there is none under `key`."""
        item = self._progress.pop(key, None)
        if item is not None:
            self._running.removeWidget(item)
            item.hide()
            item.deleteLater()

    def end_all(self) -> None:
        """Take everything away: another project."""
        for key in list(self._progress):
            self.end_progress(key)
        self.clear_message()
        self.show_counts("")

    def show_saved(self, saved: bool) -> None:
        """Say whether every change is on disk."""
        self._unsaved = not saved
        self._draw_saved()

    def show_counts(self, words: str) -> None:
        """Say how far the labelling is; "" hides it and "saved" with it."""
        self._counts.setText(words)
        self._counts.setVisible(bool(words))
        self._saved.setVisible(bool(words))

    def _draw_saved(self) -> None:
        color, words = ("warning", tr("saving")) if self._unsaved else ("ok", tr("saved"))
        self._saved.setText(f'<span style="color:{self._theme.css(color)}">●</span> {words}')

    def _act(self) -> None:
        action = self._action
        self.clear_message()
        if action is not None:
            action()
