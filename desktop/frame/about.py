"""What this program is, and where things lie."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.actions import ActionSet
from desktop.preferences import open_settings
from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from desktop.widgets.buttons import ActionButton
from desktop.widgets.overlay import Overlay
from engine.api import tr, trc


def program_version() -> str:
    """Return the version of the installed program; a word for it when it runs from a checkout."""
    try:
        return version("glossator")
    except PackageNotFoundError:
        return trc("version", "source")


class AboutCard(Overlay):
    """A card with a few facts."""

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(theme, parent, 460)
        self.setObjectName("about")
        self.setAccessibleName(tr("About Glossator"))
        name = QLabel("Glossator")
        name.setProperty("role", "wordmark")
        self.body.setContentsMargins(4 * GRID, 3 * GRID, 4 * GRID, 3 * GRID)
        self.body.setSpacing(GRID)
        self.body.addWidget(name)
        for words, role in (
            (
                tr("Annotate your texts, train encoder models from them, see what they get wrong."),
                "lead",
            ),
            (
                tr("Version {version}, under the Apache License 2.0.", version=program_version()),
                "",
            ),
            (tr("Nothing you open here leaves this computer."), ""),
            (
                f"Python {platform.python_version()} · Qt {qVersion()}\n"
                + tr("Settings: {path}", path=open_settings().fileName()),
                "small",
            ),
            (
                tr(
                    "Faces: Inter and Source Serif (SIL Open Font License). Icons: Material Design."
                ),
                "small",
            ),
        ):
            label = QLabel(words, wordWrap=True)
            label.setProperty("role", role)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            self.body.addWidget(label)
        licences = ActionButton(actions, "app.licences")
        self.body.addWidget(licences, alignment=Qt.AlignmentFlag.AlignLeft)
