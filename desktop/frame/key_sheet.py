"""All keys of the view that is open, on one card (?)."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.actions import ACTIONS, Action, lies_in
from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from desktop.widgets.line import hairline
from desktop.widgets.overlay import Overlay
from engine.api import LabelInfo, tr

WIDTH = 860


def keys_of(action: Action, place: str) -> str:
    """Return the action's keys in `place` as this system writes them: "Z, Ctrl+Z"."""
    return ", ".join(
        QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        for key in action.keys(place)
    )


class KeySheet(Overlay):
    """Made from the table of commands and the labels each time it opens."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, WIDTH)
        self.setObjectName("keys")
        self.setAccessibleName(tr("All keys"))
        self._area = QScrollArea(widgetResizable=True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.setContentsMargins(3 * GRID, 3 * GRID, 2 * GRID, 2 * GRID)
        self.body.addWidget(self._area)

    def show_keys(self, place: str, title: str, labels: Iterable[LabelInfo]) -> None:
        """Show the keys of `place` (a view, or a place in it) and of `labels`."""
        content = QWidget()
        content.setProperty("role", "raised")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, GRID, GRID)
        column.setSpacing(GRID)
        heading = QLabel(tr("Keys in {view}", view=title) if title else tr("Keys"))
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        column.addWidget(hairline())
        here = [
            (keys_of(action, place), action.words)
            for action in ACTIONS
            if action.keys(place) and (action.view or action.letters)
        ]
        everywhere = [
            (keys_of(action, place), action.words)
            for action in ACTIONS
            if action.keys(place) and not action.view and not action.letters
        ]
        given = [(label.key.upper(), label.name) for label in labels if label.key][:24]
        columns = QHBoxLayout()
        columns.setSpacing(4 * GRID)
        if given and any(lies_in(place, view) for view in ("annotate", "inspect", "texts")):
            columns.addLayout(_table(tr("Labels"), given), 2)
        columns.addLayout(_table(title or tr("Here"), here), 3)
        columns.addLayout(_table(tr("Everywhere"), everywhere), 3)
        column.addLayout(columns)
        self._area.setWidget(content)
        height = content.sizeHint().height() + 2
        self._area.setFixedHeight(min(height, self.room() - 5 * GRID))
        self.open_over()
        # Words and names of keys are longer in some languages than in others.
        self.fit(max(WIDTH, content.sizeHint().width() + 8 * GRID))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Any key puts the sheet away."""
        self.close_over()


def _table(title: str, rows: list[tuple[str, str]]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(GRID)
    heading = QLabel(title)
    heading.setProperty("role", "small")
    column.addWidget(heading)
    grid = QGridLayout()
    grid.setHorizontalSpacing(2 * GRID)
    grid.setVerticalSpacing(6)
    for number, (key, words) in enumerate(rows):
        key_label = QLabel(key)
        key_label.setProperty("role", "key")
        words_label = QLabel(words)
        grid.addWidget(key_label, number, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(words_label, number, 1)
    grid.setColumnStretch(1, 1)
    column.addLayout(grid)
    column.addStretch(1)
    return column
