"""Asking for a new project: its file, its labels, its guideline; labels may come from a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from desktop.bridge import sentence_of
from desktop.dialogs import file_choice
from desktop.preferences import projects_folder
from desktop.theme.style import GRID
from desktop.widgets.form import FormDialog, caption
from desktop.widgets.view import Context
from engine.api import CreateProject, FilePreview, PreviewFile, ProjectInfo, tr, trn

MOST_LABELS = 200
"""More different values than this are hardly a column of labels."""
LABELS_OF_TEXTS = tr("new claim\nclaim status\ncomplaint")
LABELS_OF_PASSAGES = tr("person\ndate\naddress")


class ProjectDialog(FormDialog):
    """Makes a project file and opens it."""

    created = Signal(object)
    """The Path of the file whose texts should be imported next, or None."""

    def __init__(self, context: Context, parent: QWidget, file: Path | None = None) -> None:
        super().__init__("project_dialog", tr("New project"), tr("Create project"), parent)
        self._context = context
        self._file: Path | None = None
        self._found: tuple[str, ...] = ()
        self._folder = projects_folder(context.settings)

        self.name = QLineEdit(objectName="project_dialog.name")
        self.name.setPlaceholderText(tr("letters 2024"))
        self.name.textChanged.connect(self._show_place)
        self._place = QLabel(wordWrap=True)
        self._place.setProperty("role", "small")
        change = QPushButton(
            tr("Other folder…"), objectName="project_dialog.folder", autoDefault=False
        )
        change.setProperty("role", "quiet")
        change.clicked.connect(self._choose_folder)
        place = QHBoxLayout()
        place.addWidget(self._place, 1)
        place.addWidget(change)

        self._file_words = QLabel(tr("None yet; you can import later."), wordWrap=True)
        self._file_words.setProperty("role", "muted")
        choose = QPushButton(
            tr("Choose a file…"), objectName="project_dialog.file", autoDefault=False
        )
        choose.clicked.connect(self._choose_file)
        texts = QHBoxLayout()
        texts.addWidget(self._file_words, 1)
        texts.addWidget(choose)

        self.labels = QPlainTextEdit(objectName="project_dialog.labels", tabChangesFocus=True)
        self.labels.setPlaceholderText(LABELS_OF_TEXTS)
        self.labels.setFixedHeight(116)
        self.labels.textChanged.connect(self._check)
        self.single = QRadioButton(tr("One label a text"), objectName="project_dialog.single")
        self.several = QRadioButton(
            tr("Several labels a text"), objectName="project_dialog.several"
        )
        self.passages = QRadioButton(tr("Passages in a text"), objectName="project_dialog.passages")
        self.passages.setToolTip(
            tr("Names, dates, addresses: what is marked in the text, to find or to redact it.")
        )
        self.single.setChecked(True)
        self.passages.toggled.connect(self._another_kind)
        kinds = QHBoxLayout()
        kinds.setSpacing(3 * GRID)
        for kind in (self.single, self.several, self.passages):
            kinds.addWidget(kind)
        kinds.addStretch(1)
        self.guideline = QPlainTextEdit(objectName="project_dialog.guideline", tabChangesFocus=True)
        self.guideline.setPlaceholderText(tr("What a person should look for in a text. Optional."))
        self.guideline.setFixedHeight(64)

        body = self.body
        body.addWidget(caption(tr("Name"), self.name))
        body.addWidget(self.name)
        body.addLayout(place)
        body.addSpacing(GRID)
        body.addWidget(
            caption(tr("Your texts"), choose, tr("A CSV or JSONL file, with or without labels."))
        )
        body.addLayout(texts)
        body.addSpacing(GRID)
        body.addWidget(caption(tr("What gets labels")))
        body.addLayout(kinds)
        body.addSpacing(GRID)
        body.addWidget(
            caption(
                tr("Labels"),
                self.labels,
                tr("One a line. They get keys and colours by themselves."),
            )
        )
        body.addWidget(self.labels)
        body.addSpacing(GRID)
        body.addWidget(caption(tr("Guideline"), self.guideline))
        body.addWidget(self.guideline)
        self.agree.clicked.connect(self._create)
        self._show_place()
        self.name.setFocus()
        if file is not None:
            self.take_file(file)

    @property
    def path(self) -> Path:
        """The project file that would be made."""
        return self._folder / f"{self.name.text().strip()}.glossator"

    def label_names(self) -> tuple[str, ...]:
        """The labels as they were typed, without empty lines and repetitions."""
        lines = (line.strip() for line in self.labels.toPlainText().splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    def take_file(self, path: Path) -> None:
        """Look into a file with texts; its labels fill the field if that is still empty."""
        query = PreviewFile(str(path), kind=self._kind)
        self._context.bridge.ask(
            query, self._take_preview, "project_dialog.preview", self._file_refused
        )

    @property
    def _kind(self) -> str:
        return "spans" if self.passages.isChecked() else "classification"

    def _another_kind(self) -> None:
        of_passages = self.passages.isChecked()
        self.labels.setPlaceholderText(LABELS_OF_PASSAGES if of_passages else LABELS_OF_TEXTS)
        if self._file is not None:
            if self.label_names() == self._found:  # they are of the other kind
                self.labels.clear()
            self.take_file(self._file)

    def _take_preview(self, preview: FilePreview) -> None:
        new = self._file != Path(preview.path)
        self._file = Path(preview.path)
        if new and preview.kind == "spans" and not self.passages.isChecked():
            self.passages.setChecked(True)  # which looks into the file again, for passages
            return
        words = self._file.name
        if preview.labels and len(preview.labels) <= MOST_LABELS:
            words = trn(
                "{file}, 1 label in the column “{column}”",
                "{file}, {n} labels in the column “{column}”",
                len(preview.labels),
                file=words,
                column=preview.label_column,
            )
            if not self.label_names():
                self._found = tuple(preview.labels)
                self.labels.setPlainText("\n".join(self._found))
        self._file_words.setText(words)
        if not self.name.text().strip():
            self.name.setText(self._file.stem)
        self.say("")
        self._check()

    def _file_refused(self, error: Exception) -> None:
        self.say(sentence_of(error)[0])

    def _choose_file(self) -> None:
        settings = self._context.settings
        title = tr("Your texts")
        file_choice.choose_file(self, settings, title, file_choice.TEXTS, self.take_file)

    def _choose_folder(self) -> None:
        file_choice.choose_folder(
            self, self._context.settings, tr("Folder of the project"), self._take_folder
        )

    def _take_folder(self, folder: Path) -> None:
        self._folder = folder
        self._show_place()

    def _show_place(self) -> None:
        named = bool(self.name.text().strip())
        self._place.setText(
            tr("Saved as {path}", path=self.path)
            if named
            else tr("Saved in {folder}", folder=self._folder)
        )
        self._check()

    def _check(self) -> None:
        self.agree.setEnabled(bool(self.name.text().strip()) and bool(self.label_names()))

    def _create(self) -> None:
        self.agree.setEnabled(False)
        self._context.bridge.send(
            CreateProject(
                path=str(self.path),
                labels=self.label_names(),
                multi_label=self.several.isChecked(),
                kind=self._kind,
                guideline=self.guideline.toPlainText().strip(),
            ),
            self._created,
            self._refused,
        )

    def _created(self, project: ProjectInfo) -> None:
        self._context.settings.setValue("projects_folder", str(self._folder))
        self.accept()
        self.created.emit(self._file)

    def _refused(self, error: Exception) -> None:
        self.agree.setEnabled(True)
        self.say(sentence_of(error)[0])
