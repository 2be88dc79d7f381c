"""Before texts are exported: in which form, with their metadata or without, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.dialogs import file_choice
from desktop.redact.policy import ASKED_BY
from desktop.redact.words import not_reviewed_words, unread_words
from desktop.theme.style import GRID
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.form import FormDialog, caption
from desktop.widgets.view import Context
from engine.api import DoubtList, ExportRedacted, TextFilter, tr

FORMATS = (
    ("jsonl", tr("JSON Lines, a line for each text"), "JSONL (*.jsonl)"),
    ("csv", tr("CSV, for spreadsheets"), "CSV (*.csv)"),
    ("txt", tr("Text files, one for each text in a new folder"), ""),
)


class ExportDialog(FormDialog):
    """Asks how the texts are to be written; `chosen` carries the ExportRedacted command."""

    chosen = Signal(object)

    def __init__(
        self,
        context: Context,
        task_id: int,
        scope: TextFilter,
        model_id: int | None,
        patterns: bool,
        doubts: DoubtList | None,
        out: Path,
        parent: QWidget,
    ) -> None:
        title = tr("Export redacted texts")
        super().__init__("redact_export", title, tr("Export"), parent, width=560)
        self._context = context
        self._command = ExportRedacted(
            str(out),
            task_id,
            filter=scope,
            model_id=model_id,
            patterns=patterns,
            asked_by=ASKED_BY,
        )
        self.out = out
        self.format = QComboBox(objectName="redact_export.format")
        for value, words, _ in FORMATS:
            self.format.addItem(words, value)
        self.format.activated.connect(self._format_chosen)
        self.meta = QCheckBox(
            tr("Write the metadata of the texts too"), objectName="redact_export.meta"
        )
        self._meta_note = QLabel(
            tr("Metadata is written as it is: names and dates in it are not replaced."),
            wordWrap=True,
        )
        self._meta_note.setProperty("role", "small")
        self._where = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._where.setObjectName("redact_export.out")
        self._change = QPushButton(
            tr("Change…"), objectName="redact_export.change", autoDefault=False
        )
        self._change.clicked.connect(self._choose_out)
        where = QHBoxLayout()
        where.setSpacing(GRID)
        where.addWidget(self._where, 1)
        where.addWidget(self._change)
        sentences = [not_reviewed_words(doubts)]
        if doubts is not None and doubts.unread:
            if model_id is None:
                sentences.append(unread_words(doubts.unread))
            else:
                sentences.append(tr("The model first reads the texts it has not read yet."))
        about = QLabel(" ".join(sentences), objectName="redact_export.about", wordWrap=True)
        about.setProperty("role", "muted")
        self.body.addWidget(about)
        self.body.addSpacing(GRID)
        self.body.addWidget(caption(tr("Form"), self.format))
        self.body.addWidget(self.format)
        self.body.addSpacing(GRID)
        self.body.addWidget(self.meta)
        self.body.addWidget(self._meta_note)
        self.body.addSpacing(GRID)
        self.body.addWidget(caption(tr("Write the texts to"), self._change))
        self.body.addLayout(where)
        self.body.addStretch(1)
        self.agree.clicked.connect(self._agree)
        self.write_to(out)
        self.agree.setFocus()

    def command(self) -> ExportRedacted:
        """What would be asked of the engine."""
        return ExportRedacted(
            str(self.out),
            self._command.task_id,
            self.format.currentData(),
            self._command.filter,
            self._command.model_id,
            self._command.patterns,
            meta=self.meta.isChecked(),
            asked_by=ASKED_BY,
        )

    def write_to(self, out: Path) -> None:
        """Write the texts there; what may not be written over is refused with a sentence."""
        self.out = out
        self._where.setText(str(out))
        taken = self.format.currentData() == "txt" and out.exists()
        self.say(tr("Choose a folder that does not exist yet.") if taken else "")
        self.agree.setEnabled(not taken)

    def _format_chosen(self) -> None:
        format = self.format.currentData()
        bare = self.out.with_suffix("")
        self.write_to(
            file_choice.free_place(bare if format == "txt" else bare.with_suffix(f".{format}"))
        )

    def _choose_out(self) -> None:
        place = self.format.currentIndex()
        if FORMATS[place][0] == "txt":
            file_choice.choose_folder(
                self,
                self._context.settings,
                tr("Make the folder of texts in which folder?"),
                lambda parent: self.write_to(file_choice.free_place(parent / self.out.name)),
            )
            return
        file_choice.choose_new_file(
            self,
            self._context.settings,
            tr("Write the texts to"),
            FORMATS[place][2],
            self.out.name,
            self.write_to,
        )

    def _agree(self) -> None:
        command = self.command()
        self.accept()
        self.chosen.emit(command)
