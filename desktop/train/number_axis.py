"""An axis of a chart whose figures are written as the language writes numbers."""

from __future__ import annotations

import pyqtgraph as pg

from engine.api import LANGUAGES, chosen_language


class NumberAxis(pg.AxisItem):
    """As `pyqtgraph.AxisItem`, but for the sign between whole and parts."""

    def tickStrings(  # noqa: N802 - pyqtgraph's name
        self, values: list[float], scale: float, spacing: float
    ) -> list[str]:
        figures = super().tickStrings(values, scale, spacing)
        language = LANGUAGES.get(chosen_language())
        decimal = language.decimal if language is not None else "."
        return [figure.replace(".", decimal) for figure in figures]
