"""Before a file is predicted: which column holds the texts, and where the result goes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.bridge import sentence_of
from desktop.dialogs import file_choice
from desktop.theme.style import GRID
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.form import FormDialog, caption
from desktop.widgets.view import Context
from engine.api import FilePreview, ModelInfo, PredictFile, PreviewFile, tr

RESULTS = "CSV (*.csv);;JSONL (*.jsonl)"


class PredictDialog(FormDialog):
    """Asks how a file should be predicted; `chosen` carries the PredictFile command."""

    chosen = Signal(object)

    def __init__(self, context: Context, model: ModelInfo, path: Path, parent: QWidget) -> None:
        title = tr("Predict {file}", file=path.name)
        super().__init__("predict_dialog", title, tr("Predict"), parent, width=560)
        self._context = context
        self._model = model
        self._path = path
        self._preview: FilePreview | None = None
        self.out = free_path(path)
        project = context.bridge.project
        several = project is not None and project.task.multi_label
        about = QLabel(_about(model.name, several=several), wordWrap=True)
        about.setProperty("role", "muted")
        self.text_column = QComboBox(objectName="predict_dialog.text_column")
        self.text_column.currentIndexChanged.connect(self._show_example)
        self._example = ElidedLabel()
        self._example.setObjectName("predict_dialog.example")
        self._example.setProperty("role", "small")
        self._where = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._where.setObjectName("predict_dialog.out")
        change = QPushButton(tr("Change…"), objectName="predict_dialog.change", autoDefault=False)
        change.clicked.connect(self._choose_out)
        where = QHBoxLayout()
        where.setSpacing(GRID)
        where.addWidget(self._where, 1)
        where.addWidget(change)
        self.body.addWidget(about)
        self.body.addSpacing(GRID)
        self.body.addWidget(caption(tr("Texts"), self.text_column))
        self.body.addWidget(self.text_column)
        self.body.addWidget(self._example)
        self.body.addSpacing(GRID)
        self.body.addWidget(caption(tr("Write the result to"), change))
        self.body.addLayout(where)
        self.body.addStretch(1)
        self._where.setText(str(self.out))
        self.agree.setEnabled(False)
        self.agree.clicked.connect(self._agree)
        context.bridge.ask(
            PreviewFile(str(path)), self._take, "predict_dialog.preview", self._refused
        )

    def command(self) -> PredictFile:
        """What would be asked of the engine."""
        return PredictFile(
            self._model.id,
            str(self._path),
            str(self.out),
            text_column=self.text_column.currentText() or None,
            asked_by="models",
        )

    def write_to(self, out: Path) -> None:
        """Write the result there."""
        self.out = out
        self._where.setText(str(out))

    def _take(self, preview: FilePreview) -> None:
        self._preview = preview
        self.text_column.addItems(list(preview.columns))
        self.text_column.setCurrentIndex(self.text_column.findText(preview.text_column))
        self._show_example()
        self.agree.setFocus()

    def _refused(self, error: Exception) -> None:
        self.say(sentence_of(error)[0])

    def _show_example(self) -> None:
        preview, place = self._preview, self.text_column.currentIndex()
        if preview is None:
            return
        first = preview.rows[0][place] if preview.rows and place >= 0 else ""
        example = tr("The first one: {text}", text=" ".join(first.split()))
        self._example.setText(example if first else "")
        self.say("" if place >= 0 else tr("Choose the column that holds the texts."))
        self.agree.setEnabled(place >= 0)

    def _choose_out(self) -> None:
        file_choice.choose_new_file(
            self,
            self._context.settings,
            tr("Write the result to"),
            RESULTS,
            self.out.name,
            self.write_to,
        )

    def _agree(self) -> None:
        command = self.command()
        self.accept()
        self.chosen.emit(command)


def _about(model: str, *, several: bool) -> str:
    if several:
        return tr(
            "Every text gets the labels that {model} finds likely, with the probabilities of all "
            "labels. The result is a new file; this one stays as it is.",
            model=model,
        )
    return tr(
        "Every text gets the label that {model} finds most likely, with the probabilities of all "
        "labels. The result is a new file; this one stays as it is.",
        model=model,
    )


def free_path(source: Path) -> Path:
    """Return where predictions of a file can go beside it without taking any file's place."""
    suffix = ".jsonl" if source.suffix.lower() in (".jsonl", ".ndjson", ".json") else ".csv"
    return file_choice.free_place(source.with_name(f"{source.stem}-predicted{suffix}"))
