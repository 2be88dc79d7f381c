"""A label as people see it: its colour, its name, its key; never the colour alone."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.theme.theme import Theme
from engine.api import LabelInfo, tr

HEIGHT = 24  # pixels
DOT = 10
_PAD = 8


def label_color(label: LabelInfo) -> QColor:
    """Return the label's own colour."""
    return QColor(label.color)


def chip_width(metrics: QFontMetrics, name: str, key: str = "") -> int:
    """Return how many pixels wide `paint_chip` wants to be."""
    key_width = metrics.horizontalAdvance(key) + _PAD if key else 0
    return _PAD + DOT + 6 + metrics.horizontalAdvance(name) + key_width + _PAD


def paint_chip(
    painter: QPainter,
    rect: QRect,
    theme: Theme,
    name: str,
    color: QColor,
    key: str = "",
    selected: bool = False,
) -> int:
    """Paint a chip at the left of `rect`, cut to fit, and return its width in pixels.

    Uses the painter's font. A `selected` chip is filled with its colour's tint.
    """
    metrics = painter.fontMetrics()
    width = min(chip_width(metrics, name, key), rect.width())
    height = min(HEIGHT, rect.height())
    box = QRect(rect.left(), rect.top() + (rect.height() - height) // 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color if selected else theme.token("line"), 1))
    painter.setBrush(theme.tint(color, 0.28 if selected else 0.10))
    painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), 6, 6)
    painter.setPen(QPen(theme.token("line_strong"), 1))
    painter.setBrush(color)
    painter.drawEllipse(box.left() + _PAD, box.center().y() - DOT // 2 + 1, DOT, DOT)
    left = box.left() + _PAD + DOT + 6
    right = box.right() - _PAD
    if key:
        painter.setPen(theme.token("text_muted"))
        key_width = metrics.horizontalAdvance(key)
        key_box = QRect(right - key_width, box.top(), key_width + 1, height)
        painter.drawText(key_box, Qt.AlignmentFlag.AlignCenter, key)
        right -= key_width + _PAD
    painter.setPen(theme.token("text"))
    words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, right - left + 2)
    painter.drawText(
        QRect(left, box.top(), right - left + 4, height),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
        words,
    )
    painter.restore()
    return width


class LabelChip(QWidget):
    """A label on its own; it does nothing when clicked."""

    def __init__(self, theme: Theme, label: LabelInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.label = label
        self.setToolTip(label.guideline or label.name)
        self.setAccessibleName(tr("Label {label}", label=label.name))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self.fontMetrics(), self.label.name, self.label.key), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(80, self.sizeHint().width()), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(
            painter,
            self.rect(),
            self._theme,
            self.label.name,
            label_color(self.label),
            self.label.key,
        )
        painter.end()
