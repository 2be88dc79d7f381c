"""The application: Qt, the theme, the engine, one window."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from desktop.bridge import Bridge
from desktop.crash import report_errors_to
from desktop.language import teach_qt
from desktop.preferences import open_settings
from desktop.theme.theme import Theme
from desktop.window import MainWindow


@dataclass(slots=True)
class Desktop:
    """All that lives while the program runs."""

    application: QApplication
    settings: QSettings
    theme: Theme
    bridge: Bridge
    window: MainWindow

    def close(self) -> None:
        """Close the window, then the engine; everything is on disk when this returns."""
        self.window.close_now()
        self.bridge.close()
        self.theme.close()


def build(settings: QSettings | None = None) -> Desktop:
    """Make the application's parts; the window is there but not shown."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
        application = QApplication(sys.argv[:1])
    application.setApplicationName("glossator")
    application.setApplicationDisplayName("Glossator")
    application.setDesktopFileName("glossator")
    application.setWindowIcon(_icon())
    teach_qt(application)  # before anything is made: names of keys are words of Qt's
    settings = settings or open_settings()
    theme = Theme(application, settings)
    bridge = Bridge()
    window = MainWindow(bridge, theme, settings)
    return Desktop(application, settings, theme, bridge, window)


def _icon() -> QIcon:
    picture = QPixmap()
    picture.loadFromData(files("resources").joinpath("icons", "glossator.png").read_bytes())
    return QIcon(picture)


def run(path: Path | None = None, sample: bool = False) -> int:
    """Open the window, on a project or the sample if asked for; return the exit code."""
    desktop = build()
    hook = report_errors_to(desktop.window.strip)
    desktop.window.show()
    if path is not None:
        desktop.window.commands.take_file(path.absolute())
    elif sample:
        desktop.window.commands.open_sample()
    try:
        return int(desktop.application.exec())
    finally:
        sys.excepthook = hook
        desktop.close()
