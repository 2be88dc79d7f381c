"""What changed between two models that mark passages."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.inspect.comparison_panel import CHANCE, chance_words
from desktop.inspect.spans.inspection import FLIPPED
from engine.api import SpanComparison, mark, tr

_BUTTONS = {
    "won": mark("Won: {n:,}"),
    "lost": mark("Lost: {n:,}"),
    "came": mark("Found too much, new: {n:,}"),
    "went": mark("Found too much, gone: {n:,}"),
}


class SpanComparisonPanel(QWidget):
    """Words, and a button for each list of passages that differ."""

    flipped_wanted = Signal(str)
    """One of FLIPPED."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspect.span_comparison")
        self.setAccessibleName(tr("Comparison with another model"))
        self._scores = QLabel(self)
        self._scores.setProperty("role", "heading")
        self._words = QLabel(self)
        self._words.setObjectName("inspect.span_comparison_words")
        for label in (self._scores, self._words):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._lists = QWidget(self)
        grid = QGridLayout(self._lists)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        self._buttons: dict[str, QPushButton] = {}
        for number, name in enumerate(FLIPPED):
            button = QPushButton(self._lists)
            button.setObjectName(f"inspect.spans_{name}")
            button.clicked.connect(lambda _=False, name=name: self.flipped_wanted.emit(name))
            grid.addWidget(button, number // 2, number % 2)
            self._buttons[name] = button
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._scores)
        column.addWidget(self._words)
        column.addWidget(self._lists, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.show_nothing(alone=True)

    def show_nothing(self, *, alone: bool) -> None:
        """Say how to compare; `alone`: the project has no second model yet."""
        self._scores.setText(tr("No comparison yet"))
        self._words.setText(
            tr("Train a second model, and see here which passages it wins and which it loses.")
            if alone
            else tr(
                "Pick a second model above, after “against”, and see which passages were won and "
                "which were lost."
            )
        )
        self._lists.hide()

    def show_comparison(self, comparison: SpanComparison, name: str, against: str) -> None:
        """Show how the model called `name` differs from the one called `against`."""
        self._scores.setText(
            tr(
                "{name} {f1:.3f}, {against} {against_f1:.3f} F1 ({change:+.3f})",
                name=name,
                f1=comparison.f1,
                against=against,
                against_f1=comparison.against_f1,
                change=comparison.f1 - comparison.against_f1,
            )
        )
        self._words.setText(comparison_words(comparison, name, against))
        for flipped, button in self._buttons.items():
            number = getattr(comparison, f"{flipped}_total")
            button.setText(tr(_BUTTONS[flipped], n=number))
            button.setEnabled(bool(number))
        self._lists.setVisible(bool(comparison.texts))


def comparison_words(comparison: SpanComparison, name: str, against: str) -> str:
    """Return the verdict of the exact McNemar test on the marked passages in plain words."""
    if not comparison.texts:
        return tr("No text has been predicted by both models; let both predict these texts first.")
    won, lost = comparison.won_total, comparison.lost_total
    if not won and not lost:
        return tr(
            "Both models find the same of the {n:,} marked passages.",
            n=comparison.gold,
        )
    facts = tr(
        "Of {n:,} marked passages, {name} alone finds {won:,} and {against} alone {lost:,}.",
        n=comparison.gold,
        name=name,
        won=won,
        against=against,
        lost=lost,
    )
    if comparison.p_value >= CHANCE:
        verdict = tr(
            "Such a difference can well be chance (p = {p:.2f}); more marked test texts would "
            "tell.",
            p=comparison.p_value,
        )
    else:
        verdict = tr(
            "That is hardly chance ({chance}): {better} finds more of them.",
            chance=chance_words(comparison.p_value),
            better=name if won > lost else against,
        )
    return f"{facts} {verdict}"
