"""One label as a key to press: key cap, colour, name, and what the model thinks of it."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.theme.theme import Theme
from engine.api import LabelInfo, number_text, tr

HEIGHT = 40
CAP = 22
COUNT = 20  # pixels for the number of passages
LONGEST_NAME = 220
FLASH_MS = 110


class LabelButton(QAbstractButton):
    """Paints a label; `isChecked` says that the text carries it.

    The colour is never alone: key and name stand beside it, and a chosen label has a tick.
    """

    def __init__(
        self, label: LabelInfo, theme: Theme, view: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._theme = theme
        self._probability: float | None = None
        self._best = False
        self._count: int | None = None
        self._flashing = False
        self._with_bar = False
        self._flash = QTimer(self)
        self._flash.setSingleShot(True)
        self._flash.setInterval(FLASH_MS)
        self._flash.timeout.connect(self._end_flash)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.set_label(label)

    def set_label(self, label: LabelInfo) -> None:
        """Show another label, or the same one after a change."""
        self.label = label
        self.setObjectName(f"{self._view}.label.{label.id}")
        self.setAccessibleName(
            tr("Label {label}, key {key}", label=label.name, key=label.key)
            if label.key
            else tr("Label {label}", label=label.name)
        )
        self.setToolTip(f"<b>{escape(label.name)}</b><br>{escape(label.guideline)}")
        self.updateGeometry()
        self.update()

    def set_probability(self, probability: float | None, *, best: bool = False) -> None:
        """Show what the model thinks (0 to 1), or nothing; `best` is what Enter would accept."""
        if (probability, best) != (self._probability, self._best):
            self._probability, self._best = probability, best
            self.update()

    def set_count(self, count: int) -> None:
        """Show how many passages have the label, in place of a probability."""
        if count != self._count:
            self._count = count
            self.setAccessibleDescription(tr("{n:,} in this text", n=count))
            self.updateGeometry()
            self.update()

    def set_with_bar(self, with_bar: bool) -> None:
        """Keep room for a probability, so that labels do not move when one arrives."""
        if with_bar != self._with_bar:
            self._with_bar = with_bar
            self.updateGeometry()
            self.update()

    def flash(self) -> None:
        """Fill the button with the label's colour for a moment, unless motion is unwanted."""
        if not self._theme.reduced_motion:
            self._flashing = True
            self._flash.start()
            self.update()

    # --- Qt -------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        name = min(self._metrics().horizontalAdvance(self.label.name), LONGEST_NAME)
        cap = CAP + 8 if self.label.key else 0
        return QSize(10 + cap + 14 + name + 24 + self._room_at_right(), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def nextCheckState(self) -> None:  # noqa: N802 - Qt's name
        """Change nothing on a click: the view says which labels the text has."""

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        color = QColor(self.label.color)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        chosen = self.isChecked()
        ink = theme.token("text")
        if self._flashing:
            ground, ink = color, theme.ink_on(color)
        elif chosen:
            ground = theme.tint(color, 0.30 if theme.dark else 0.22)
        elif self.underMouse() or self.isDown():
            ground = theme.token("hover")
        else:
            ground = theme.token("surface_raised")
        if self.hasFocus():
            border = QPen(theme.token("focus"), 2)
        elif chosen or self._flashing:
            border = QPen(color, 2)
        else:
            border = QPen(theme.token("line_strong"), 1)
        painter.setPen(border)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 7, 7)
        left = 10
        if self.label.key:
            left = self._paint_key(painter, left, ink)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink if self._flashing else color)
        if chosen and not self._flashing:
            self._paint_tick(painter, left, color)
        else:
            painter.drawEllipse(QPoint(left + 5, self.height() // 2), 5, 5)
        left += 18
        right = 10 + max(self._room_at_right() - 2, 0)
        metrics = self._metrics()
        room = QRect(left, 0, self.width() - left - right, self.height())
        painter.setFont(self._name_font())
        painter.setPen(ink)
        name = metrics.elidedText(self.label.name, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        if self._probability is not None:
            self._paint_probability(painter, self._probability, color, ink)
        elif self._count:
            painter.setFont(theme.interface_font(12, QFont.Weight.DemiBold))
            counted = QRect(self.width() - 48, 0, 38, self.height())
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(counted, align, number_text(self._count))

    # --- inside ---------------------------------------------------------------------------------

    def _paint_key(self, painter: QPainter, left: int, ink: QColor) -> int:
        theme = self._theme
        cap = QRectF(left, (self.height() - CAP) / 2, CAP, CAP)
        painter.setPen(QPen(ink if self._flashing else theme.token("line_strong"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush if self._flashing else theme.token("surface_sunken"))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setPen(ink)
        painter.setFont(theme.interface_font(12))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.label.key.upper())
        return left + CAP + 8

    def _paint_tick(self, painter: QPainter, left: int, color: QColor) -> None:
        middle = self.height() // 2
        painter.drawEllipse(QPoint(left + 6, middle), 8, 8)
        pen = QPen(self._theme.ink_on(color), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPolyline(
            [
                QPoint(left + 2, middle),
                QPoint(left + 5, middle + 3),
                QPoint(left + 10, middle - 3),
            ]
        )

    def _paint_probability(
        self, painter: QPainter, probability: float, color: QColor, ink: QColor
    ) -> None:
        theme = self._theme
        if not self._flashing and not self.isChecked():
            ink = theme.token("text" if self._best else "text_muted")
        painter.setPen(ink)
        weight = QFont.Weight.DemiBold if self._best else QFont.Weight.Normal
        painter.setFont(theme.interface_font(12, weight))
        percent = QRect(self.width() - 48, 0, 38, self.height())
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(percent, align, f"{round(probability * 100)} %")
        track = QRectF(10, self.height() - 7, self.width() - 20, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.token("line"))
        painter.drawRoundedRect(track, 1.5, 1.5)
        painter.setBrush(ink if self._flashing else color)
        track.setWidth(max(3.0, track.width() * probability))
        painter.drawRoundedRect(track, 1.5, 1.5)

    def _room_at_right(self) -> int:
        """The room that is kept for a probability or a count, so that no label moves for it."""
        return 38 if self._with_bar else 0 if self._count is None else COUNT

    def _name_font(self) -> QFont:
        return self._theme.interface_font(14)

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._name_font())

    def _end_flash(self) -> None:
        self._flashing = False
        self.update()
