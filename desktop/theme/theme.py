"""The theme that all widgets are drawn with, and its switch between light and dark.

Widgets that paint themselves ask `token` at every paint and repaint on `changed`; everything else
follows the style sheet.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QDir, QObject, QSettings, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from desktop.theme import fonts
from desktop.theme.icons import Icons
from desktop.theme.style import palette, style_sheet
from desktop.theme.tokens import DARK, LIGHT, Tokens, contrast

CHOICES = ("system", "light", "dark")


class Theme(QObject):
    """Light, dark, or as the system has it; the choice is remembered in `settings`."""

    changed = Signal()

    def __init__(self, application: QApplication, settings: QSettings) -> None:
        super().__init__(application)
        fonts.load_fonts()
        self._application = application
        self._settings = settings
        self._icons = Icons()
        self._images = QTemporaryDir(f"{QDir.tempPath()}/glossator-theme-XXXXXX")
        self._applied: Tokens | None = None
        stored = str(settings.value("theme", "system"))
        self.choice = stored if stored in CHOICES else "system"
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._apply)
        application.setStyle("Fusion")
        application.setFont(fonts.interface_font())
        self._apply()

    @property
    def tokens(self) -> Tokens:
        """The colours in use."""
        return DARK if self.dark else LIGHT

    @property
    def dark(self) -> bool:
        """Whether the window is dark now."""
        if self.choice == "system":
            return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return self.choice == "dark"

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing should move: the system asks for it, or the environment does."""
        if os.environ.get("GLOSSATOR_REDUCED_MOTION"):
            return True
        return not QApplication.isEffectEnabled(Qt.UIEffect.UI_General)

    def set_choice(self, choice: str) -> None:
        """Take "light", "dark" or "system" from now on (ValueError for anything else)."""
        if choice not in CHOICES:
            raise ValueError(f"no such theme: {choice!r}")
        self.choice = choice
        self._settings.setValue("theme", choice)
        self._apply()

    def token(self, name: str) -> QColor:
        """Return the colour of a role, such as "accent" (AttributeError if there is none)."""
        return QColor(getattr(self.tokens, name))

    def css(self, name: str) -> str:
        """Return the colour of a role as ``#rrggbb``."""
        value: str = getattr(self.tokens, name)
        return value

    def icon(self, name: str, token: str = "text_muted") -> QIcon:
        """Return a Material Design icon ("tag-outline") in the colour of a role.

        Ask again on `changed`: an icon keeps the colour it was made with.
        """
        return self._icons.icon(name, self.token(token), self.token("line_strong"))

    def interface_font(
        self, size: int = fonts.INTERFACE_SIZE, weight: QFont.Weight = QFont.Weight.Normal
    ) -> QFont:
        """Return the interface face; `size` in pixels."""
        return fonts.interface_font(size, weight)

    def reading_font(self, size: int = fonts.READING_SIZE) -> QFont:
        """Return the face for the texts one reads; `size` in pixels."""
        return fonts.reading_font(size)

    def ink_on(self, ground: QColor) -> QColor:
        """Return black or white, whichever reads better on `ground` (a label's colour, say)."""
        name = ground.name()
        return QColor(max("#14161a", "#ffffff", key=lambda ink: contrast(ink, name)))

    def tint(self, color: QColor, strength: float = 0.16) -> QColor:
        """Mix `color` into the raised surface; 0 is the surface itself, 1 the colour."""
        under = self.token("surface_raised")
        return QColor(
            *(
                round(a + (b - a) * strength)
                for a, b in (
                    (under.red(), color.red()),
                    (under.green(), color.green()),
                    (under.blue(), color.blue()),
                )
            )
        )

    def close(self) -> None:
        """Let go of the application and of the files on disk."""
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._apply)
        self._images.remove()
        self.deleteLater()

    def _apply(self) -> None:
        if self.tokens is self._applied:
            return
        self._applied = self.tokens
        folder = Path(self._images.path())
        images = {
            key: self._icons.write(name, self.token(token), folder)
            for key, (name, token) in {
                "down": ("chevron-down", "text_muted"),
                "up": ("chevron-up", "text_muted"),
                "right": ("chevron-right", "text_muted"),
                "check": ("check-bold", "accent_text"),
                "some": ("minus-thick", "accent_text"),
            }.items()
        }
        self._application.setPalette(palette(self.tokens))
        self._application.setStyleSheet(style_sheet(self.tokens, images))
        self.changed.emit()
