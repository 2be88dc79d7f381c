"""The licences of everything in the program: what it is made of, and the text of each part."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from desktop.widgets.line import hairline
from desktop.widgets.overlay import Overlay
from engine.api import tr

WIDTH = 900
LIST_WIDTH = 250
HEIGHT = 520  # of list and text, where the window has so much

FROM_SOURCE = tr(
    "The licences of everything Glossator is made of are listed in the installed program. This one "
    "runs from its source, and each library's licence lies beside it in the environment."
)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that the program brings along."""

    title: str
    """Name and version."""
    licence: str
    text: str
    """A note, if there is one, and all texts of licences and notices."""


def read_parts() -> tuple[Part, ...]:
    """Return what the installed program lists; () where it runs from its source.

    The list is written when an installer is built (packaging/glossator_installer/licences.py).
    """
    try:
        stored = json.loads(
            files("resources").joinpath("licences.json").read_text(encoding="utf-8")
        )
    except FileNotFoundError:
        return ()
    return tuple(
        Part(
            title=f"{entry['name']} {entry['version']}".strip(),
            licence=entry["licence"],
            text="\n\n\n".join(
                [entry["note"]] * bool(entry["note"])
                + [stored["texts"][text["text"]].strip("\n") for text in entry["texts"]]
            ),
        )
        for entry in stored["components"]
    )


class LicencesCard(Overlay):
    """A list of the parts, and the text of the one that is current; read when it opens first."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, WIDTH)
        self.setObjectName("licences")
        self.setAccessibleName(tr("Licences of everything in it"))
        self._parts: tuple[Part, ...] = ()
        heading = QLabel(tr("Licences of everything in it"))
        heading.setProperty("role", "heading")
        self._missing = QLabel(FROM_SOURCE, objectName="licences.missing", wordWrap=True)
        self._list = QListWidget(
            objectName="licences.list", accessibleName=tr("Parts of the program")
        )
        self._list.setFixedWidth(LIST_WIDTH)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.currentRowChanged.connect(self._show)
        self._licence = QLabel(objectName="licences.licence", wordWrap=True)
        self._licence.setProperty("role", "muted")
        self._text = QPlainTextEdit(
            objectName="licences.text", accessibleName=tr("Text of the licence"), readOnly=True
        )
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        right = QVBoxLayout()
        right.setSpacing(GRID)
        right.addWidget(self._licence)
        right.addWidget(self._text, 1)
        self._columns = QWidget()
        columns = QHBoxLayout(self._columns)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(2 * GRID)
        columns.addWidget(self._list)
        columns.addLayout(right, 1)
        self.body.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        self.body.setSpacing(GRID)
        for widget in (heading, hairline(), self._missing, self._columns):
            self.body.addWidget(widget)

    def open_over(self) -> None:
        """Show the first part, or say where the list is to be found."""
        if not self._parts:
            self._parts = read_parts()
            self._list.addItems([part.title for part in self._parts])
        self._missing.setVisible(not self._parts)
        self._columns.setVisible(bool(self._parts))
        self._columns.setFixedHeight(min(HEIGHT, self.room() - 12 * GRID))
        self._list.setCurrentRow(0)
        super().open_over()
        self.fit()
        if self._parts:
            self._list.setFocus()

    def _show(self, row: int) -> None:
        part = self._parts[row] if row >= 0 else Part("", "", "")
        self._licence.setText(part.licence)
        self._text.setPlainText(part.text)
