"""The start page: what a person sees before any project is open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from desktop.app import Desktop
from desktop.dialogs.project_dialog import ProjectDialog
from desktop.frame.help import HelpPanel
from desktop.frame.palette import Palette

CONTROL = Qt.KeyboardModifier.ControlModifier


def press(
    desktop: Desktop, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = CONTROL
) -> None:
    desktop.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def test_a_key_begins_a_project(desktop: Desktop, qtbot: QtBot) -> None:
    press(desktop, qtbot, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: desktop.window.findChild(ProjectDialog) is not None)
    dialog = desktop.window.findChild(ProjectDialog)
    assert isinstance(dialog, QDialog)
    dialog.reject()


@pytest.mark.parametrize(
    ("key", "modifier", "opened"),
    [
        (Qt.Key.Key_K, CONTROL, Palette),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier, HelpPanel),
    ],
)
def test_commands_and_help_are_a_key_away(
    desktop: Desktop,
    qtbot: QtBot,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    opened: type,
) -> None:
    press(desktop, qtbot, key, modifier)
    qtbot.waitUntil(lambda: desktop.window.findChild(opened).isVisible())
