"""F1 and time against how many layers may change; a point can be chosen."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.theme.theme import Theme
from desktop.train.two_axis_plot import TwoAxisPlot
from desktop.widgets.flow_layout import FlowLayout
from engine.api import tr

Row = tuple[str, float, float]
"""What may change in words, F1, and seconds."""


class SweepChart(QWidget):
    """F1 on the left axis, seconds on the right one, from "head" to all layers."""

    chosen = Signal(int)
    """The place of the row whose point was clicked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("train.sweep.chart")
        self.setAccessibleName(tr("F1 and time by the number of layers that may change"))
        self.setMinimumHeight(220)
        self._plot = TwoAxisPlot(self)
        self._plot.setObjectName("train.sweep.plot")
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the table is what keys reach
        self._plot.right.setZValue(-1)  # clicks belong to the points of F1
        self._scores = pg.PlotDataItem(antialias=True)
        self._seconds = pg.PlotDataItem(antialias=True)
        self._mark = pg.ScatterPlotItem(size=16)
        self._plot.left.addItem(self._mark)
        self._plot.left.addItem(self._scores)
        self._plot.right.addItem(self._seconds)
        self._scores.sigPointsClicked.connect(self._clicked)
        legend = QWidget(self)
        flow = FlowLayout(legend, gap=12)
        flow.setContentsMargins(0, 0, 0, 0)
        self._score_mark, self._time_mark = QLabel(self), QLabel(self)
        for mark in (self._score_mark, self._time_mark):
            mark.setProperty("role", "small")
            flow.addWidget(mark)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(legend)
        column.addWidget(self._plot, 1)
        theme.changed.connect(self._style)
        self._style()

    def show_rows(self, marks: Sequence[str], rows: Sequence[Row | None], choice: int) -> None:
        """Draw the rows that are known over the marks of all; `choice` is a place, -1 for none."""
        known = [(place, row) for place, row in enumerate(rows) if row is not None]
        places = [place for place, _ in known]
        scores = [row[1] for _, row in known]
        seconds = [row[2] for _, row in known]
        self._scores.setData(places, scores)
        self._seconds.setData(places, seconds)
        marked = [(place, row[1]) for place, row in known if place == choice]
        self._mark.setData([place for place, _ in marked], [score for _, score in marked])
        self._plot.item.getAxis("bottom").setTicks([list(enumerate(marks))])
        self._plot.item.setXRange(-0.6, max(len(marks) - 1, 1) + 0.6, padding=0)
        room = max(0.02, (max(scores) - min(scores)) * 0.2) if scores else 0.5
        least, most = (min(scores), max(scores)) if scores else (0.5, 0.5)
        self._plot.item.setYRange(max(0.0, least - room), min(1.0, most + room), padding=0)
        self._plot.right.setYRange(0, max(seconds, default=1.0) * 1.1, padding=0)
        self.setAccessibleDescription(
            " ".join(
                tr("{name}: F1 {score:.3f}, {time:.0f} s.", name=name, score=score, time=time)
                for _, (name, score, time) in known
            )
        )

    def _clicked(self, _item: object, points: Sequence[pg.SpotItem], *_: object) -> None:
        if len(points):
            self.chosen.emit(round(points[0].pos().x()))

    def _style(self) -> None:
        theme = self._theme
        self._plot.dress(theme, left="F1", bottom=tr("layers that may change"), right=tr("seconds"))
        accent, warning = theme.token("accent"), theme.token("warning")
        self._scores.setPen(pg.mkPen(accent, width=2))
        self._scores.setSymbol("o")
        self._scores.setSymbolSize(9)
        self._scores.setSymbolBrush(accent)
        self._scores.setSymbolPen(None)
        self._seconds.setPen(pg.mkPen(warning, width=2, style=Qt.PenStyle.DashLine))
        self._seconds.setSymbol("s")
        self._seconds.setSymbolSize(7)
        self._seconds.setSymbolBrush(warning)
        self._seconds.setSymbolPen(None)
        self._mark.setBrush(None)
        self._mark.setPen(pg.mkPen(accent, width=2))
        self._score_mark.setText(f'<span style="color:{accent.name()}">━●━</span> F1')
        time = tr("time, in seconds")
        self._time_mark.setText(f'<span style="color:{warning.name()}">╍■╍</span> {time}')
