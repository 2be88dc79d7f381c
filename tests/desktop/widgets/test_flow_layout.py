"""Widgets are set like words: on the next line when a line is full."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.flow_layout import FlowLayout


def test_lines_break_where_the_width_ends(qtbot: QtBot) -> None:
    frame = QWidget()
    qtbot.addWidget(frame)
    layout = FlowLayout(frame, gap=8)
    for _ in range(5):
        box = QLabel()
        box.setFixedSize(100, 20)
        layout.addWidget(box)
    assert layout.heightForWidth(5 * 100 + 4 * 8) == 20
    assert layout.heightForWidth(5 * 100 + 4 * 8 - 1) == 48
    assert layout.heightForWidth(100) == 5 * 20 + 4 * 8
    frame.resize(324, 200)
    layout.activate()
    places = [layout.itemAt(number).geometry().topLeft().toTuple() for number in range(5)]
    assert places == [(0, 0), (108, 0), (216, 0), (0, 28), (108, 28)]


def test_clearing_takes_all_widgets_away(qtbot: QtBot) -> None:
    frame = QWidget()
    qtbot.addWidget(frame)
    layout = FlowLayout(frame)
    layout.addWidget(QLabel("one"))
    layout.clear()
    assert layout.count() == 0
    assert layout.heightForWidth(100) == 0
