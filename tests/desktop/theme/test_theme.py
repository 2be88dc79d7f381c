"""One theme, light or dark, remembered and switched at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.theme.fonts import INTERFACE, READING, READING_SIZE
from desktop.theme.theme import Theme
from desktop.theme.tokens import DARK, LIGHT, contrast


def test_switching_repaints_every_widget(theme: Theme, qtbot: QtBot) -> None:
    label = QLabel("words")
    qtbot.addWidget(label)
    label.ensurePolished()
    assert label.palette().windowText().color() == QColor(LIGHT.text)
    with qtbot.waitSignal(theme.changed):
        theme.set_choice("dark")
    assert label.palette().windowText().color() == QColor(DARK.text)
    assert theme.token("accent") == QColor(DARK.accent)


def test_the_choice_is_remembered(
    theme: Theme, settings: QSettings, qapp: QApplication, qtbot: QtBot
) -> None:
    theme.set_choice("dark")
    another = Theme(qapp, settings)
    assert another.choice == "dark"
    another.close()


def test_an_unknown_choice_is_refused(theme: Theme) -> None:
    with pytest.raises(ValueError, match="no such theme"):
        theme.set_choice("sepia")


def test_both_faces_are_bundled(theme: Theme) -> None:
    assert QFontInfo(theme.interface_font()).family() == INTERFACE
    assert QFontInfo(theme.reading_font()).family() == READING
    assert QFontInfo(theme.reading_font()).pixelSize() == READING_SIZE


def test_ink_on_any_label_can_be_read(theme: Theme) -> None:
    for color in ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"):
        assert contrast(theme.ink_on(QColor(color)).name(), color) >= 4.5


def test_an_icon_takes_the_colour_of_a_role(theme: Theme) -> None:
    image = theme.icon("circle", "accent").pixmap(32, 32).toImage()
    assert image.pixelColor(16, 16).name() == LIGHT.accent
