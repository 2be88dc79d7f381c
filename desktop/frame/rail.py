"""The rail at the left: the six views, the menu, and help."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QMenu, QToolButton, QVBoxLayout, QWidget

from desktop.actions import BY_ID, VIEWS, ActionSet
from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from engine.api import tr

WIDTH = 80
MARGIN = 4  # at the sides of a button


class Rail(QFrame):
    """Shows which view is open and asks for another."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, actions: ActionSet, menu: QMenu, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._buttons: dict[str, QToolButton] = {}
        self.setObjectName("rail")
        self.setAccessibleName(tr("Views"))
        self.setProperty("role", "sunken")
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GRID, MARGIN, GRID)
        column.setSpacing(4)
        self._menu_button = self._make("rail.menu", tr("Menu"), tr("All commands by menu"))
        self._menu_button.setMenu(menu)
        self._menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        column.addWidget(self._menu_button)
        column.addSpacing(GRID)
        group = QButtonGroup(self)
        for view in VIEWS:
            id = f"go.{view}"
            button = self._make(f"rail.{view}", BY_ID[id].words, actions.tooltip(id))
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, view=view: self.chosen.emit(view))
            button.toggled.connect(self._draw)
            group.addButton(button)
            self._buttons[view] = button
            column.addWidget(button)
        column.addStretch(1)
        self._help = self._make("rail.help", tr("Help"), actions.tooltip("app.help"))
        self._help.clicked.connect(lambda: actions.trigger("app.help"))
        column.addWidget(self._help)
        theme.changed.connect(self._draw)
        self._draw()

    def show_view(self, view: str) -> None:
        """Mark `view` as the one that is open."""
        self._buttons[view].setChecked(True)

    def _make(self, name: str, words: str, tip: str) -> QToolButton:
        button = QToolButton(objectName=name, text=words, toolTip=tip, accessibleName=words)
        button.setProperty("role", "rail")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(22, 22))
        button.setFixedSize(WIDTH - 2 * MARGIN, 56)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def _draw(self) -> None:
        self._menu_button.setIcon(self._theme.icon("menu"))
        self._help.setIcon(self._theme.icon("help-circle-outline"))
        for view, button in self._buttons.items():
            token = "accent" if button.isChecked() else "text_muted"
            button.setIcon(self._theme.icon(BY_ID[f"go.{view}"].icon, token))
