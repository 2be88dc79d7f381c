"""A line for each seed: from the score without the first step to the score with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme.theme import Theme
from engine.api import SeedScores, number_text, tr

_LINE = 28  # pixels
_FOOT = 24
_LEFT = 72
_RADIUS = 5.0


class PayoffChart(QWidget):
    """An open dot is without, a full one with; the line between them is what was gained or lost."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._seeds: tuple[SeedScores, ...] = ()
        self.setAccessibleName(tr("F1 without and with the first step, by seed"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_seeds(self, seeds: Sequence[SeedScores]) -> None:
        """Draw the seeds that have scores."""
        self._seeds = tuple(
            seed for seed in seeds if seed.without is not None or seed.with_step is not None
        )
        self.setVisible(bool(self._seeds))
        self.setFixedHeight(_LINE * len(self._seeds) + _FOOT)
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        scores = [
            score
            for seed in self._seeds
            for score in (seed.without, seed.with_step)
            if score is not None
        ]
        if not scores:
            return
        room = max(0.02, (max(scores) - min(scores)) * 0.15)
        least, most = max(0.0, min(scores) - room), min(1.0, max(scores) + room)
        right = self.width() - 24.0

        def place(score: float) -> float:
            return _LEFT + (right - _LEFT) * (score - least) / (most - least)

        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.interface_font(12))
        muted = self._theme.token("text_muted")
        middle = Qt.AlignmentFlag.AlignVCenter
        for row, seed in enumerate(self._seeds):
            y = row * _LINE + _LINE / 2
            painter.setPen(muted)
            beside = QRectF(0, y - _LINE / 2, _LEFT, _LINE)
            painter.drawText(beside, middle, tr("seed {seed}", seed=seed.seed))
            painter.setPen(QPen(self._theme.token("line"), 1))
            painter.drawLine(QPointF(_LEFT, y), QPointF(right, y))
            self._draw_seed(painter, seed, place, y)
        painter.setPen(muted)
        foot = QRectF(_LEFT, len(self._seeds) * _LINE, right - _LEFT, _FOOT)
        painter.drawText(foot, middle | Qt.AlignmentFlag.AlignLeft, number_text(least, ".2f"))
        painter.drawText(
            foot, middle | Qt.AlignmentFlag.AlignHCenter, tr("F1   ○ without   ● with")
        )
        painter.drawText(foot, middle | Qt.AlignmentFlag.AlignRight, number_text(most, ".2f"))

    def _draw_seed(
        self, painter: QPainter, seed: SeedScores, place: Callable[[float], float], y: float
    ) -> None:
        gain = seed.gain
        color = self._theme.token("ok" if gain is not None and gain > 0 else "danger")
        if gain is None:
            color = self._theme.token("text_muted")
        if seed.without is not None and seed.with_step is not None:
            painter.setPen(QPen(color, 3))
            painter.drawLine(QPointF(place(seed.without), y), QPointF(place(seed.with_step), y))
        painter.setPen(QPen(color, 2))
        for score, ground in (
            (seed.without, self._theme.token("surface")),
            (seed.with_step, color),
        ):
            if score is not None:
                painter.setBrush(ground)
                painter.drawEllipse(QPointF(place(score), y), _RADIUS, _RADIUS)
