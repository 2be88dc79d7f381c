"""One card a method: what it is called, what it is for, and which one is suggested."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.method_words import METHOD_WORDS, MethodWords
from engine.api import tr


class MethodCards(QWidget):
    """One of the methods is chosen, as soon as there are any."""

    chosen = Signal(str)
    """A person chose this method."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._cards: dict[str, _Card] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def set_methods(self, methods: Sequence[str]) -> None:
        """Offer these methods; the first is chosen if none of the former is among them."""
        if tuple(methods) == tuple(self._cards):
            return
        before = self.method()
        for card in self._cards.values():
            self._group.removeButton(card.choice)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = {}
        for method in methods:
            card = _Card(method, METHOD_WORDS[method], self)
            card.choice.clicked.connect(lambda _, method=method: self.chosen.emit(method))
            self._group.addButton(card.choice)
            self._column.addWidget(card)
            self._cards[method] = card
        if methods:
            self.choose(before if before in self._cards else methods[0])

    def method(self) -> str:
        """The chosen method, "" if there are none."""
        return next((name for name, card in self._cards.items() if card.choice.isChecked()), "")

    def choose(self, method: str) -> None:
        """Choose a method without saying that a person did; one that is not offered is ignored."""
        if method in self._cards:
            self._cards[method].choice.setChecked(True)

    def suggest(self, method: str | None) -> None:
        """Say with one card that its method is the one for the labels at hand."""
        for name, card in self._cards.items():
            card.suggest(name == method)


class _Card(QFrame):
    """A click anywhere on it chooses the method."""

    def __init__(self, method: str, words: MethodWords, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.choice = QRadioButton(words.title, self)
        self.choice.setObjectName(f"train.method.{method}")
        self.choice.setAccessibleDescription(words.purpose)
        self._words = words
        self._suggested = QLabel(tr("suggested"), self)
        self._suggested.setObjectName(f"train.suggested.{method}")
        self._suggested.setProperty("role", "ok")
        self._suggested.setToolTip(tr("The method for the labels you have."))
        self._suggested.hide()
        technical = QLabel(words.technical, self)
        technical.setProperty("role", "technical")
        purpose = QLabel(words.purpose, self)
        purpose.setProperty("role", "small")
        purpose.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.choice)
        row.addStretch(1)
        row.addWidget(self._suggested)
        row.addWidget(technical)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(purpose)

    def suggest(self, suggested: bool) -> None:
        """Say that this is the method for the labels at hand, or that it is not."""
        self._suggested.setVisible(suggested)
        purpose = self._words.purpose
        self.choice.setAccessibleDescription(
            tr("Suggested. {purpose}", purpose=purpose) if suggested else purpose
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.rect().contains(event.position().toPoint()):
            self.choice.click()
            self.choice.setFocus(Qt.FocusReason.MouseFocusReason)
