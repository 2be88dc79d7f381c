"""Which words a language model puts into the gaps of some sentences, before and after training."""

from __future__ import annotations

from html import escape
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.theme.theme import Theme
from engine.api import number_text, tr, trc

Sentences = list[dict[str, Any]]
"""Each {text, words: [{word, probability}]}, the likeliest word first."""
GAP = "[MASK]"
_WORDS = 5  # shown of each sentence
_LINE = 24  # pixels
_BAR = 6


class MaskPreview(QScrollArea):
    """A sentence with its gap, and below it the likeliest words: before left, after right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(tr("Guessed words before and after training"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._before: Sentences = []
        self._after: Sentences = []
        theme.changed.connect(self._fill)

    def show_sentences(self, before: Sentences, after: Sentences) -> None:
        """Show these sentences; what is not known yet is an empty list, and is left open."""
        self._before, self._after = before, after
        self._fill()

    def _fill(self) -> None:
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 12, 8)
        column.setSpacing(20)
        for place, sentence in enumerate(self._after or self._before):
            before, after = _words_at(self._before, place), _words_at(self._after, place)
            column.addLayout(self._sentence(sentence["text"], before, after))
        column.addStretch(1)
        self.setWidget(page)

    def _sentence(
        self, text: str, before: list[dict[str, Any]], after: list[dict[str, Any]]
    ) -> QVBoxLayout:
        label = QLabel(self._with_gap(text))
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        label.setFont(self._theme.reading_font(15))
        label.setAccessibleName(text)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        most = max((entry["probability"] for entry in (*before, *after)), default=1.0) or 1.0
        new = {entry["word"] for entry in after} - {entry["word"] for entry in before}
        sides = [
            (trc("training", "before"), before, set[str]()),
            (trc("training", "after"), after, new),
        ]
        if not before:  # nothing to compare with: a sentence that was only tried
            sides = [("", after, set())]
        for title, words, marked in sides:
            part = QVBoxLayout()
            part.setSpacing(4)
            if title:
                head = QLabel(title)
                head.setProperty("role", "small")
                part.addWidget(head)
            part.addWidget(_Guesses(self._theme, words[:_WORDS], marked, most))
            columns.addLayout(part, 1)
        whole = QVBoxLayout()
        whole.setSpacing(6)
        whole.addWidget(label)
        whole.addLayout(columns)
        return whole

    def _with_gap(self, text: str) -> str:
        color = self._theme.token("accent").name()
        ground = self._theme.token("accent_soft").name()
        gap = f'<span style="color:{color};background:{ground}">&nbsp;?&nbsp;</span>'
        return gap.join(escape(part) for part in text.split(GAP))


class _Guesses(QWidget):
    """Words with the bars of their probabilities; those that are new stand in the accent."""

    def __init__(
        self, theme: Theme, words: list[dict[str, Any]], new: set[str], most: float
    ) -> None:
        super().__init__()
        self._theme, self._words, self._new = theme, words, new
        self._most = most  # the probability of the longest bar
        said = ", ".join(
            f"{entry['word']} {number_text(entry['probability'], '.0%')}" for entry in words
        )
        self.setAccessibleName(said or tr("not known yet"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_LINE * max(1, len(words)))

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        muted = self._theme.token("text_muted")
        painter.setFont(self._theme.interface_font(13))
        metrics = QFontMetrics(painter.font())
        middle = Qt.AlignmentFlag.AlignVCenter
        if not self._words:
            painter.setPen(muted)
            painter.drawText(self.rect(), middle, "…")
            return
        word_width = min(120, self.width() * 2 // 5)
        figure_width = metrics.horizontalAdvance("100 %")
        bar_left = word_width + 8
        bar_width = max(8, self.width() - bar_left - figure_width - 8)
        for row, entry in enumerate(self._words):
            top = row * _LINE
            new = entry["word"] in self._new
            ink = self._theme.token("accent" if new else "text")
            word = metrics.elidedText(entry["word"], Qt.TextElideMode.ElideRight, word_width)
            painter.setPen(ink)
            painter.drawText(QRectF(0, top, word_width, _LINE), middle, word)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.token("accent" if new else "line_strong"))
            length = max(2.0, bar_width * entry["probability"] / self._most)
            bar = QRectF(bar_left, top + (_LINE - _BAR) / 2, length, _BAR)
            painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
            painter.setPen(muted)
            place = QRectF(self.width() - figure_width, top, figure_width, _LINE)
            figure = f"{entry['probability'] * 100:.0f} %"
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, figure)


def _words_at(sentences: Sentences, place: int) -> list[dict[str, Any]]:
    return list(sentences[place]["words"]) if place < len(sentences) else []
