"""The passages of a text on one line: what is marked, and what is suggested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.annotate.span_canvas import Mark
from desktop.theme.theme import Theme
from engine.api import TaskInfo, number_text, tr

HEIGHT = 24  # pixels
DOT = 8
GAP = 20  # between passages
LONGEST = 32  # characters of a passage
SHOWN = 200  # passages that are put into words at most


class PassageList(QWidget):
    """Shows the passages as far as there is room, with the current one always among them."""

    chosen = Signal(object)
    """A passage was clicked: its Mark."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colors: dict[int, tuple[str, QColor]] = {}
        self._marks: list[Mark] = []
        self._words: list[str] = []
        self._meanings: dict[tuple[int, int, int], str] = {}
        self._current: int | None = None
        self._first = 0
        self._content = ""
        self.setObjectName("annotate.passages")
        self.setAccessibleName(tr("Passages of this text"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    def set_task(self, task: TaskInfo) -> None:
        """Call passages by the labels of this task."""
        self._colors = {label.id: (label.name, QColor(label.color)) for label in task.labels}
        self._say()

    def set_meanings(self, meanings: Mapping[tuple[int, int, int], str]) -> None:
        """Say behind a passage (start, end, label id) what it means, where somebody said so."""
        said = {place: meaning for place, meaning in meanings.items() if meaning}
        if said != self._meanings:
            self._meanings = said
            self._say()

    def show_marks(self, content: str, marks: Sequence[Mark], current: Mark | None) -> None:
        """Show the passages of a text in its order, and which one is the current."""
        at = marks.index(current) if current in marks else None
        if (content, list(marks)) != (self._content, self._marks):
            self._content, self._marks = content, list(marks)
            self._say()
        self._current = at
        self._scroll()
        self.update()

    def words(self) -> list[str]:
        """What is said of each passage: "PER Okafor", "ADD 14 Mill Lane (suggested .93)".

        Of one whose meaning is known: "PER Ms O. = Grace Okafor".
        """
        pairs = zip(self._marks, self._words, strict=True)
        return [f"{self._name(mark)} {words}" for mark, words in pairs]

    # --- Qt -------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._scroll()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        muted, ink = self._theme.token("text_muted"), self._theme.token("text")
        if not self._marks:
            painter.setFont(self._theme.interface_font(12))
            painter.setPen(muted)
            painter.drawText(self.rect(), _MIDDLE, tr("Nothing is marked in this text."))
            return
        for at, place in self._places():
            mark = self._marks[at]
            self._paint_dot(painter, place, mark)
            left = place.left() + DOT + 6
            for font, color, words in (
                (self._label_font(), ink, self._name(mark)),
                (self._font(), muted if mark.kind == "suggestion" else ink, self._words[at]),
            ):
                painter.setFont(font)
                painter.setPen(color)
                room = QRect(left, 0, place.right() - left + 1, HEIGHT)
                shown = painter.fontMetrics().elidedText(words, _RIGHT, room.width())
                painter.drawText(room, _MIDDLE, shown)
                left += painter.fontMetrics().horizontalAdvance(words) + 5
            if at == self._current:
                painter.setPen(QPen(self._theme.token("focus"), 2))
                painter.drawLine(place.left(), HEIGHT - 2, place.right(), HEIGHT - 2)
        self._paint_rest(painter, muted)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().toPoint())
        if at is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self._marks[at])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._at(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._at(event.pos())
            if at is not None:
                mark = self._marks[at]
                passage = " ".join(self._content[mark.start : mark.end].split())
                QToolTip.showText(event.globalPos(), f"{self._name(mark)}: {passage}", self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    # --- inside ---------------------------------------------------------------------------------

    def _say(self) -> None:
        self._words = [self._words_of(mark) for mark in self._marks]
        words = self.words()
        if len(words) > SHOWN:
            words[SHOWN:] = [tr("and {n:,} more", n=len(words) - SHOWN)]
        self.setAccessibleDescription(
            " · ".join(words) if words else tr("Nothing is marked in this text.")
        )
        self.update()

    def _words_of(self, mark: Mark) -> str:
        passage = " ".join(self._content[mark.start : mark.end].split())
        if len(passage) > LONGEST:
            passage = f"{passage[: LONGEST - 1]}…"
        if mark.kind != "suggestion":
            meaning = self._meanings.get((mark.start, mark.end, mark.label_id), "")
            return f"{passage} = {meaning}" if meaning else passage
        if mark.confidence is None:
            return tr("{passage} (suggested)", passage=passage)
        sure = number_text(mark.confidence, ".2f").removeprefix("0")
        return tr("{passage} (suggested {sure})", passage=passage, sure=sure)

    def _name(self, mark: Mark) -> str:
        return self._colors[mark.label_id][0] if mark.label_id in self._colors else ""

    def _font(self) -> QFont:
        return self._theme.interface_font(12)

    def _label_font(self) -> QFont:
        return self._theme.interface_font(12, QFont.Weight.DemiBold)

    def _width(self, at: int) -> int:
        name = QFontMetrics(self._label_font()).horizontalAdvance(self._name(self._marks[at]))
        words = QFontMetrics(self._font()).horizontalAdvance(self._words[at])
        return DOT + 6 + name + 5 + words + 2

    def _room(self) -> int:
        """The width that is left for passages beside the count of those that do not fit."""
        return max(self.width() - 80, 80)

    def _places(self) -> list[tuple[int, QRect]]:
        """Return the passages that are shown, each with where it stands."""
        places: list[tuple[int, QRect]] = []
        left = self._before_width()
        for at in range(self._first, len(self._marks)):
            width = self._width(at)
            last = at == len(self._marks) - 1
            room = (self.width() if last else self._room()) - left
            if width > room:
                if not places:
                    places.append((at, QRect(left, 0, max(room, 60), HEIGHT)))
                break
            places.append((at, QRect(left, 0, width, HEIGHT)))
            left += width + GAP
        return places

    def _before_width(self) -> int:
        return 24 if self._first else 0

    def _scroll(self) -> None:
        """Begin the line so that the current passage is on it."""
        self._first = min(self._first, max(len(self._marks) - 1, 0))
        if self._current is None:
            self._first = 0
            return
        self._first = min(self._first, self._current)
        while self._first < self._current and self._current not in dict(self._places()):
            self._first += 1

    def _paint_dot(self, painter: QPainter, place: QRect, mark: Mark) -> None:
        color = self._colors[mark.label_id][1] if mark.label_id in self._colors else QColor()
        box = QRect(place.left(), (HEIGHT - DOT) // 2, DOT, DOT)
        if mark.kind == "suggestion":
            painter.setPen(QPen(color, 2, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(QPen(self._theme.token("line_strong"), 1))
            painter.setBrush(color)
        painter.drawEllipse(box)

    def _paint_rest(self, painter: QPainter, muted: QColor) -> None:
        painter.setFont(self._font())
        painter.setPen(muted)
        if self._first:
            painter.drawText(QRect(0, 0, 20, HEIGHT), _MIDDLE, "…")
        places = self._places()
        more = len(self._marks) - (places[-1][0] + 1)
        if more:
            left = places[-1][1].right() + GAP
            painter.drawText(QRect(left, 0, 80, HEIGHT), _MIDDLE, tr("{n:,} more", n=more))

    def _at(self, point: QPoint) -> int | None:
        return next((at for at, place in self._places() if place.contains(point)), None)


_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.TextElideMode.ElideRight
