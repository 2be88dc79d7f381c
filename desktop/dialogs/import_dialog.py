"""A look into a file before its texts come in: which column is what, and what about its labels."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.bridge import sentence_of
from desktop.theme.style import GRID
from desktop.widgets.form import FormDialog, caption
from desktop.widgets.view import Context
from engine.api import FilePreview, ImportTexts, PreviewFile, tr, trc, trn

SHOWN_ROWS = 6
CELL = 120  # characters of a value in the preview
NAMED = 5  # labels that the project has not
NO_LABELS = tr("No labels in this file")
SPLITS = (
    (tr("Keep a part back for testing (recommended)"), None),
    (tr("All of them for training"), "train"),
    (tr("All of them for validation"), "validation"),
    (tr("All of them for testing"), "test"),
)


class ImportDialog(FormDialog):
    """Asks how a file should be read; `chosen` carries the ImportTexts command."""

    chosen = Signal(object)

    def __init__(self, context: Context, path: Path, parent: QWidget) -> None:
        super().__init__(
            "import_dialog", tr("Import {file}", file=path.name), tr("Import"), parent, width=760
        )
        self._context = context
        self._path = path
        self._preview: FilePreview | None = None
        self._about = QLabel(tr("Reading…"), objectName="import_dialog.about")
        self._about.setProperty("role", "muted")
        self._table = QTableWidget(objectName="import_dialog.rows")
        self._table.setAccessibleName(tr("First rows of the file"))
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._table.setShowGrid(False)
        self._table.verticalHeader().hide()
        self._table.setMinimumHeight(220)
        self.text_column = QComboBox(objectName="import_dialog.text_column")
        self.label_column = QComboBox(objectName="import_dialog.label_column")
        self.split = QComboBox(objectName="import_dialog.split")
        self.text_column.activated.connect(self._check)
        self.label_column.activated.connect(self._look_again)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(4)
        for number, (words, field) in enumerate(
            (
                (tr("Texts"), self.text_column),
                (tr("Labels"), self.label_column),
                (trc("what texts are for", "Use"), self.split),
            )
        ):
            grid.addWidget(caption(words, field), 0, number)
            grid.addWidget(field, 1, number)
            grid.setColumnStretch(number, 1)
        self._unknown = QWidget(objectName="import_dialog.unknown")
        self._unknown_words = QLabel(wordWrap=True, objectName="import_dialog.unknown.words")
        self.add = QRadioButton(tr("Add these labels"), objectName="import_dialog.add")
        self.drop = QRadioButton(
            tr("Import these texts without them"), objectName="import_dialog.drop"
        )
        self.add.setChecked(True)
        column = QVBoxLayout(self._unknown)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._unknown_words, self.add, self.drop):
            column.addWidget(widget)
        self.body.addWidget(self._about)
        self.body.addWidget(self._table, 1)
        self.body.addSpacing(GRID)
        self.body.addLayout(grid)
        self.body.addWidget(self._unknown)
        self._unknown.hide()
        self.agree.setEnabled(False)
        self.agree.clicked.connect(self._agree)
        context.bridge.ask(
            PreviewFile(str(path), kind=self._kind()),
            self._take,
            "import_dialog.preview",
            self._refused,
        )

    def command(self) -> ImportTexts | None:
        """What would be asked of the engine; None until the file is known."""
        project = self._context.bridge.project
        if self._preview is None or project is None:
            return None
        split = self.split.currentData()
        return ImportTexts(
            path=str(self._path),
            task_id=project.task.id,
            format=self._preview.format,
            text_column=self.text_column.currentText(),
            label_column=self.label_column.currentData(),
            split=split if split in ("train", "validation", "test") else None,
            split_column=split[1] if isinstance(split, tuple) else None,
            unknown_labels="add" if self.add.isChecked() else "drop",
        )

    def _kind(self) -> str:
        project = self._context.bridge.project
        return "classification" if project is None else project.task.kind

    def _take(self, preview: FilePreview) -> None:
        self._preview = preview
        size = preview.size / 1000
        amount = (
            tr("{n:,.1f} MB", n=size / 1000)
            if size >= 1000
            else tr("{n:,} kB", n=max(1, round(size)))
        )
        self._about.setText(f"{preview.format.upper()} · {preview.encoding} · {amount}")
        self._fill_columns(preview)
        self._fill_rows(preview)
        self._show_unknown()
        self._check()
        self.agree.setFocus()

    def _look_again(self) -> None:
        """Another label column: look which labels it has."""
        self._context.bridge.ask(
            PreviewFile(
                str(self._path),
                text_column=self.text_column.currentText() or None,
                label_column=self.label_column.currentData(),
                kind=self._kind(),
            ),
            self._take_labels,
            "import_dialog.preview",
            self._refused,
        )

    def _take_labels(self, preview: FilePreview) -> None:
        self._preview = preview
        self._show_unknown()
        self._check()

    def _refused(self, error: Exception) -> None:
        self._about.setText("")
        self.say(sentence_of(error)[0])

    def _fill_columns(self, preview: FilePreview) -> None:
        self.text_column.addItems(list(preview.columns))
        self.text_column.setCurrentText(preview.text_column)
        if not preview.text_column:
            self.text_column.setCurrentIndex(-1)
        self.label_column.addItem(NO_LABELS, "")
        for name in preview.columns:
            self.label_column.addItem(name, name)
        self.label_column.setCurrentIndex(max(0, self.label_column.findData(preview.label_column)))
        for words, value in SPLITS:
            self.split.addItem(words, value)
        for name in preview.columns:
            self.split.addItem(_as_column(name), ("column", name))
        if preview.split_column:
            self.split.setCurrentIndex(
                max(0, self.split.findText(_as_column(preview.split_column)))
            )

    def _fill_rows(self, preview: FilePreview) -> None:
        rows = preview.rows[:SHOWN_ROWS]
        self._table.setColumnCount(len(preview.columns))
        self._table.setHorizontalHeaderLabels(list(preview.columns))
        self._table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                one_line = " ".join(value.split())
                self._table.setItem(number, place, QTableWidgetItem(one_line[:CELL]))
        header = self._table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        if preview.text_column in preview.columns:
            place = preview.columns.index(preview.text_column)
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)

    def _show_unknown(self) -> None:
        project = self._context.bridge.project
        if self._preview is None or project is None:
            return
        known = {label.name.casefold().strip() for label in project.task.labels}
        unknown = [name for name in self._preview.labels if name.casefold().strip() not in known]
        self._unknown_words.setText(_unknown_words(unknown))
        self._unknown.setVisible(bool(unknown))

    def _check(self) -> None:
        chosen = self.text_column.currentIndex() >= 0
        self.say("" if chosen else tr("Choose the column that holds the texts."))
        self.agree.setEnabled(chosen and self._preview is not None)

    def _agree(self) -> None:
        command = self.command()
        self.accept()
        if command is not None:
            self.chosen.emit(command)


def _as_column(name: str) -> str:
    return tr("As the column “{name}” says", name=name)


def _unknown_words(names: list[str]) -> str:
    shown = ", ".join(tr("“{words}”", words=name) for name in names[:NAMED])
    if len(names) > NAMED:
        return tr(
            "{n:,} labels of this file are not in the project: {shown} and {more:,} more.",
            n=len(names),
            shown=shown,
            more=len(names) - NAMED,
        )
    return trn(
        "One label of this file is not in the project: {shown}.",
        "{n:,} labels of this file are not in the project: {shown}.",
        len(names),
        shown=shown,
    )
