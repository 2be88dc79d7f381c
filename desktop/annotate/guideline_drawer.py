"""What counts as which label, below the text: to read while labelling, and to improve."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop.theme.theme import Theme
from engine.api import Counts, TaskInfo, number_text, tr


class GuidelineDrawer(QWidget):
    """Shows the guideline of the task and of each label; asks for changes, makes none."""

    task_guideline_edited = Signal(str)
    label_guideline_edited = Signal(int, str)
    left = Signal()
    """Editing is over; the text wants the keyboard back."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._task: TaskInfo | None = None
        self._counts: Counts | None = None
        self._edited: int | None = None  # the label whose words are in the field; None: the task
        self._before = ""
        self.setObjectName("annotate.guideline")
        self.setAccessibleName(tr("Guideline"))
        title = QLabel(tr("Guideline"), self)
        title.setProperty("role", "heading")
        self._edit = QPushButton(tr("Edit"), self)
        self._edit.setObjectName("annotate.guideline_edit")
        self._edit.setProperty("role", "quiet")
        self._edit.setToolTip(tr("Change what the guideline says"))
        self._edit.clicked.connect(self._start_editing)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._edit)
        self._pages = QStackedWidget(self)
        self._reading = QTextBrowser(self)
        self._reading.setObjectName("annotate.guideline_text")
        self._reading.setAccessibleName(tr("What counts as which label"))
        self._reading.setProperty("role", "reading")
        self._reading.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._reading.setOpenLinks(False)
        self._pages.addWidget(self._reading)
        self._pages.addWidget(self._make_editor())
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 8, 24, 16)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        theme.changed.connect(self._render)

    def set_task(self, task: TaskInfo, counts: Counts | None) -> None:
        """Show a task's guideline, and beside each label how many texts carry it."""
        self._task, self._counts = task, counts
        self._render()

    def to_top(self) -> None:
        """Show the guideline from its beginning."""
        self._reading.verticalScrollBar().setValue(0)

    # --- inside ---------------------------------------------------------------------------------

    def _make_editor(self) -> QWidget:
        page = QWidget(self)
        self._subject = QComboBox(page)
        self._subject.setObjectName("annotate.guideline_subject")
        self._subject.setAccessibleName(tr("Which part of the guideline"))
        self._subject.setMinimumWidth(220)
        self._subject.currentIndexChanged.connect(self._show_subject)
        self._field = QPlainTextEdit(page)
        self._field.setObjectName("annotate.guideline_field")
        self._field.setAccessibleName(tr("The words of the guideline"))
        self._field.setTabChangesFocus(True)
        done = QPushButton(tr("Done"), page)
        done.setObjectName("annotate.guideline_done")
        done.setProperty("role", "primary")
        done.clicked.connect(self._stop_editing)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._subject)
        row.addStretch(1)
        row.addWidget(done)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._field, 1)
        return page

    def _render(self) -> None:
        if self._task is None:
            return
        muted, text = self._theme.css("text_muted"), self._theme.css("text")
        parts = []
        if self._task.guideline:
            words = escape(self._task.guideline).replace("\n", "<br>")
            parts.append(f"<p style='color:{text}; margin:0 0 8px 4px'>{words}</p>")
        rows = []
        for label in self._task.labels:
            count = ""
            if self._counts is not None:
                count = number_text(self._counts.by_label.get(label.id, 0))
            words = escape(label.guideline).replace("\n", "<br>")
            if not words:
                nothing = escape(tr("Nothing is written about it yet."))
                words = f"<span style='color:{muted}'>{nothing}</span>"
            rows.append(
                f"<tr><td style='color:{label.color}'>●</td>"
                f"<td style='font-weight:600'>{escape(label.name)}</td>"
                f"<td align='right' style='color:{muted}'>{count}</td>"
                f"<td>{words}</td></tr>"
            )
        parts.append(
            f"<table cellspacing='0' cellpadding='4' style='margin-top:8px'>{''.join(rows)}</table>"
        )
        place = self._reading.verticalScrollBar().value()
        self._reading.setHtml("".join(parts))
        self._reading.verticalScrollBar().setValue(place)

    def _start_editing(self) -> None:
        if self._task is None:
            return
        self._subject.blockSignals(True)
        self._subject.clear()
        self._subject.addItem(tr("The whole task"), None)
        for label in self._task.labels:
            self._subject.addItem(label.name, label.id)
        self._subject.blockSignals(False)
        self._edit.hide()
        self._pages.setCurrentIndex(1)
        self._before = self._field.toPlainText()
        self._show_subject()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_subject(self) -> None:
        if self._task is None:
            return
        self._write()
        self._edited = self._subject.currentData()
        if self._edited is None:
            words = self._task.guideline
            hint = tr("What is asked of every text, in a sentence or two.")
        else:
            label = self._task.label(self._edited)
            words = label.guideline
            hint = tr("What counts as “{label}”, and what does not?", label=label.name)
        self._before = words
        self._field.setPlainText(words)
        self._field.setPlaceholderText(hint)

    def _write(self) -> None:
        """Ask for the change, if there is one; nobody has to remember to save."""
        words = self._field.toPlainText().strip()
        if words == self._before.strip():
            return
        self._before = words
        if self._edited is None:
            self.task_guideline_edited.emit(words)
        else:
            self.label_guideline_edited.emit(self._edited, words)

    def _stop_editing(self) -> None:
        self._write()
        self._edit.show()
        self._pages.setCurrentIndex(0)
        self.left.emit()
