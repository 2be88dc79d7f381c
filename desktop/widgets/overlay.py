"""A card over the window that goes away by itself: Escape, or a click beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from desktop.theme.style import GRID
from desktop.theme.theme import Theme

_VEIL = {False: QColor(20, 22, 28, 70), True: QColor(0, 0, 0, 140)}


class Overlay(QWidget):
    """Fills its parent with a veil and shows `card` on it; made once, shown often.

    The widget that had the focus has it again afterwards. `top` leaves the card near the upper
    edge, for a list that grows; otherwise it stands in the middle.
    """

    def __init__(self, theme: Theme, parent: QWidget, width: int, top: bool = False) -> None:
        super().__init__(parent)
        self.theme = theme
        self._under = parent
        self._width = width
        self._top = top
        self._before: QWidget | None = None
        self.card = QFrame(self)
        self.card.setProperty("role", "card")
        self.body = QVBoxLayout(self.card)
        self.body.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self.hide()
        parent.installEventFilter(self)

    def open_over(self) -> None:
        """Show the card over the parent."""
        self._before = QApplication.focusWidget()
        self._arrange()
        self.show()
        self.raise_()
        self.setFocus()

    def close_over(self) -> None:
        """Hide the card and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        self._before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._arrange()
        return False

    def event(self, event: QEvent) -> bool:
        """Keep keys from the commands of the window behind."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_over()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_over()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), _VEIL[self.theme.dark])
        painter.end()

    def fit(self, width: int | None = None) -> None:
        """Fit the card to its content, which has changed and may want another `width` in pixels."""
        self._width = width or self._width
        self.body.activate()
        self._place()

    def room(self) -> int:
        """Return how many pixels high a card may be."""
        return self._under.height() - 4 * GRID

    def _arrange(self) -> None:
        self.setGeometry(self._under.rect())
        self._place()

    def _place(self) -> None:
        width = min(self._width, self.width() - 4 * GRID)
        self.card.setFixedWidth(width)
        height = min(self.card.sizeHint().height(), self.height() - 4 * GRID)
        top = 8 * GRID if self._top else max(2 * GRID, (self.height() - height) // 2)
        self.card.setGeometry((self.width() - width) // 2, top, width, height)
