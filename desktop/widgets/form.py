"""Pieces of a form: a dialog's frame, captions, notes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.theme.style import GRID
from desktop.widgets.line import hairline
from engine.api import tr


class FormDialog(QDialog):
    """A dialog with a title, a body to fill, and two buttons at its foot.

    It is opened, never executed: the program goes on behind it.
    """

    def __init__(
        self, name: str, title: str, agree: str, parent: QWidget, width: int = 640
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.setModal(True)
        self.finished.connect(self.deleteLater)
        heading = QLabel(title)
        heading.setProperty("role", "title")
        self.body = QVBoxLayout()
        self.body.setSpacing(GRID)
        self.note = QLabel(objectName=f"{name}.note", wordWrap=True)
        self.note.setProperty("role", "danger")
        self.agree = QPushButton(agree, objectName=f"{name}.agree", default=True)
        self.agree.setProperty("role", "primary")
        self.agree.setAccessibleName(agree)
        self.refuse = QPushButton(tr("Cancel"), objectName=f"{name}.cancel", autoDefault=False)
        self.refuse.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.refuse.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.refuse)
        foot.addWidget(self.agree)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(heading)
        column.addLayout(self.body, 1)
        column.addWidget(hairline())
        column.addLayout(foot)

    def say(self, sentence: str) -> None:
        """Say why it cannot go on, or nothing."""
        self.note.setText(sentence)


def caption(words: str, field: QWidget | None = None, note: str = "") -> QWidget:
    """Return a caption for `field` (its buddy and accessible name), with a quiet note below."""
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    label = QLabel(words)
    label.setProperty("role", "caption")
    column.addWidget(label)
    if note:
        small = QLabel(note, wordWrap=True)
        small.setProperty("role", "small")
        column.addWidget(small)
    if field is not None:
        label.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(words)
    return frame
