"""The first thing one sees without a project: three doors, and the projects of last time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import ActionSet
from desktop.preferences import forget_project, recent_projects
from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from desktop.widgets.buttons import IconButton
from desktop.widgets.elided_label import ElidedLabel
from engine.api import tr, trc

WIDTH = 780
HEIGHT = 168  # of a door, in pixels

DOORS = (
    (
        "project.sample",
        "school-outline",
        tr("Open the sample project"),
        tr("2,000 invented letters to an insurer. Label, train and inspect in ten minutes."),
    ),
    (
        "project.new",
        "file-plus-outline",
        tr("New project from my texts"),
        tr("Name your labels and bring in a CSV or JSONL file. Nothing leaves this computer."),
    ),
    (
        "project.open",
        "folder-open-outline",
        tr("Open a project"),
        tr("Go on with a project file that is already on your disk."),
    ),
)


class StartPage(QScrollArea):
    """Asks what to open."""

    open_project = Signal(object)
    """The Path of a recent project."""

    def __init__(
        self, theme: Theme, actions: ActionSet, settings: QSettings, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._settings = settings
        self.setObjectName("start")
        self.setAccessibleName(trc("a page", "Start"))
        self.setWidgetResizable(True)
        page = QWidget()
        page.setProperty("role", "page")
        self.setWidget(page)
        inside = QWidget()
        inside.setMaximumWidth(WIDTH)
        outer = QHBoxLayout(page)
        outer.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        outer.addStretch(1)
        outer.addWidget(inside, 100)
        outer.addStretch(1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addStretch(2)
        name = QLabel("Glossator", objectName="start.title")
        name.setFont(theme.reading_font(40))
        name.setProperty("role", "wordmark")
        column.addWidget(name)
        line = QLabel(
            tr(
                "Label your own texts, train a model from the labels, and see what it gets wrong. "
                "All of it on this computer."
            ),
            wordWrap=True,
        )
        line.setProperty("role", "lead")
        column.addWidget(line)
        column.addSpacing(3 * GRID)
        doors = QGridLayout()
        doors.setSpacing(2 * GRID)
        for number, (id, icon, title, words) in enumerate(DOORS):
            doors.addWidget(_Door(theme, actions, id, icon, title, words), 0, number)
            doors.setColumnStretch(number, 1)
        column.addLayout(doors)
        column.addSpacing(3 * GRID)
        self._recent_title = QLabel(tr("Recent projects"))
        self._recent_title.setProperty("role", "small")
        column.addWidget(self._recent_title)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        column.addLayout(self._recent)
        hint = QLabel(
            tr("You can also drop a file with texts, or a project, anywhere on this window.")
        )
        hint.setProperty("role", "small")
        column.addSpacing(2 * GRID)
        column.addWidget(hint)
        column.addStretch(3)
        self.refresh()

    def refresh(self) -> None:
        """Read the recent projects again."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        paths = recent_projects(self._settings)
        self._recent_title.setVisible(bool(paths))
        for path in paths:
            row = _Recent(self._theme, path)
            row.open_button.clicked.connect(
                lambda _checked=False, path=path: self.open_project.emit(path)
            )
            row.forget_button.clicked.connect(lambda _checked=False, path=path: self._forget(path))
            self._recent.addWidget(row)

    def _forget(self, path: Path) -> None:
        forget_project(self._settings, path)
        self.refresh()


class _Door(QPushButton):
    """A large button: icon, title, a sentence."""

    def __init__(
        self, theme: Theme, actions: ActionSet, id: str, icon: str, title: str, words: str
    ) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self.setObjectName(f"start.{id}")
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setProperty("role", "door")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._icon = QLabel()
        heading = QLabel(title, wordWrap=True)
        heading.setProperty("role", "heading")
        sentence = QLabel(words, wordWrap=True)
        sentence.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        for label in (self._icon, heading, sentence):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        column.setStretchFactor(sentence, 1)
        self.clicked.connect(lambda: actions.trigger(id))
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self._icon.setPixmap(self._theme.icon(self._icon_name, "accent").pixmap(28, 28))


class _Recent(QFrame):
    """A project of last time: open it, or take it off the list."""

    def __init__(self, theme: Theme, path: Path) -> None:
        super().__init__()
        self.open_button = QPushButton(objectName=f"start.recent.{path.stem}")
        self.open_button.setProperty("role", "row")
        self.open_button.setAccessibleName(tr("Open {project}", project=path.stem))
        self.open_button.setCursor(Qt.CursorShape.PointingHandCursor)
        inside = QHBoxLayout(self.open_button)
        inside.setContentsMargins(GRID, 0, GRID, 0)
        name = QLabel(path.stem)
        place = ElidedLabel(_homely(path.parent), mode=Qt.TextElideMode.ElideMiddle)
        place.setProperty("role", "small")
        for label in (name, place):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside.addWidget(name)
        inside.addSpacing(GRID)
        inside.addWidget(place, 1)
        self.forget_button = IconButton(theme, "close", tr("Take off this list"))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.open_button, 1)
        line.addWidget(self.forget_button)


def _homely(folder: Path) -> str:
    """Return the folder with the home folder as ``~``."""
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
