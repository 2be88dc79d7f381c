"""The chosen text whole, with what the model thinks of every label, ready to be corrected."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.theme.theme import Theme
from desktop.widgets.buttons import ActionButton
from desktop.widgets.label_bar import LabelBar
from desktop.widgets.meta_line import describe
from desktop.widgets.reading_pane import ReadingPane
from engine.api import PredictedRow, Suggestion, TaskInfo, TextDetail, tr, trc

SIZE = 16  # pixels; a little smaller than where one reads to label
LABELS_SHARE = 0.5  # of the panel's height that many labels may take


class TextPanel(QWidget):
    """A text, its facts, its labels as buttons with probabilities, and what else one can do."""

    label_chosen = Signal(int)

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspect.panel")
        self._pane = ReadingPane(theme, self, SIZE)
        self._pane.setObjectName("inspect.text")
        self._pane.setAccessibleName(tr("The chosen text"))
        self._facts = QLabel(self)
        self._facts.setProperty("role", "small")
        self._comment = QLabel(self)
        for label in (self._facts, self._comment):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.labels = LabelBar(theme, "inspect", self)
        self.labels.chosen.connect(self.label_chosen)
        self.labels.left.connect(self._pane.setFocus)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(ActionButton(actions, "inspect.keep", "quiet"))
        buttons.addWidget(ActionButton(actions, "inspect.flag", "quiet", tr("Ambiguous")))
        buttons.addWidget(ActionButton(actions, "inspect.open", "quiet", tr("Open in Annotate")))
        buttons.addStretch(1)
        self._foot = QWidget(self)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(24, 8, 24, 12)
        foot.setSpacing(8)
        foot.addWidget(self._comment)
        foot.addWidget(self._facts)
        foot.addWidget(self.labels)
        foot.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pane, 1)
        column.addWidget(self._foot)
        self._shown: int | None = None

    def set_task(self, task: TaskInfo) -> None:
        """Show the labels of a task."""
        self.labels.set_task(task, with_bars=True)

    def show_nothing(self) -> None:
        """Show no text."""
        self._shown = None
        self._pane.show_text("")
        self._foot.hide()

    def show_text(
        self, task: TaskInfo, detail: TextDetail, row: PredictedRow, suggestion: Suggestion
    ) -> None:
        """Show a text with today's labels and a model's probabilities."""
        if self._shown != detail.id:
            self._shown = detail.id
            self._pane.show_text(detail.content)
        predicted = [label.name for label in task.labels if label.id in row.predicted]
        also = trc("between two labels", "and")
        labels = f" {also} ".join(predicted) or trc("no label", "none")
        says = tr(
            "the model says {labels}, {sure:.0f} % sure",
            labels=labels,
            sure=row.confidence * 100,
        )
        self._facts.setText("  ·  ".join((says, *describe(task, detail))))
        self._comment.setText(detail.row.comment)
        self._comment.setVisible(bool(detail.row.comment))
        self.labels.show_text(detail.row.label_ids, suggestion)
        self._foot.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.labels.set_room(int(self.height() * LABELS_SHARE))
