"""Asking before a running training is given up by closing the window."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from desktop.widgets.form import FormDialog
from engine.api import JobInfo, tr


class CloseDialog(FormDialog):
    """The one question on the way out: somebody may have meant to let it run overnight."""

    agreed = Signal()

    def __init__(self, job: JobInfo, parent: QWidget) -> None:
        super().__init__(
            "close_dialog",
            tr("{job} is still running", job=job.name),
            tr("Stop it and close"),
            parent,
            width=480,
        )
        self.refuse.setText(tr("Keep it running"))
        ends = (
            tr(
                "It is stopped where it stands, and you can resume it when the project is open "
                "again."
            )
            if job.kind in ("train", "sweep")
            else tr("Closing the program stops it, and it has to be started again.")
        )
        kept = tr("Labels and finished models are on disk in any case.")
        words = QLabel(f"{ends} {kept}", wordWrap=True)
        self.body.addWidget(words)
        self.agree.clicked.connect(self._agree)
        self.refuse.setFocus()

    def _agree(self) -> None:
        self.accept()
        self.agreed.emit()
