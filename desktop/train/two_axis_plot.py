"""A plot with a second scale on its right, dressed in the theme; nothing in it moves or zooms."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from desktop.theme.theme import Theme
from engine.api import LANGUAGES, chosen_language


class _Axis(pg.AxisItem):
    """An axis whose figures are written as the language writes numbers."""

    def tickStrings(  # noqa: N802 - pyqtgraph's name
        self, values: list[float], scale: float, spacing: float
    ) -> list[str]:
        language = LANGUAGES.get(chosen_language())
        decimal = language.decimal if language is not None else "."
        figures = super().tickStrings(values, scale, spacing)
        return [figure.replace(".", decimal) for figure in figures]


class TwoAxisPlot(pg.PlotWidget):
    """`left` and `right` take what is drawn on either scale; the horizontal one is the same."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            parent, axisItems={side: _Axis(side) for side in ("left", "bottom", "right")}
        )
        self.item = self.getPlotItem()
        self.item.setMouseEnabled(x=False, y=False)
        self.item.hideButtons()
        self.item.setMenuEnabled(False)
        self.item.showAxis("right")
        self.left: pg.ViewBox = self.item.vb
        self.right = pg.ViewBox()
        self.right.setMouseEnabled(x=False, y=False)
        self.item.scene().addItem(self.right)
        self.item.getAxis("right").linkToView(self.right)
        self.right.setXLink(self.item)
        self.left.sigResized.connect(self._follow)

    def dress(self, theme: Theme, *, left: str, bottom: str, right: str) -> None:
        """Take the colours of the theme, and name the axes."""
        self.setBackground(theme.token("surface"))
        muted = theme.token("text_muted")
        for side, words in (("left", left), ("bottom", bottom), ("right", right)):
            axis = self.item.getAxis(side)
            axis.setPen(theme.token("line_strong"))
            axis.setTextPen(muted)
            axis.setTickFont(theme.interface_font(12))
            axis.setLabel(words, color=muted.name())
            axis.setSIPrefixEnableRanges(())  # thousandths would be read as something else
        self.item.showGrid(x=False, y=True, alpha=0.12)

    def _follow(self) -> None:
        self.right.setGeometry(self.left.sceneBoundingRect())
        self.right.linkedViewChanged(self.left, self.right.XAxis)
