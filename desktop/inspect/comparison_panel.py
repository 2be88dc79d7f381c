"""What changed between two models: the texts won and lost, and whether it may be chance."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.api import Comparison, tr, trn

CHANCE = 0.05  # below this a difference is called real, as is the custom


class ComparisonPanel(QWidget):
    """Words and two buttons that list the texts won and lost."""

    flipped_wanted = Signal(str)
    """ "won" or "lost"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspect.comparison")
        self.setAccessibleName(tr("Comparison with another model"))
        self._scores = QLabel(self)
        self._scores.setProperty("role", "heading")
        self._words = QLabel(self)
        self._words.setObjectName("inspect.comparison_words")
        self._won = QPushButton(self)
        self._won.setObjectName("inspect.won")
        self._won.clicked.connect(lambda: self.flipped_wanted.emit("won"))
        self._lost = QPushButton(self)
        self._lost.setObjectName("inspect.lost")
        self._lost.clicked.connect(lambda: self.flipped_wanted.emit("lost"))
        for label in (self._scores, self._words):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._buttons = QWidget(self)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._won)
        row.addWidget(self._lost)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._scores)
        column.addWidget(self._words)
        column.addWidget(self._buttons)
        column.addStretch(1)
        self.show_nothing(alone=True)

    def show_nothing(self, *, alone: bool) -> None:
        """Say how to compare; `alone`: the project has no second model yet."""
        self._scores.setText(tr("No comparison yet"))
        self._words.setText(
            tr("Train a second model, and see here which texts it wins and which it loses.")
            if alone
            else tr(
                "Pick a second model above, after “against”, and see which texts were won and "
                "which were lost."
            )
        )
        self._buttons.hide()

    def show_comparison(self, comparison: Comparison, name: str, against: str) -> None:
        """Show how the model called `name` differs from the one called `against`."""
        self._scores.setText(
            tr(
                "{name} {f1:.3f}, {against} {against_f1:.3f} macro F1 ({change:+.3f})",
                name=name,
                f1=comparison.macro_f1,
                against=against,
                against_f1=comparison.against_macro_f1,
                change=comparison.macro_f1 - comparison.against_macro_f1,
            )
        )
        self._words.setText(comparison_words(comparison, name, against))
        self._won.setText(trn("1 text won", "{n:,} texts won", len(comparison.won)))
        self._lost.setText(trn("1 text lost", "{n:,} texts lost", len(comparison.lost)))
        self._won.setEnabled(bool(comparison.won))
        self._lost.setEnabled(bool(comparison.lost))
        self._buttons.show()


def comparison_words(comparison: Comparison, name: str, against: str) -> str:
    """Return the verdict of the exact McNemar test in plain words."""
    if not comparison.texts:
        return tr("No text has been predicted by both models; let both predict these texts first.")
    won, lost = len(comparison.won), len(comparison.lost)
    if not won and not lost:
        return tr(
            "On all {texts:,} texts both models are right or wrong together.",
            texts=comparison.texts,
        )
    facts = tr(
        "Of {texts:,} texts, {won:,} are right only with {name} and {lost:,} only with {against}.",
        texts=comparison.texts,
        won=won,
        name=name,
        lost=lost,
        against=against,
    )
    if comparison.p_value >= CHANCE:
        verdict = tr(
            "Such a difference can well be chance (p = {p:.2f}); more labelled test texts would "
            "tell.",
            p=comparison.p_value,
        )
    else:
        verdict = tr(
            "That is hardly chance ({chance}): {better} is the better one on such texts.",
            chance=chance_words(comparison.p_value),
            better=name if won > lost else against,
        )
    return f"{facts} {verdict}"


def chance_words(p_value: float) -> str:
    """Return how probable a small p value is: "p = 0.012", "p < 0.001"."""
    if p_value < 0.001:
        return tr("p < {p:.3f}", p=0.001)
    return tr("p = {p:.3f}", p=p_value)
