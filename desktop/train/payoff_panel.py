"""Does learning the language pay? The same trainings with and without it, seed by seed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import ActionSet
from desktop.method_words import LANGUAGE, METHOD_WORDS
from desktop.theme.theme import Theme
from desktop.train.payoff_chart import PayoffChart
from desktop.widgets.buttons import ActionButton
from desktop.widgets.form import caption
from desktop.widgets.line import hairline
from desktop.widgets.number_field import NumberField
from engine.api import PretrainingComparison, number_text, tr

SEEDS = 3
MOST_SEEDS = 20
_HEADERS = (tr("Seed"), tr("Without"), tr("With"), tr("Difference"))
_ABOUT = tr(
    "First the model learns the language of your texts. Then the method is trained twice with "
    "each seed: once from the base model as it is, once from what the first step made. The "
    "settings are those on the left, as they stand."
)


class PayoffPanel(QScrollArea):
    """What to compare above, what came of it below; a loss is said like a gain."""

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train.payoff")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme
        self._method = QComboBox(self)
        self._method.setObjectName("train.payoff.method")
        self._method.activated.connect(self._person_chose)
        self._chosen_by_person = False
        self._seeds = NumberField(self)
        self._seeds.setObjectName("train.payoff.seeds")
        self._seeds.setRange(1, MOST_SEEDS)
        self._seeds.setValue(SEEDS)
        self._verdict = QLabel(self)
        self._verdict.setObjectName("train.payoff.words")
        self._verdict.setWordWrap(True)
        self._chart = PayoffChart(theme, self)
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(24)
        self._table.setVerticalSpacing(8)
        self._table.setColumnStretch(4, 1)
        self._result = QWidget(self)
        self._comparison: PretrainingComparison | None = None
        self._lay_out(actions)
        self.show_comparison(None)
        theme.changed.connect(lambda: self.show_comparison(self._comparison))

    def method(self) -> str:
        """The method that is trained with and without the first step."""
        return str(self._method.currentData() or "")

    def seeds(self) -> int:
        """With how many seeds."""
        return self._seeds.value()

    def set_methods(self, methods: Sequence[str]) -> None:
        """Offer these methods for the last step."""
        self._method.clear()
        self._chosen_by_person = False
        for method in methods:
            if method != LANGUAGE:
                words = METHOD_WORDS[method]
                self._method.addItem(f"{words.title} ({words.technical})", method)

    def suggest(self, method: str | None) -> None:
        """Choose the method that fits the labels, as long as nobody has changed the choice."""
        place = self._method.findData(method)
        if place >= 0 and not self._chosen_by_person:
            self._method.setCurrentIndex(place)

    def show_comparison(self, comparison: PretrainingComparison | None) -> None:
        """Show what came of a comparison, as far as its trainings have come."""
        self._comparison = comparison
        self._result.setVisible(comparison is not None)
        if comparison is None:
            return
        self._verdict.setText(comparison.words)
        self._chart.show_seeds(comparison.seeds)
        while (item := self._table.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for column, words in enumerate(_HEADERS):
            self._put(0, column, words, "small")
        for row, seed in enumerate(comparison.seeds, start=1):
            self._put(row, 0, str(seed.seed))
            self._put(row, 1, _score(seed.without))
            self._put(row, 2, _score(seed.with_step))
            self._put_gain(row, seed.gain)
        last = len(comparison.seeds) + 1
        self._put(last, 0, tr("Mean"), "caption")
        self._put_gain(last, comparison.difference)

    # --- inside ---------------------------------------------------------------------------------

    def _lay_out(self, actions: ActionSet) -> None:
        about = QLabel(_ABOUT, self)
        about.setProperty("role", "muted")
        about.setWordWrap(True)
        method = QVBoxLayout()
        method.setSpacing(4)
        method.addWidget(caption(tr("Train with and without it"), self._method))
        method.addWidget(self._method)
        seeds = QVBoxLayout()
        seeds.setSpacing(4)
        seeds.addWidget(caption(tr("Seeds"), self._seeds))
        seeds.addWidget(self._seeds)
        choice = QHBoxLayout()
        choice.setSpacing(16)
        choice.addLayout(method, 1)
        choice.addLayout(seeds)
        result = QVBoxLayout(self._result)
        result.setContentsMargins(0, 0, 0, 0)
        result.setSpacing(16)
        result.addWidget(hairline())
        result.addWidget(self._verdict)
        result.addWidget(self._chart)
        result.addLayout(self._table)
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(16)
        column.addWidget(about)
        column.addLayout(choice)
        column.addWidget(
            ActionButton(actions, "train.compare", "primary"), 0, Qt.AlignmentFlag.AlignLeft
        )
        column.addWidget(self._result)
        column.addStretch(1)
        self.setWidget(page)

    def _person_chose(self) -> None:
        self._chosen_by_person = True

    def _put(self, row: int, column: int, words: str, role: str = "") -> None:
        label = QLabel(words)
        label.setProperty("role", role)
        side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
        self._table.addWidget(label, row, column, side)

    def _put_gain(self, row: int, gain: float | None) -> None:
        role = "" if gain is None or round(gain, 3) == 0 else ("ok" if gain > 0 else "danger")
        self._put(row, 3, gain_words(gain), role)


def gain_words(gain: float | None) -> str:
    """Return a difference of F1 with its sign: "+0.021", "−0.013"; a dash while it is unknown."""
    if gain is None:
        return "–"
    if round(gain, 3) == 0:
        return number_text(0.0, ".3f")
    return f"{'+' if gain > 0 else '−'}{number_text(abs(gain), '.3f')}"


def _score(score: float | None) -> str:
    return "–" if score is None else number_text(score, ".3f")
