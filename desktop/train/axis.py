"""An axis of a chart that writes its figures as the language does."""

from __future__ import annotations

import pyqtgraph as pg

from engine.api import LANGUAGES, chosen_language


class Axis(pg.AxisItem):
    """An axis whose figures are written as the language writes numbers."""

    def tickStrings(  # noqa: N802 - pyqtgraph's name
        self, values: list[float], scale: float, spacing: float
    ) -> list[str]:
        language = LANGUAGES.get(chosen_language())
        decimal = language.decimal if language is not None else "."
        figures = super().tickStrings(values, scale, spacing)
        return [figure.replace(".", decimal) for figure in figures]
