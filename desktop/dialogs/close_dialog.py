"""Asking before a running training is given up by closing the window."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from desktop.widgets.form import FormDialog
from engine.api import JobInfo


class CloseDialog(FormDialog):
    """The one question on the way out: somebody may have meant to let it run overnight."""

    agreed = Signal()

    def __init__(self, job: JobInfo, parent: QWidget) -> None:
        super().__init__(
            "close_dialog", f"{job.name} is still running", "Stop it and close", parent, width=480
        )
        self.refuse.setText("Keep it running")
        ends = (
            "It is stopped where it stands, and you can resume it when the project is open again."
            if job.kind in ("train", "sweep")
            else "Closing the program stops it, and it has to be started again."
        )
        words = QLabel(f"{ends} Labels and finished models are on disk in any case.", wordWrap=True)
        self.body.addWidget(words)
        self.agree.clicked.connect(self._agree)
        self.refuse.setFocus()

    def _agree(self) -> None:
        self.accept()
        self.agreed.emit()
