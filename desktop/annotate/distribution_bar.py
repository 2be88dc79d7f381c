"""How the labels are spread: a slim bar in the labels' colours, with the counts behind it."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme.theme import Theme
from engine.api import Counts, TaskInfo, number_text, tr


class DistributionBar(QWidget):
    """One stretch for each label, as wide as its share of all labels given."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts: list[tuple[str, QColor, int]] = []
        self.setObjectName("annotate.distribution")
        self.setAccessibleName(tr("How the labels are spread"))
        self.setMinimumWidth(80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_counts(self, task: TaskInfo, counts: Counts) -> None:
        """Show the counts of a task's labels."""
        found = counts.spans_by_label if task.kind == "spans" else counts.by_label
        self._parts = [
            (label.name, QColor(label.color), found.get(label.id, 0)) for label in task.labels
        ]
        lines = [f"{name}: {number_text(count)}" for name, _, count in self._parts]
        self.setAccessibleDescription(", ".join(lines))
        rows = "".join(
            f"<tr><td style='color:{color.name()}'>●&nbsp;</td><td>{escape(name)}&nbsp;&nbsp;</td>"
            f"<td align='right'>{number_text(count)}</td></tr>"
            for name, color, count in self._parts
        )
        self.setToolTip(f"<table>{rows}</table>")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(0, (self.height() - 8) / 2, self.width(), 8)
        shape = QPainterPath()
        shape.addRoundedRect(track, 4, 4)
        painter.setClipPath(shape)
        painter.fillRect(track, self._theme.token("line"))
        total = sum(count for _, _, count in self._parts)
        left = 0.0
        for _, color, count in self._parts:
            if not count:
                continue
            width = track.width() * count / total
            painter.fillRect(QRectF(left, track.top(), max(width - 1, 1), track.height()), color)
            left += width
