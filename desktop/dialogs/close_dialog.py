"""Asking before a running training is given up by closing the window."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from desktop.widgets.form import FormDialog
from engine.api import JobInfo


class CloseDialog(FormDialog):
    """The one question on the way out: hours of training cannot be undone back."""

    agreed = Signal()

    def __init__(self, job: JobInfo, parent: QWidget) -> None:
        super().__init__(
            "close_dialog", f"{job.name} is still running", "Stop it and close", parent, width=480
        )
        self.refuse.setText("Keep it running")
        words = QLabel(
            "Closing the program stops it, and what it has learned so far is lost. Labels and "
            "finished models are on disk in any case.",
            wordWrap=True,
        )
        self.body.addWidget(words)
        self.agree.clicked.connect(self._agree)
        self.refuse.setFocus()

    def _agree(self) -> None:
        self.accept()
        self.agreed.emit()
