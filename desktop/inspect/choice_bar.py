"""At the top: which model, against which, on which texts, and the score that comes of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.inspect.model_choice import CROSS_VALIDATION, ModelChoice
from desktop.widgets.buttons import ActionButton
from engine.api import tr, trc

_SPLIT_WORDS = {
    CROSS_VALIDATION: tr("All labelled texts, cross-validated"),
    "test": tr("Test texts"),
    "validation": tr("Validation texts"),
    "train": tr("Texts it learned from"),
}


class ChoiceBar(QWidget):
    """Pickers on top, the headline score below them, and what to know about it.

    `name` is that of the page it stands on, and so begins those of its parts.
    """

    model_chosen = Signal(int)
    against_chosen = Signal(object)
    """Model id, or None."""
    split_chosen = Signal(str)

    def __init__(self, actions: ActionSet, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._model = self._combo("model", tr("The model to look at"))
        self._against = self._combo("against", tr("Another model to compare it with"))
        self._split = self._combo("split", tr("Which of the labelled texts"))
        self._model.activated.connect(lambda: self.model_chosen.emit(self._model.currentData()))
        self._against.activated.connect(
            lambda: self.against_chosen.emit(self._against.currentData())
        )
        self._split.activated.connect(lambda: self.split_chosen.emit(self._split.currentData()))
        self._figure = QLabel(self)
        self._figure.setObjectName(f"{name}.score")
        self._figure.setProperty("role", "figure")
        self._meaning = QLabel(self)
        self._meaning.setObjectName(f"{name}.score_words")
        self._meaning.setProperty("role", "small")
        self._note = QLabel(self)
        self._note.setObjectName(f"{name}.note")
        self._note.setProperty("role", "small")
        self._note.setWordWrap(True)
        self._again = ActionButton(actions, "inspect.train", "quiet", tr("Train again"))
        pickers = QHBoxLayout()
        pickers.setSpacing(8)
        against = QLabel(trc("one model and another", "against"), self)
        against.setProperty("role", "muted")
        on = QLabel(trc("models and some texts", "on"), self)
        on.setProperty("role", "muted")
        for part in (self._model, against, self._against, on, self._split):
            pickers.addWidget(part)
        pickers.addStretch(1)
        score = QHBoxLayout()
        score.setSpacing(12)
        score.addWidget(self._figure)
        score.addWidget(self._meaning)
        score.addStretch(1)
        score.addWidget(self._again)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 16, 12)
        column.setSpacing(8)
        column.addLayout(pickers)
        column.addLayout(score)
        column.addWidget(self._note)

    def show_choice(self, inspection: ModelChoice) -> None:
        """Offer the project's models and show which are chosen."""
        self._fill(
            self._model,
            [(model.name, model.id) for model in reversed(inspection.models)],
            inspection.model.id if inspection.model else None,
        )
        others = [model for model in reversed(inspection.models) if model is not inspection.model]
        self._fill(
            self._against,
            [(tr("no other model"), None), *((model.name, model.id) for model in others)],
            inspection.against.id if inspection.against else None,
        )
        self._against.setEnabled(bool(others))
        self._fill(
            self._split,
            [(_SPLIT_WORDS[split], split) for split in inspection.splits()],
            inspection.split,
        )

    def show_score(self, figure: str, meaning: str, note: str) -> None:
        """Show the headline score, with what it means and how far to trust it."""
        self._figure.setText(figure)
        self._meaning.setText(meaning)
        self._note.setText(note)
        self._note.setVisible(bool(note))

    # --- inside ---------------------------------------------------------------------------------

    def _combo(self, name: str, words: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(f"{self._name}.{name}")
        combo.setAccessibleName(words)
        combo.setToolTip(words)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        combo.setMinimumContentsLength(8)
        return combo

    def _fill(
        self, combo: QComboBox, items: list[tuple[str, int | str | None]], chosen: int | str | None
    ) -> None:
        combo.clear()
        for words, value in items:
            combo.addItem(words, value)
        places = [value for _, value in items]
        combo.setCurrentIndex(places.index(chosen) if chosen in places else -1)
