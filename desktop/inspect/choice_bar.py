"""At the top: which model, against which, on which texts, and the score that comes of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.inspect.inspection import CROSS_VALIDATION, Inspection
from desktop.widgets.buttons import ActionButton
from engine.api import Evaluation, TaskInfo

_SPLIT_WORDS = {
    CROSS_VALIDATION: "All labelled texts, cross-validated",
    "test": "Test texts",
    "validation": "Validation texts",
    "train": "Texts it learned from",
}


class ChoiceBar(QWidget):
    """Pickers on the left, the headline score on the right, what to know about it below."""

    model_chosen = Signal(int)
    against_chosen = Signal(object)
    """Model id, or None."""
    split_chosen = Signal(str)

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = self._combo("model", "The model to look at")
        self._against = self._combo("against", "Another model to compare it with")
        self._split = self._combo("split", "Which of the labelled texts")
        self._model.activated.connect(lambda: self.model_chosen.emit(self._model.currentData()))
        self._against.activated.connect(
            lambda: self.against_chosen.emit(self._against.currentData())
        )
        self._split.activated.connect(lambda: self.split_chosen.emit(self._split.currentData()))
        self._figure = QLabel(self)
        self._figure.setObjectName("inspect.score")
        self._figure.setProperty("role", "figure")
        self._meaning = QLabel(self)
        self._meaning.setObjectName("inspect.score_words")
        self._meaning.setProperty("role", "small")
        self._note = QLabel(self)
        self._note.setObjectName("inspect.note")
        self._note.setProperty("role", "small")
        self._note.setWordWrap(True)
        self._again = ActionButton(actions, "inspect.train", "quiet", "Train again")
        pickers = QHBoxLayout()
        pickers.setSpacing(8)
        against = QLabel("against", self)
        against.setProperty("role", "muted")
        on = QLabel("on", self)
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

    def show_choice(self, inspection: Inspection) -> None:
        """Offer the project's models and show which are chosen."""
        self._fill(
            self._model,
            [(model.name, model.id) for model in reversed(inspection.models)],
            inspection.model.id if inspection.model else None,
        )
        others = [model for model in reversed(inspection.models) if model is not inspection.model]
        self._fill(
            self._against,
            [("no other model", None), *((model.name, model.id) for model in others)],
            inspection.against.id if inspection.against else None,
        )
        self._against.setEnabled(bool(others))
        self._fill(
            self._split,
            [(_SPLIT_WORDS[split], split) for split in inspection.splits()],
            inspection.split,
        )

    def show_score(self, task: TaskInfo, evaluation: Evaluation | None) -> None:
        """Show the headline score, with what it means and how far to trust it."""
        if evaluation is None or not evaluation.texts:
            self._figure.setText("")
            self._meaning.setText("")
            self._note.setText(evaluation.note if evaluation else "")
            self._note.setVisible(bool(self._note.text()))
            return
        self._figure.setText(f"{evaluation.f1:.2f}")
        two = len(task.labels) == 2 and not task.multi_label
        what = f"F1 of {task.labels[1].name}" if two else "macro F1"
        macro = "macro F1 " if two else ""
        self._meaning.setText(
            f"{what} on {evaluation.texts:,} texts\n"
            f"{macro}95 % between {evaluation.f1_low:.2f} and {evaluation.f1_high:.2f}"
            f"  ·  accuracy {evaluation.accuracy:.2f}"
        )
        self._note.setText(evaluation.note)
        self._note.setVisible(bool(evaluation.note))

    # --- inside ---------------------------------------------------------------------------------

    def _combo(self, name: str, words: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(f"inspect.{name}")
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
