"""Before a file is redacted: who looks into it, which column, and where the result goes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.bridge import sentence_of
from desktop.dialogs import file_choice
from desktop.redact.policy import ASKED_BY
from desktop.theme.style import GRID
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.form import FormDialog, caption
from desktop.widgets.view import Context
from engine.api import FilePreview, ModelInfo, PreviewFile, RedactFile, tr

DOCUMENTS = ";;".join(
    (
        tr("Documents and tables") + " (*.docx *.docm *.txt *.md *.csv *.tsv *.jsonl *.json)",
        tr("All files") + " (*)",
    )
)
_TABLES = (".csv", ".tsv", ".tab")
_RECORDS = (".jsonl", ".ndjson", ".json")
ALL_FIELDS = "*"


class FileDialog(FormDialog):
    """Asks how a file is to be redacted; `chosen` carries the RedactFile command."""

    chosen = Signal(object)

    def __init__(
        self,
        context: Context,
        task_id: int,
        model: ModelInfo | None,
        path: Path,
        parent: QWidget,
    ) -> None:
        title = tr("Redact {file}", file=path.name)
        super().__init__("redact_file", title, tr("Redact"), parent, width=560)
        self._context = context
        self._task_id = task_id
        self._model = model
        self._path = path
        self.out = file_choice.free_place(path.with_name(f"{path.stem}-redacted{path.suffix}"))
        about = QLabel(_about(model), wordWrap=True)
        about.setProperty("role", "muted")
        self.text_column = QComboBox(objectName="redact_file.text_column")
        self._column_caption = caption(tr("Texts"), self.text_column)
        self._where = ElidedLabel(str(self.out), mode=Qt.TextElideMode.ElideMiddle)
        self._where.setObjectName("redact_file.out")
        change = QPushButton(tr("Change…"), objectName="redact_file.change", autoDefault=False)
        change.clicked.connect(self._choose_out)
        where = QHBoxLayout()
        where.setSpacing(GRID)
        where.addWidget(self._where, 1)
        where.addWidget(change)
        self.body.addWidget(about)
        self.body.addSpacing(GRID)
        self.body.addWidget(self._column_caption)
        self.body.addWidget(self.text_column)
        self.body.addSpacing(GRID)
        self.body.addWidget(caption(tr("Write the result to"), change))
        self.body.addLayout(where)
        self.body.addStretch(1)
        self.agree.clicked.connect(self._agree)
        suffix = path.suffix.lower()
        has_columns = suffix in (*_TABLES, *_RECORDS)
        self._column_caption.setVisible(has_columns)
        self.text_column.setVisible(has_columns)
        if has_columns:
            self.text_column.addItem(tr("Every column"), ALL_FIELDS)
            context.bridge.ask(
                PreviewFile(str(path)), self._take, "redact_file.preview", self._refused
            )
        self.agree.setFocus()

    def command(self) -> RedactFile:
        """What would be asked of the engine."""
        return RedactFile(
            str(self._path),
            str(self.out),
            self._task_id,
            None if self._model is None else self._model.id,
            text_column=self.text_column.currentData(),
            # The file dialog has asked before it let somebody choose a file that exists.
            overwrite=self.out.exists(),
            asked_by=ASKED_BY,
        )

    def write_to(self, out: Path) -> None:
        """Write the result there."""
        self.out = out
        self._where.setText(str(out))

    def _take(self, preview: FilePreview) -> None:
        for column in preview.columns:
            self.text_column.addItem(tr("Only {column}", column=column), column)

    def _refused(self, error: Exception) -> None:
        self.say(sentence_of(error)[0])

    def _choose_out(self) -> None:
        suffix = self._path.suffix
        file_choice.choose_new_file(
            self,
            self._context.settings,
            tr("Write the result to"),
            f"{suffix.lstrip('.').upper()} (*{suffix})",
            self.out.name,
            self.write_to,
        )

    def _agree(self) -> None:
        command = self.command()
        self.accept()
        self.chosen.emit(command)


def _about(model: ModelInfo | None) -> str:
    if model is None:
        return tr(
            "The patterns look into it, and the policy of this project says what is done. Names "
            "that have an alias in this project get the same one. The result is a new file; this "
            "one stays as it is."
        )
    return tr(
        "{model} and the patterns look into it, and the policy of this project says what is done. "
        "Names that have an alias in this project get the same one. The result is a new file; this "
        "one stays as it is.",
        model=model.name,
    )
