"""The learning curve: the loss on the left axis, the method's own score on the right one."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.theme.theme import Theme
from desktop.train.training import Curves
from desktop.train.two_axis_plot import TwoAxisPlot
from desktop.widgets.flow_layout import FlowLayout
from engine.api import tr

_SERIES = (
    # name for people, field of Curves, colour token, dashed
    (tr("loss while learning"), "loss", "text_muted", False),
    (tr("loss on held-back texts"), "validation_loss", "warning", True),
    (tr("score on held-back texts"), "score", "accent", False),
)
_SCORES = {
    # axis, words of the legend
    "": (tr("score"), tr("score on held-back texts")),
    "macro_f1": (tr("macro F1"), tr("macro F1 on held-back texts")),
    "f1": (tr("F1 of passages"), tr("F1 of passages on held-back texts")),
    "perplexity": (tr("perplexity"), tr("perplexity on held-back texts, lower is better")),
}


class CurveChart(QWidget):
    """Two plots on one grid; the legend stands above, in words and line styles."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._curves = Curves()
        self.setObjectName("train.curve")
        self.setAccessibleName(tr("Learning curve"))
        self._plot = TwoAxisPlot(self)
        self._plot.right.setYRange(0, 1, padding=0.02)
        self._lines = {field: pg.PlotDataItem(antialias=True) for _, field, _, _ in _SERIES}
        for field, line in self._lines.items():
            (self._plot.right if field == "score" else self._plot.left).addItem(line)
        legend = QWidget(self)
        self._legend = FlowLayout(legend, gap=12)
        self._legend.setContentsMargins(0, 0, 0, 0)
        self._marks: dict[str, QLabel] = {}
        for words, field, _, _ in _SERIES:
            mark = QLabel(words, self)
            mark.setProperty("role", "small")
            self._marks[field] = mark
            self._legend.addWidget(mark)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(legend)
        column.addWidget(self._plot, 1)
        theme.changed.connect(self._style)
        self._style()

    def show_curves(self, curves: Curves) -> None:
        """Draw the points there are."""
        self._curves = curves
        for _, field, _, _ in _SERIES:
            points = getattr(curves, field)
            self._lines[field].setData([x for x, _ in points], [y for _, y in points])
        self._plot.left.enableAutoRange(axis=pg.ViewBox.XAxis)
        losses = [y for _, y in (*curves.loss, *curves.validation_loss)]
        self._plot.item.setYRange(0, max(losses, default=1.0), padding=0.05)
        self._fit_score()
        self._name_score()
        if curves.score:
            epoch, score = curves.score[-1]
            self.setAccessibleDescription(
                tr(
                    "After {passes:g} passes, {name} {score:.2f}.",
                    passes=epoch,
                    name=_SCORES[curves.score_name][0],
                    score=score,
                )
            )
        else:
            self.setAccessibleDescription("")

    def _fit_score(self) -> None:
        """F1 always from 0 to 1; perplexity has no upper end, and little ones matter too."""
        values = [value for _, value in self._curves.score]
        if self._curves.score_name != "perplexity" or not values:
            self._plot.right.setYRange(0, 1, padding=0.02)
            return
        least, most = min(values), max(values)
        room = max((most - least) * 0.15, most * 0.02)
        self._plot.right.setYRange(max(0.0, least - room), most + room, padding=0)

    def _name_score(self) -> None:
        axis, words = _SCORES[self._curves.score_name]
        self._plot.item.getAxis("right").setLabel(
            axis, color=self._theme.token("text_muted").name()
        )
        color = self._theme.token("accent").name()
        self._marks["score"].setText(f'<span style="color:{color}">━━</span> {words}')

    def _style(self) -> None:
        theme = self._theme
        self._plot.dress(theme, left=tr("loss"), bottom=tr("passes over the texts"), right="")
        for words, field, token, dashed in _SERIES:
            color = theme.token(token)
            style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
            self._lines[field].setPen(pg.mkPen(color, width=2, style=style))
            if field != "loss":
                self._lines[field].setSymbol("o")
                self._lines[field].setSymbolSize(7)
                self._lines[field].setSymbolBrush(color)
                self._lines[field].setSymbolPen(None)
            dash = "╍╍" if dashed else "━━"
            self._marks[field].setText(f'<span style="color:{color.name()}">{dash}</span> {words}')
        self._name_score()
