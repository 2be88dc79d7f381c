"""Facts one under the other: what it is on the left, its value on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.models.words import Fact
from engine.api import tr

_WIDTH = 160  # pixels of the left column


class FactList(QScrollArea):
    """A list that scrolls where it is too long; values can be selected and copied.

    `inset` is its left margin in pixels.
    """

    def __init__(
        self, name: str, words: str, parent: QWidget | None = None, inset: int = 8
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._facts: tuple[Fact, ...] = ()
        page = QWidget()
        page.setProperty("role", "page")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnMinimumWidth(0, _WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        column = QVBoxLayout(page)
        column.setContentsMargins(inset, 12, 16, 16)
        column.setSpacing(16)
        column.addLayout(self._grid)
        column.addLayout(self._buttons)
        column.addStretch(1)
        self.setWidget(page)

    def set_facts(self, facts: Sequence[Fact]) -> None:
        """Show these facts; those without a value are left out."""
        shown = tuple(fact for fact in facts if fact.value)
        if shown == self._facts:
            return
        self._facts = shown
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        middle = Qt.AlignmentFlag.AlignVCenter
        for row, fact in enumerate(shown):
            self._grid.addWidget(_left(fact), row, 0, middle)
            self._grid.addWidget(_right(fact), row, 1, middle)

    def add_button(self, button: QPushButton) -> None:
        """Add a button below the facts."""
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        return self._facts


def _left(fact: Fact) -> QLabel:
    label = QLabel(fact.words)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    if fact.technical:
        label.setToolTip(tr("In manuals and on the command line: {name}", name=fact.technical))
    return label


def _right(fact: Fact) -> QWidget:
    if fact.copied:
        # A path or a hash cannot be wrapped like words; here it scrolls, and is copied exactly.
        field = QLineEdit(fact.value)
        field.setReadOnly(True)
        field.setCursorPosition(0)
        field.setToolTip(fact.value)
        field.setAccessibleName(fact.words)
        return field
    label = QLabel(fact.value)
    label.setAccessibleName(f"{fact.words}: {fact.value}")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    return label
