"""The line above the view: which project, which view, and the way to everything else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.actions import ActionSet
from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from desktop.widgets.buttons import IconButton
from desktop.widgets.elided_label import ElidedLabel
from engine.api import tr

HEIGHT = 56


class Header(QFrame):
    """Project and view at the left; search, undo and colours at the right."""

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions = actions
        self.setObjectName("header")
        self.setFixedHeight(HEIGHT)
        self._project = QLabel(objectName="header.project", accessibleName=tr("Project"))
        self._project.setProperty("role", "heading")
        self._view = ElidedLabel()
        self._view.setObjectName("header.view")
        self._view.setProperty("role", "muted")
        self._search = QPushButton(objectName="header.search")
        self._search.setProperty("role", "field")
        self._search.setAccessibleName(tr("Search texts and commands"))
        self._search.setCursor(Qt.CursorShape.PointingHandCursor)
        self._search.setFixedWidth(280)
        inside = QHBoxLayout(self._search)
        inside.setContentsMargins(10, 0, 10, 0)
        self._glass = QLabel()
        words = QLabel(tr("Search texts and commands"))
        words.setProperty("role", "muted")
        key = QLabel(actions.key_words("app.palette"))
        key.setProperty("role", "small")
        for label in (self._glass, words, key):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside.addWidget(self._glass)
        inside.addWidget(words, 1)
        inside.addWidget(key)
        self._search.clicked.connect(lambda: actions.trigger("app.palette"))
        self._undo = IconButton(theme, "undo", tr("Undo"), lambda: actions.trigger("edit.undo"))
        self._undo.setObjectName("header.undo")
        self._redo = IconButton(theme, "redo", tr("Redo"), lambda: actions.trigger("edit.redo"))
        self._redo.setObjectName("header.redo")
        self._light = IconButton(
            theme, "circle-half-full", tr("Light or dark colours"), self._switch
        )
        self._light.setObjectName("header.theme")
        line = QHBoxLayout(self)
        line.setContentsMargins(3 * GRID, GRID, 2 * GRID, GRID)
        line.setSpacing(GRID)
        line.addWidget(self._project)
        line.addWidget(self._view, 1)
        line.addWidget(self._search)
        line.addSpacing(GRID)
        line.addWidget(self._undo)
        line.addWidget(self._redo)
        line.addWidget(self._light)
        theme.changed.connect(self._draw)
        self._draw()

    def show_place(self, project: str, path: str, view: str) -> None:
        """Show the project's name (its path as tooltip) and the view's title."""
        self._project.setText(project)
        self._project.setToolTip(path)
        self._view.setText(view)

    def show_undo(self, undo: str, redo: str) -> None:
        """Show what undo and redo would do; "" where there is nothing."""
        keys = [self._actions.key_words(id) for id in ("edit.undo", "edit.redo")]
        self._undo.setEnabled(bool(undo))
        self._undo.setToolTip(
            tr("Undo: {step}  ({key})", step=undo, key=keys[0]) if undo else tr("Nothing to undo")
        )
        self._redo.setEnabled(bool(redo))
        self._redo.setToolTip(
            tr("Redo: {step}  ({key})", step=redo, key=keys[1]) if redo else tr("Nothing to redo")
        )

    def _switch(self) -> None:
        self._theme.set_choice("light" if self._theme.dark else "dark")

    def _draw(self) -> None:
        self._glass.setPixmap(self._theme.icon("magnify").pixmap(16, 16))
