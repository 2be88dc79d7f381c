"""Before a base model is downloaded: which one, and what going online means."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from desktop.theme.style import GRID
from desktop.widgets.form import FormDialog, caption
from engine.api import tr

_WORDS = tr(
    "Glossator goes online only for this, and only for the model that you name here: it asks "
    "huggingface.co for its weights, settings and word lists. Nothing of your texts, labels or "
    "models leaves this computer. Code and pickles are not fetched."
)


class DownloadDialog(FormDialog):
    """Asks for a name; `chosen` carries it when the person agrees."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, hub_name: str = "") -> None:
        super().__init__(
            "download_dialog", tr("Download a base model"), tr("Download"), parent, width=520
        )
        about = QLabel(_WORDS, wordWrap=True)
        about.setProperty("role", "muted")
        self.name = QLineEdit(hub_name, objectName="download_dialog.name")
        self.name.setPlaceholderText(tr("makers/model, or the address of its page"))
        self.body.addWidget(about)
        self.body.addSpacing(GRID)
        self.body.addWidget(caption(tr("Name"), self.name))
        self.body.addWidget(self.name)
        self.body.addStretch(1)
        self.name.textChanged.connect(self._look)
        self.agree.clicked.connect(self._agree)
        self._look()
        self.name.setFocus()

    def _look(self) -> None:
        self.agree.setEnabled(bool(self.name.text().strip()))

    def _agree(self) -> None:
        self.accept()
        self.chosen.emit(self.name.text().strip())
