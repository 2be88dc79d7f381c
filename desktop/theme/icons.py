"""Icons from one family (Material Design, by qtawesome), drawn in the colours of the theme."""

from __future__ import annotations

from pathlib import Path

import qtawesome
from PySide6.QtGui import QColor, QIcon

FAMILY = "mdi6"


class Icons:
    """Icons by name ("tag-outline"), made once for each colour."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str, str], QIcon] = {}

    def icon(self, name: str, color: QColor, disabled: QColor) -> QIcon:
        """Return the icon called `name` in `color`, and in `disabled` where it is out of use."""
        key = (name, color.name(), disabled.name())
        if key not in self._made:
            self._made[key] = qtawesome.icon(
                f"{FAMILY}.{name}", color=color, color_disabled=disabled
            )
        return self._made[key]

    def write(self, name: str, color: QColor, folder: Path, size: int = 16) -> str:
        """Draw the icon into PNG files (plain and for dense screens) and return the plain one.

        Style sheets take images only from files. The answer has forward slashes, as they want it.
        """
        path = folder / f"{name}-{color.name()[1:]}.png"
        if not path.exists():
            icon = self.icon(name, color, color)
            icon.pixmap(size, size).save(str(path))
            icon.pixmap(size * 2, size * 2).save(str(path.with_name(f"{path.stem}@2x.png")))
        return path.as_posix()
