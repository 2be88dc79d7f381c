"""The two faces of the program: Inter for the interface, Source Serif for the texts one reads.

Both are bundled (SIL Open Font License, beside the files in ``resources/fonts``), so that every
system looks alike, and a system without any fonts of its own shows words at all.
"""

from __future__ import annotations

from importlib.resources import as_file, files

from PySide6.QtGui import QFont, QFontDatabase

INTERFACE = "Inter"
READING = "Source Serif Pro"
INTERFACE_SIZE = 13  # pixels
READING_SIZE = 18
READING_LEADING = 1.5  # line height as a multiple of the size


def load_fonts() -> None:
    """Make the bundled faces known to Qt; needs a QGuiApplication."""
    if READING in QFontDatabase.families():
        return
    for entry in files("resources").joinpath("fonts").iterdir():
        if entry.name.endswith(".ttf"):
            with as_file(entry) as path:
                QFontDatabase.addApplicationFont(str(path))


def interface_font(size: int = INTERFACE_SIZE, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the interface face; `size` in pixels."""
    return _font(INTERFACE, size, weight)


def reading_font(size: int = READING_SIZE) -> QFont:
    """Return the face for texts; `size` in pixels. Set them with `READING_LEADING`."""
    return _font(READING, size, QFont.Weight.Normal)


def _font(family: str, size: int, weight: QFont.Weight) -> QFont:
    font = QFont(family)
    font.setPixelSize(size)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
