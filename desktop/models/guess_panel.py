"""Which words a language model puts into gaps: those of its training, and any sentence of yours."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.theme.theme import Theme
from desktop.widgets.mask_preview import GAP, MaskPreview, Sentences
from engine.api import tr

_HEIGHT = 176  # pixels: a sentence with its guessed words


class GuessPanel(QWidget):
    """A line to write a sentence in above, the sentences of the training below."""

    asked = Signal(str)
    """A person wants to know what the model puts into the gap of this sentence."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = QLineEdit(self)
        self._sentence.setObjectName("models.sentence")
        self._sentence.setPlaceholderText(
            tr("A sentence with {gap} in the place of a word", gap=GAP)
        )
        self._sentence.setAccessibleName(tr("A sentence to try the model on"))
        self._sentence.returnPressed.connect(self._ask)
        self._button = QPushButton(tr("Guess"), self)
        self._button.setObjectName("models.guess")
        self._button.clicked.connect(self._ask)
        self._note = QLabel(self)
        self._note.setObjectName("models.guess_note")
        self._note.setProperty("role", "small")
        self._note.setWordWrap(True)
        self._note.hide()
        self._answer = MaskPreview(theme, self)
        self._answer.setObjectName("models.answer")
        self._answer.setFixedHeight(_HEIGHT)
        self._trained = MaskPreview(theme, self)
        self._trained.setObjectName("models.guesses")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._sentence, 1)
        line.addWidget(self._button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self._note)
        column.addWidget(self._answer)
        column.addWidget(self._trained, 1)
        self.clear()

    def clear(self) -> None:
        """Forget what was asked: another model is shown."""
        self._sentence.clear()
        self._answer.hide()
        self._say("")
        self._button.setEnabled(True)

    def show_sentences(self, before: Sentences, after: Sentences) -> None:
        """Show the sentences of the training."""
        self._trained.show_sentences(before, after)

    def show_answer(self, sentences: Sentences) -> None:
        """Show what the model puts into the gaps of the sentence that was asked."""
        self._answer.show_sentences([], sentences)
        self._answer.show()
        self._say("")
        self._button.setEnabled(True)

    def show_refusal(self, sentence: str) -> None:
        """Say why there is no answer."""
        self._say(sentence)
        self._button.setEnabled(True)

    def _ask(self) -> None:
        sentence = self._sentence.text().strip()
        if GAP not in sentence:
            self._say(tr("Write {gap} where the model is to guess a word.", gap=GAP))
        elif self._button.isEnabled():
            self._button.setEnabled(False)
            self._say(tr("The model is being loaded; that takes some seconds."))
            self.asked.emit(sentence)

    def _say(self, words: str) -> None:
        self._note.setText(words)
        self._note.setVisible(bool(words))
