"""A canvas on the screen, and a hand at its keyboard and mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.annotate.span_canvas import Mark, SpanCanvas
from desktop.theme.theme import Theme
from engine.api import LabelInfo

COLORS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#000000")
NAMES = ("PERSON", "DATE", "ADDRESS", "REFERENCE", "ORGANISATION", "OTHER")
LABELS = [
    LabelInfo(number, 1, name, str(number), color, "", number)
    for number, (name, color) in enumerate(zip(NAMES, COLORS, strict=True), start=1)
]
NONE = Qt.KeyboardModifier.NoModifier


class Hand:
    """Presses keys on a canvas and clicks at positions of its text."""

    def __init__(self, canvas: SpanCanvas) -> None:
        self.canvas = canvas

    def press(self, key: str) -> bool:
        """Press a key, such as "Ctrl+Shift+Right"; whether the canvas kept it for itself."""
        *held, name = key.split("+")
        modifiers = self.modifiers(held)
        code = getattr(Qt.Key, f"Key_{name}")
        text = name.lower() if len(name) == 1 else ""
        event = QKeyEvent(QEvent.Type.KeyPress, code, modifiers, text)
        QApplication.sendEvent(self.canvas, event)
        return event.isAccepted()

    def overrides(self, key: str) -> bool:
        """Whether the canvas would take a key before the program's shortcuts do."""
        *held, name = key.split("+")
        code = getattr(Qt.Key, f"Key_{name}")
        event = QKeyEvent(QEvent.Type.ShortcutOverride, code, self.modifiers(held))
        event.ignore()
        QApplication.sendEvent(self.canvas, event)
        return event.isAccepted()

    def selected(self) -> str | None:
        chosen = self.canvas.selection()
        return None if chosen is None else self.canvas.content()[slice(*chosen)]

    def point(self, position: int) -> QPoint:
        """A point just right of a caret at a position."""
        return self.canvas.rect_of(position).center() + QPoint(2, 0)

    def click(self, position: int, held: str = "") -> None:
        QTest.mouseClick(
            self.canvas.viewport(),
            Qt.MouseButton.LeftButton,
            self.modifiers(held.split("+")),
            self.point(position),
        )

    def double_click(self, position: int) -> None:
        self.click(position)
        QTest.mouseDClick(
            self.canvas.viewport(), Qt.MouseButton.LeftButton, NONE, self.point(position)
        )

    def drag(self, start: int, end: int, held: str = "") -> None:
        modifiers, viewport = self.modifiers(held.split("+")), self.canvas.viewport()
        left = Qt.MouseButton.LeftButton
        QTest.mousePress(viewport, left, modifiers, self.point(start))
        for share in (0.3, 0.7, 1.0):
            away = self.point(end) - self.point(start)
            self.move(self.point(start) + away * share, modifiers)
        QTest.mouseRelease(viewport, left, modifiers, self.point(end))

    def move(self, point: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        viewport = self.canvas.viewport()
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(point),
            QPointF(viewport.mapToGlobal(point)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            modifiers,
        )
        QApplication.sendEvent(viewport, event)

    def pixels(self, rect: QRect | None = None) -> QImage:
        """What the viewport shows."""
        viewport = self.canvas.viewport()
        return viewport.grab(rect or viewport.rect()).toImage()

    @staticmethod
    def modifiers(held: list[str]) -> Qt.KeyboardModifier:
        names = {"Ctrl": "ControlModifier", "Shift": "ShiftModifier", "Alt": "AltModifier"}
        result = NONE
        for name in filter(None, held):
            result |= getattr(Qt.KeyboardModifier, names[name])
        return result


@pytest.fixture
def canvas(qtbot: QtBot, theme: Theme) -> SpanCanvas:
    """An empty canvas of 900 by 600 pixels with six labels, numbered from 1."""
    canvas = SpanCanvas(theme)
    qtbot.addWidget(canvas)
    canvas.set_labels(LABELS)
    canvas.resize(900, 600)
    canvas.show()
    return canvas


@pytest.fixture
def hand(canvas: SpanCanvas) -> Hand:
    """A hand at the canvas."""
    return Hand(canvas)


@pytest.fixture
def mark_of(canvas: SpanCanvas) -> Callable[..., Mark]:
    """Make a mark on the first occurrence of some words in the canvas's text."""

    def make(words: str, label_id: int = 1, kind: str = "gold", sure: float | None = None) -> Mark:
        start = canvas.content().index(words)
        return Mark(start, start + len(words), label_id, kind, sure)

    return make
