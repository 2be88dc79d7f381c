"""Whether "90 % sure" means right nine times in ten, drawn."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme.theme import Theme
from engine.api import tr

Bins = tuple[tuple[float, float, int], ...]
_LEFT, _BOTTOM, _TOP, _RIGHT = 56, 48, 16, 16
_LARGEST = 380  # pixels; a larger square says no more


class CalibrationChart(QWidget):
    """Mean confidence against accuracy, a disc a bin; on the diagonal the model knows itself.

    The area of a disc grows with the number of its texts. Reliability diagram after DeGroot and
    Fienberg (1983).
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bins: Bins = ()
        self.setObjectName("inspect.calibration")
        self.setAccessibleName(tr("Calibration"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def set_bins(self, bins: Bins) -> None:
        """Show (mean confidence, accuracy, texts) of each bin that has texts."""
        self._bins = bins
        self.setAccessibleDescription(calibration_words(bins))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = self._plot()
        self._paint_axes(painter, plot)
        most = max((texts for _, _, texts in self._bins), default=1)
        accent = self._theme.token("accent")
        places = [
            (QPointF(_x(plot, sure), _y(plot, right)), texts) for sure, right, texts in self._bins
        ]
        painter.setPen(QPen(accent, 1.5))
        painter.drawPolyline([place for place, _ in places])
        for place, texts in places:
            radius = 4 + 10 * (texts / most) ** 0.5
            painter.setBrush(self._theme.tint(accent, 0.35))
            painter.drawEllipse(place, radius, radius)
        painter.end()

    def _plot(self) -> QRectF:
        side = min(self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM, _LARGEST)
        return QRectF(_LEFT, _TOP, max(side, 40), max(side, 40))

    def _paint_axes(self, painter: QPainter, plot: QRectF) -> None:
        muted = self._theme.token("text_muted")
        painter.setFont(self._theme.interface_font(12))
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            painter.setPen(self._theme.token("line"))
            painter.drawLine(
                QPointF(_x(plot, share), plot.top()), QPointF(_x(plot, share), plot.bottom())
            )
            painter.drawLine(
                QPointF(plot.left(), _y(plot, share)), QPointF(plot.right(), _y(plot, share))
            )
            painter.setPen(muted)
            centre = Qt.AlignmentFlag.AlignCenter
            painter.drawText(
                QRect(int(_x(plot, share)) - 24, int(plot.bottom()) + 4, 48, 16),
                centre,
                _percent(share),
            )
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(
                QRect(0, int(_y(plot, share)) - 8, _LEFT - 8, 16), right, _percent(share)
            )
        painter.setPen(QPen(self._theme.token("line_strong"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(plot.bottomLeft(), plot.topRight())
        painter.setPen(muted)
        below = QRect(int(plot.left()), int(plot.bottom()) + 22, int(plot.width()), 18)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, tr("how sure the model was"))
        painter.save()
        painter.translate(10, plot.center().y())
        painter.rotate(-90)
        across = QRect(-int(plot.height()) // 2, -8, int(plot.height()), 16)
        painter.drawText(across, Qt.AlignmentFlag.AlignCenter, tr("how often it was right"))
        painter.restore()


def calibration_words(bins: Bins) -> str:
    """Return what the chart says, in one sentence."""
    texts = sum(number for _, _, number in bins)
    if not texts:
        return tr("There are no predictions to judge.")
    sure = sum(confidence * number for confidence, _, number in bins) / texts
    right = sum(accuracy * number for _, accuracy, number in bins) / texts
    gap = sum(abs(confidence - accuracy) * number for confidence, accuracy, number in bins) / texts
    figures = {"sure": sure * 100, "right": right * 100, "gap": gap}
    if gap < 0.05:
        return tr(
            "On average the model was {sure:.0f} % sure and right {right:.0f} % of the time; its "
            "percentages can be taken at their word (expected calibration error {gap:.2f}).",
            **figures,
        )
    if sure > right:
        return tr(
            "On average the model was {sure:.0f} % sure and right {right:.0f} % of the time; it is "
            "surer than it should be (expected calibration error {gap:.2f}).",
            **figures,
        )
    return tr(
        "On average the model was {sure:.0f} % sure and right {right:.0f} % of the time; it is "
        "better than it thinks (expected calibration error {gap:.2f}).",
        **figures,
    )


def _percent(share: float) -> str:
    return tr("{percent:.0f} %", percent=share * 100)


def _x(plot: QRectF, share: float) -> float:
    return plot.left() + share * plot.width()


def _y(plot: QRectF, share: float) -> float:
    return plot.bottom() - share * plot.height()
