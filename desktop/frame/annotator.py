"""Asking who is labelling."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from desktop.bridge import Bridge
from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from desktop.widgets.overlay import Overlay
from engine.api import SetAnnotator, tr, trc


class AnnotatorCard(Overlay):
    """A card with one field."""

    def __init__(self, theme: Theme, parent: QWidget, bridge: Bridge) -> None:
        super().__init__(theme, parent, 420)
        self._bridge = bridge
        self.setObjectName("annotator")
        self.setAccessibleName(tr("Who is labelling"))
        heading = QLabel(tr("Who is labelling?"))
        heading.setProperty("role", "heading")
        words = QLabel(tr("The name is kept with every label from now on."), wordWrap=True)
        words.setProperty("role", "muted")
        self.field = QLineEdit(objectName="annotator.name", accessibleName=tr("Name"))
        self.field.returnPressed.connect(self._keep)
        keep = QPushButton(trc("a name", "Keep"), objectName="annotator.keep")
        keep.setProperty("role", "primary")
        keep.clicked.connect(self._keep)
        line = QHBoxLayout()
        line.addWidget(self.field, 1)
        line.addWidget(keep)
        self.body.setSpacing(GRID)
        self.body.addWidget(heading)
        self.body.addWidget(words)
        self.body.addLayout(line)

    def ask(self) -> None:
        """Show the card with the name as it is."""
        project = self._bridge.project
        self.field.setText(project.annotator if project else "")
        self.open_over()
        self.field.setFocus()
        self.field.selectAll()

    def _keep(self) -> None:
        name = self.field.text().strip()
        self.close_over()
        if name:
            self._bridge.send(SetAnnotator(name))
