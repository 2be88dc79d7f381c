"""On the right: what is in doubt, how far the review has come, and the keys that decide."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.redact.doubt_list import DoubtList
from desktop.redact.words import reviewed_words
from desktop.theme.theme import Theme
from desktop.widgets.buttons import ActionButton
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.line import hairline
from engine.api import DoubtList as Doubts
from engine.api import tr, trn

NARROWEST = 264


class ReviewPanel(QWidget):
    """The list of doubts with its count above and its buttons below."""

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(NARROWEST)
        self.list = DoubtList(theme, self)
        self._count = QLabel(
            objectName="redact.reviewed", accessibleName=tr("How much is reviewed")
        )
        self._count.setProperty("role", "caption")
        self._more = QLabel(objectName="redact.more_doubts")
        self._more.setProperty("role", "small")
        self._nothing = EmptyState(theme, "check-circle-outline", "", parent=self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._nothing)
        self.as_label = QLabel(objectName="redact.as_label", wordWrap=True)
        self.as_label.setProperty("role", "small")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for id, words in (("redact.mask", tr("Replace")), ("redact.keep", tr("Keep"))):
            buttons.addWidget(ActionButton(actions, id, "", words), 1)
        above = QHBoxLayout()
        above.setContentsMargins(16, 4, 8, 4)
        above.addWidget(self._count)
        above.addWidget(self._more, 1)
        above.addWidget(ActionButton(actions, "redact.withdraw", "quiet", tr("Take back")))
        below = QVBoxLayout()
        below.setContentsMargins(16, 8, 12, 12)
        below.setSpacing(8)
        below.addWidget(self.as_label)
        below.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addWidget(hairline())
        column.addWidget(self._stack, 1)
        column.addWidget(hairline())
        column.addLayout(below)
        self.show_doubts(None)

    def show_doubts(self, doubts: Doubts | None) -> None:
        """Show what is in doubt, or that it is being looked for."""
        self._count.setText(reviewed_words(doubts) or tr("Review"))
        if doubts is None:
            self._nothing.set_icon("magnify")
            self._nothing.set_words(tr("Looking through the texts…"))
        elif not doubts.texts:
            self._nothing.set_icon("file-question-outline")
            self._nothing.set_words(
                tr("There is nothing to review yet."),
                tr("Mark passages in Annotate, or choose a model above that reads the texts."),
            )
        else:
            self._nothing.set_icon("check-circle-outline")
            self._nothing.set_words(
                tr("All is reviewed.") if doubts.decided else tr("Nothing is in doubt."),
                trn(
                    "{n} text was looked through for names, digits and strings that are replaced "
                    "elsewhere.",
                    "{n:,} texts were looked through for names, digits and strings that are "
                    "replaced elsewhere.",
                    doubts.texts,
                ),
            )
        shown = len(doubts.doubts) if doubts is not None else 0
        more = doubts is not None and doubts.total > shown
        self._more.setText(tr("the first {n:,} shown", n=shown) if more else "")
        self.list.set_doubts(doubts.doubts if doubts is not None else ())
        self._stack.setCurrentWidget(self.list if shown else self._nothing)
