"""A sentence that waits to be read, above the strip: an error, or something with details."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from desktop.widgets.buttons import IconButton
from engine.api import tr


class MessageBanner(QWidget):
    """One message; a newer one takes its place."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind = "info"
        self._run: Callable[[], object] | None = None
        self.setObjectName("strip.banner")
        self._frame = QFrame()
        self._icon = QLabel()
        self._sentence = QLabel(objectName="strip.sentence", wordWrap=True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = QPushButton(objectName="strip.banner.action")
        self._action.clicked.connect(self._act)
        self._more = QPushButton(tr("Details"), objectName="strip.details", checkable=True)
        self._more.setProperty("role", "quiet")
        self._more.toggled.connect(self._unfold)
        self._cross = IconButton(theme, "close", tr("Dismiss this message"), self.hide)
        self._cross.setObjectName("strip.dismiss")
        self._details = QPlainTextEdit(readOnly=True, objectName="strip.details.text")
        self._details.setAccessibleName(tr("Details of the message"))
        self._details.setFixedHeight(120)

        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self._icon)
        line.addWidget(self._sentence, 1)
        line.addWidget(self._action)
        line.addWidget(self._more)
        line.addWidget(self._cross)
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        inside.addLayout(line)
        inside.addWidget(self._details)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        outer.addWidget(self._frame)
        theme.changed.connect(self._draw)

    def show_message(
        self,
        sentence: str,
        details: str,
        kind: str,
        action: tuple[str, Callable[[], object]] | None,
    ) -> None:
        """Show a sentence; `kind` "info" or "error"."""
        self._kind = kind
        self._sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self._details.setPlainText(details)
        self._more.setChecked(False)
        self._more.setVisible(bool(details))
        self._details.hide()
        self._run = action[1] if action else None
        self._action.setText(action[0] if action else "")
        self._action.setVisible(action is not None)
        self._frame.setProperty("role", f"banner-{kind}")
        self.style().unpolish(self._frame)
        self.style().polish(self._frame)
        self._draw()
        self.show()

    @property
    def sentence(self) -> str:
        """The sentence that is shown, "" if none is."""
        return "" if self.isHidden() else self._sentence.text()

    def _draw(self) -> None:
        name, token = (
            ("alert-circle-outline", "danger")
            if self._kind == "error"
            else ("information-outline", "accent")
        )
        self._icon.setPixmap(self._theme.icon(name, token).pixmap(20, 20))

    def _unfold(self, open_: bool) -> None:
        self._details.setVisible(open_)

    def _act(self) -> None:
        run = self._run
        self.hide()
        if run is not None:
            run()
