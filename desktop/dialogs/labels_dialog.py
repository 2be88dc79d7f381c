"""The labels of the project: names, keys, colours and what counts; every change is kept at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from desktop.bridge import sentence_of
from desktop.theme.style import GRID
from desktop.widgets.buttons import IconButton
from desktop.widgets.form import FormDialog, caption
from desktop.widgets.view import Context
from engine.api import (
    AddLabel,
    EditLabel,
    EditTask,
    LabelInfo,
    RemoveLabel,
    TaskInfo,
    TasksChanged,
    tr,
    trc,
)

COLORS = (
    (tr("Orange"), "#e69f00"),
    (tr("Sky blue"), "#56b4e9"),
    (tr("Green"), "#009e73"),
    (tr("Yellow"), "#f0e442"),
    (tr("Blue"), "#0072b2"),
    (tr("Vermilion"), "#d55e00"),
    (tr("Purple"), "#cc79a7"),
    (tr("Slate"), "#4e79a7"),
    (tr("Red"), "#e15759"),
    (tr("Teal"), "#76b7b2"),
    (tr("Brown"), "#9c755f"),
    (tr("Grey"), "#8c8c8c"),
)
"""Okabe and Ito's colours, which colour-blind people can tell apart, then some of Tableau's."""


class LabelsDialog(FormDialog):
    """Edits the labels of the project's task; each change is one step of undo."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__("labels_dialog", tr("Labels and guideline"), tr("Done"), parent, width=760)
        self._context = context
        self.refuse.hide()
        self.agree.clicked.connect(self.accept)
        self.agree.setDefault(False)
        self.agree.setAutoDefault(False)
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(GRID)
        self._rows.setVerticalSpacing(4)
        page = QWidget()
        page.setProperty("role", "page")
        page.setLayout(self._rows)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setMinimumHeight(300)
        self._area.setWidget(page)
        self.new = QLineEdit(objectName="labels_dialog.new")
        self.new.setAccessibleName(tr("Name of a new label"))
        self.new.setPlaceholderText(tr("New label"))
        self.new.returnPressed.connect(self._add)
        add = QPushButton(tr("Add"), objectName="labels_dialog.add", autoDefault=False)
        add.clicked.connect(self._add)
        adding = QHBoxLayout()
        adding.addWidget(self.new, 1)
        adding.addWidget(add)
        self.guideline = QPlainTextEdit(objectName="labels_dialog.guideline", tabChangesFocus=True)
        self.guideline.setFixedHeight(72)
        self.body.addWidget(self._area, 1)
        self.body.addLayout(adding)
        self.body.addSpacing(GRID)
        self.body.addWidget(caption(tr("Guideline for the whole task"), self.guideline))
        self.body.addWidget(self.guideline)
        task = self._task
        if task is not None:
            self.guideline.setPlainText(task.guideline)
        self._fill()
        context.bridge.on(TasksChanged, self._tasks_changed)
        self.finished.connect(self._keep_guideline)

    @property
    def _task(self) -> TaskInfo | None:
        project = self._context.bridge.project
        return project.task if project else None

    def _tasks_changed(self, event: TasksChanged) -> None:
        self._fill()

    def _fill(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        task = self._task
        if task is None:
            return
        titles = ("", tr("Name"), trc("on the keyboard", "Key"), tr("What counts as this label"))
        for column, words in enumerate(titles):
            heading = QLabel(words)
            heading.setProperty("role", "small")
            self._rows.addWidget(heading, 0, column)
        for number, label in enumerate(task.labels, start=1):
            for column, widget in enumerate(self._row(label)):
                self._rows.addWidget(widget, number, column)
        self._rows.setColumnStretch(1, 2)
        self._rows.setColumnStretch(3, 4)
        self._rows.setRowStretch(len(task.labels) + 1, 1)

    def _row(self, label: LabelInfo) -> tuple[QWidget, ...]:
        color = QToolButton(objectName=f"labels_dialog.color.{label.id}")
        color.setAccessibleName(tr("Colour of {label}", label=label.name))
        color.setIcon(_swatch(label.color))
        color.setIconSize(QSize(18, 18))
        color.setProperty("role", "swatch")
        color.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(color)
        for words, value in COLORS:
            action = menu.addAction(_swatch(value), words)
            action.triggered.connect(partial(self._send, EditLabel(label.id, color=value)))
        color.setMenu(menu)
        name = QLineEdit(label.name, objectName=f"labels_dialog.name.{label.id}")
        name.setAccessibleName(tr("Name of {label}", label=label.name))
        name.editingFinished.connect(lambda: self._edit(label, "name", name))
        key = QLineEdit(label.key, objectName=f"labels_dialog.key.{label.id}", maxLength=1)
        key.setAccessibleName(tr("Key of {label}", label=label.name))
        key.setFixedWidth(48)
        key.editingFinished.connect(lambda: self._edit(label, "key", key))
        what = QLineEdit(label.guideline, objectName=f"labels_dialog.guideline.{label.id}")
        what.setAccessibleName(tr("What counts as {label}", label=label.name))
        what.setCursorPosition(0)
        what.editingFinished.connect(lambda: self._edit(label, "guideline", what))
        remove = IconButton(
            self._context.theme,
            "trash-can-outline",
            tr(
                "Remove {label} and take it off its texts (undo brings it back)",
                label=label.name,
            ),
            partial(self._send, RemoveLabel(label.id)),
        )
        remove.setObjectName(f"labels_dialog.remove.{label.id}")
        return color, name, key, what, remove

    def _edit(self, label: LabelInfo, part: str, field: QLineEdit) -> None:
        value = field.text().strip()
        if value != getattr(label, part):
            self._send(EditLabel(label.id, **{part: value}))

    def _add(self) -> None:
        task, name = self._task, self.new.text().strip()
        if task is not None and name:
            self.new.clear()
            self._send(AddLabel(task.id, name))

    def _keep_guideline(self) -> None:
        task, words = self._task, self.guideline.toPlainText().strip()
        if task is not None and words != task.guideline:
            self._context.bridge.send(EditTask(task.id, guideline=words))

    def _send(self, command: AddLabel | EditLabel | RemoveLabel, *_: object) -> None:
        self.say("")
        self._context.bridge.send(command, None, self._refused)

    def _refused(self, error: Exception) -> None:
        self.say(sentence_of(error)[0])
        self._fill()


def _swatch(color: str) -> QIcon:
    pixmap = QPixmap(36, 36)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(color))
    painter.setPen(QColor(0, 0, 0, 60))
    painter.drawEllipse(3, 3, 30, 30)
    painter.end()
    return QIcon(pixmap)
