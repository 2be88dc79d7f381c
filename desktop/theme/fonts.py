"""The two faces of the program: Inter for the interface, Source Serif for the texts one reads.

Both are bundled (SIL Open Font License, beside the files in ``resources/fonts``), so that every
system looks alike, and a system without any fonts of its own shows words at all.
"""

from __future__ import annotations

from importlib.resources import as_file, files

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

INTERFACE = "Inter"
READING = "Source Serif Pro"
INTERFACE_SIZE = 13  # pixels
READING_SIZE = 18
READING_LEADING = 1.5  # line height as a multiple of the size
COLUMN = 70  # characters on a line; between 60 and 75 is what typographers ask for
_SAMPLE = "the rain in the basement"


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


def letter_width(font: QFont) -> float:
    """Return the mean width of a character of running text in pixels."""
    return QFontMetricsF(font).horizontalAdvance(_SAMPLE) / len(_SAMPLE)


def column_width(font: QFont, room: int) -> int:
    """Return the width in pixels of a column for reading, at most `room` where that is enough."""
    return int(min(letter_width(font) * COLUMN, max(room, 120)))


def _font(family: str, size: int, weight: QFont.Weight) -> QFont:
    font = QFont(family)
    font.setPixelSize(size)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
