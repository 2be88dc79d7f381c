"""A line to fill in between text and labels: a comment, or the name of a new label."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from engine.api import tr

SHOWN = 3  # words of what is offered that the hint names


class InlineForm(QFrame):
    """One field with its caption; Enter saves, Escape leaves everything as it was."""

    saved = Signal(str)
    closed = Signal()
    """The form has gone, whether it was saved or not; the text wants the keyboard back."""

    def __init__(
        self,
        name: str,
        caption: str,
        hint: str,
        parent: QWidget | None = None,
        view: str = "annotate",
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setObjectName(f"{view}.{name}_form")
        label = QLabel(caption, self)
        self.field = QLineEdit(self)
        self.field.setObjectName(f"{view}.{name}")
        self.field.setAccessibleName(caption)
        self.field.setPlaceholderText(hint)
        self.field.installEventFilter(self)
        self.field.returnPressed.connect(self._save)
        label.setBuddy(self.field)
        save = QPushButton(tr("Save"), self)
        save.setObjectName(f"{view}.{name}_save")
        save.setToolTip(tr("Enter"))
        save.clicked.connect(self._save)
        leave = QPushButton(tr("Cancel"), self)
        leave.setObjectName(f"{view}.{name}_cancel")
        leave.setToolTip(tr("Escape"))
        leave.setProperty("role", "quiet")
        leave.clicked.connect(self.close_form)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.field, 1)
        row.addWidget(save)
        row.addWidget(leave)
        self._hint = hint
        self._offered: list[str] = []
        self.hide()

    def open_form(self, text: str = "") -> None:
        """Show the form with `text` in its field and the keyboard in it."""
        self.field.setText(text)
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def offer(self, words: Sequence[str]) -> None:
        """Let the arrow keys put these words into the field, one after the other."""
        self._offered = list(words)
        hint = self._hint
        if words:
            shown = ", ".join(words[:SHOWN]) + (" …" if len(words) > SHOWN else "")
            hint = tr("{hint}; ↓ for {words}", hint=hint, words=shown)
        self.field.setPlaceholderText(hint)

    def close_form(self) -> None:
        """Hide the form and save nothing."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.close_form()
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._offered:
                self._take_offered(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
        return super().eventFilter(watched, event)

    def _take_offered(self, step: int) -> None:
        words = self.field.text()
        first = 0 if step > 0 else len(self._offered) - 1
        at = self._offered.index(words) + step if words in self._offered else first
        self.field.setText(self._offered[at % len(self._offered)])
        self.field.selectAll()

    def _save(self) -> None:
        text = self.field.text().strip()
        self.close_form()
        self.saved.emit(text)
