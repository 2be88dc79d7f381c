"""Colours, faces and widths of what is drawn on a text, for the theme as it is now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from desktop.annotate.span_canvas.marks import Mark
from desktop.theme.theme import Theme
from desktop.theme.tokens import contrast
from engine.api import LabelInfo, number_text, tr

LINE_CONTRAST = 3.0  # of lines and bars with the page (WCAG 2.2, 1.4.11)
BAR = 2.0  # pixels
_ALIKE = 16  # of 255; a fill that differs by less in every channel is lost on the page
_UNKNOWN = "#808080"


class Look:
    """Answers how marks look; ask a new one after the theme, the labels or the size changed."""

    def __init__(self, theme: Theme, labels: Sequence[LabelInfo], size: int) -> None:
        self._theme = theme
        self._labels = {label.id: label for label in labels}
        self.small = theme.interface_font(small_size(size))
        self.small_bold = theme.interface_font(small_size(size), QFont.Weight.DemiBold)
        self._metrics = QFontMetricsF(self.small)
        self._bold_metrics = QFontMetricsF(self.small_bold)
        self.small_ascent = self._metrics.ascent()
        self._fills: dict[int, QColor] = {}
        self._lines: dict[int, QColor] = {}
        self._widths: dict[tuple[str, bool], float] = {}
        self.page = theme.token("surface")
        self.text = theme.token("text")
        self.muted = theme.token("text_muted")
        self.focus = theme.token("focus")
        self.selection = theme.token("selection")
        self.highlight = theme.token("warning_soft")
        self.highlight_line = theme.token("warning")

    def name(self, mark: Mark) -> str:
        """Return the name of a mark's label."""
        label = self._labels.get(mark.label_id)
        return label.name if label else tr("unknown label")

    def fill(self, mark: Mark) -> QColor:
        """Return the colour under the text of a mark."""
        found = self._fills.get(mark.label_id)
        if found is None:
            strength = 0.30 if self._theme.dark else 0.22
            found = self._theme.tint(self._color(mark), strength)
            if _is_alike(found, self.page):
                found = self._theme.tint(self.line(mark), strength)
            self._fills[mark.label_id] = found
        return found

    def line(self, mark: Mark) -> QColor:
        """Return the colour of a mark's bar and outline: the label's, as far as it can be seen."""
        found = self._lines.get(mark.label_id)
        if found is None:
            found = visible(self._color(mark), self.page, self.text)
            self._lines[mark.label_id] = found
        return found

    def tag(self, mark: Mark, room: float, bold: bool, with_confidence: bool) -> tuple[str, float]:
        """Return what is written beside a mark, and its width in pixels.

        That is the label and how sure a model is of it; if there is no room, the label alone, or
        as many of its letters as fit, but at least one.
        """
        words = self.name(mark)
        if with_confidence and mark.confidence is not None:
            whole = f"{words} {confidence_words(mark.confidence)}"
            width = self._width(whole, bold)
            if width <= room:
                return whole, width
        width = self._width(words, bold)
        while width > room and len(words) > 1:
            keep = int(len(words) * room / width)
            words = words[: max(1, min(keep, len(words) - 1))].rstrip()
            width = self._width(words, bold)
        return words, width

    def _width(self, words: str, bold: bool) -> float:
        found = self._widths.get((words, bold))
        if found is None:
            metrics = self._bold_metrics if bold else self._metrics
            found = self._widths[words, bold] = metrics.horizontalAdvance(words)
        return found

    def _color(self, mark: Mark) -> QColor:
        label = self._labels.get(mark.label_id)
        return QColor(label.color if label else _UNKNOWN)


def small_size(size: int) -> int:
    """Return the size of the names beside letters of a size, both in pixels."""
    return max(10, round(size * 0.6))


def confidence_words(confidence: float) -> str:
    """Return a probability in as few characters as it can be read in: ".93", "1"."""
    hundredths = round(confidence * 100)
    if hundredths >= 100:
        return "1"
    return number_text(max(hundredths, 0) / 100, ".2f").removeprefix("0")


def visible(color: QColor, ground: QColor, ink: QColor) -> QColor:
    """Mix as little of `ink` into a colour as it takes to be seen on `ground`."""
    for step in range(11):
        share = step / 10
        mixed = QColor(
            round(color.red() + (ink.red() - color.red()) * share),
            round(color.green() + (ink.green() - color.green()) * share),
            round(color.blue() + (ink.blue() - color.blue()) * share),
        )
        if contrast(mixed.name(), ground.name()) >= LINE_CONTRAST:
            return mixed
    return ink


def _is_alike(one: QColor, other: QColor) -> bool:
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return max(abs(a - b) for a, b in pairs) < _ALIKE
