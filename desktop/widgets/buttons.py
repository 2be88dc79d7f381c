"""Buttons that follow a command of the table, and buttons that are only an icon."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from desktop.actions import BY_ID, ActionSet
from desktop.theme.theme import Theme


class ActionButton(QPushButton):
    """A button for a command: its words, icon, tooltip, and on or off as the command is.

    `role` "primary", "quiet" or "danger" as in the style sheet; `words` replace the command's.
    """

    def __init__(
        self,
        actions: ActionSet,
        id: str,
        role: str = "",
        words: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words or BY_ID[id].words, parent)
        self._actions = actions
        self._id = id
        self._action = actions.qaction(id)
        self.setObjectName(f"button.{id}")
        self.setAccessibleName(words or BY_ID[id].words)
        self.setAccessibleDescription(BY_ID[id].help)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if role:
            self.setProperty("role", role)
        self.clicked.connect(self._run)
        self._action.changed.connect(self._follow)
        actions.theme.changed.connect(self._draw)
        self._follow()
        self._draw()

    def _run(self) -> None:
        self._actions.trigger(self._id)

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._actions.tooltip(self._id))

    def _draw(self) -> None:
        if BY_ID[self._id].icon:
            role = self.property("role")
            token = {"primary": "accent_text", "danger": "danger"}.get(role, "text_muted")
            self.setIcon(self._actions.theme.icon(BY_ID[self._id].icon, token))
            self.setIconSize(QSize(16, 16))


class IconButton(QToolButton):
    """A quiet button with an icon only; `words` are its tooltip and its accessible name."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        words: str,
        clicked: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self.setProperty("role", "quiet")
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(QSize(18, 18))
        if clicked is not None:
            self.clicked.connect(lambda: clicked())
        theme.changed.connect(self._draw)
        self._draw()

    def show_as(self, icon: str, words: str) -> None:
        """Show another icon with other words: the button does something else by now."""
        if icon != self._icon:
            self._icon = icon
            self.setToolTip(words)
            self.setAccessibleName(words)
            self._draw()

    def _draw(self) -> None:
        self.setIcon(self._theme.icon(self._icon))
