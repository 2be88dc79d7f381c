"""At the top: who looks where nobody has marked anything, which texts, and what to do with them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QToolButton, QWidget

from desktop.actions import ActionSet
from desktop.redact.words import SCOPES
from desktop.theme.theme import Theme
from desktop.widgets.buttons import ActionButton, IconButton
from engine.api import ModelInfo, TextFilter, tr

MARKS_ONLY, PATTERNS_ONLY = "marks", "patterns"
"""In the place of a model: nobody looks, or the patterns alone."""
ROOM = 860
"""Pixels below which a button gives way that the menu beside it has too."""
_MENU = ("redact.file", "redact.aliases", "redact.read", "redact.policy")


class ChoiceBar(QWidget):
    """Two choices on the left, the buttons for files on the right."""

    model_chosen = Signal(object, bool)
    """Model id or None, and whether the patterns alone are to look."""
    scope_chosen = Signal(object)
    """TextFilter."""

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = QComboBox(objectName="redact.model")
        self._model.setAccessibleName(tr("Who looks where nobody has marked anything"))
        self._model.setToolTip(
            tr(
                "Where a person has marked a text, the marks count. All others are read by this "
                "model, beside the patterns."
            )
        )
        self._scope = QComboBox(objectName="redact.scope")
        self._scope.setAccessibleName(tr("Which texts"))
        self._scope.setToolTip(tr("The texts that are reviewed, reported on and exported."))
        for words, scope in SCOPES:
            self._scope.addItem(words, scope)
        for combo, most in ((self._model, 260), (self._scope, 200)):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            combo.setMaximumWidth(most)
            combo.setMinimumContentsLength(8)
        self._model.activated.connect(self._choose_model)
        self._scope.activated.connect(lambda: self.scope_chosen.emit(self._scope.currentData()))
        self._file = ActionButton(actions, "redact.file", "quiet")
        self._export = ActionButton(actions, "redact.export", "primary")
        self._more = IconButton(theme, "dots-vertical", tr("More: aliases, reading, policy"))
        self._more.setObjectName("redact.more")
        menu = QMenu(self)
        menu.addActions([actions.qaction(id) for id in _MENU])
        self._more.setMenu(menu)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(8)
        row.addWidget(self._model, 1)
        row.addWidget(self._scope, 1)
        row.addStretch(1)
        row.addWidget(self._file)
        row.addWidget(self._export)
        row.addWidget(self._more)

    def show_models(
        self, models: Sequence[ModelInfo], chosen: int | None, *, patterns_only: bool
    ) -> None:
        """Offer the models that mark passages, and show which is chosen."""
        self._model.clear()
        for model in reversed(models):
            self._model.addItem(tr("Unmarked: {model}", model=model.name), model.id)
        self._model.addItem(tr("Unmarked: patterns only"), PATTERNS_ONLY)
        self._model.addItem(tr("Unmarked: left out"), MARKS_ONLY)
        ids = [model.id for model in reversed(models)]
        without = len(ids) if patterns_only else len(ids) + 1
        self._model.setCurrentIndex(ids.index(chosen) if chosen in ids else without)

    def _choose_model(self) -> None:
        chosen = self._model.currentData()
        model_id = chosen if isinstance(chosen, int) else None
        self.model_chosen.emit(model_id, chosen == PATTERNS_ONLY)

    def show_scope(self, scope: TextFilter) -> None:
        """Show which texts are chosen."""
        chosen = [each for _, each in SCOPES]
        self._scope.setCurrentIndex(chosen.index(scope) if scope in chosen else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._file.setVisible(event.size().width() >= ROOM)
        super().resizeEvent(event)
