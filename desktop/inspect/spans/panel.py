"""The text of the chosen error, gold above the lines and the prediction below; and what to do."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.annotate.inline_form import InlineForm
from desktop.annotate.span_canvas import Mark, SpanCanvas
from desktop.inspect.spans.words import KINDS, error_words, names_of
from desktop.theme.theme import Theme
from desktop.widgets.buttons import ActionButton
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.flow_layout import FlowLayout
from desktop.widgets.label_bar import LabelBar
from desktop.widgets.meta_line import describe
from engine.api import SpanError, SpanText, TaskInfo, tr, trc

SIZE = 16  # pixels; a little smaller than where one reads to mark
LABELS_SHARE = 0.3  # of the panel's height that many labels may take
ROOM_FOR_FACTS, ROOM_FOR_LABELS = 240, 300  # pixels of the panel's height


class SpanPanel(QWidget):
    """A text with both readings, the facts of one error, the labels, and the decisions."""

    label_chosen = Signal(int)
    reason_given = Signal(str)
    """Why the passage is ambiguous."""
    left = Signal()
    """The form has gone; the list wants the keyboard back."""

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspect.span_panel")
        self.text_id: int | None = None
        """The text that is shown."""
        self.canvas = SpanCanvas(theme, self, SIZE)
        self.canvas.setObjectName("inspect.canvas")
        self.canvas.setAccessibleName(tr("The text, gold above the lines and the prediction below"))
        self.canvas.set_two_rows(True)
        self._kind = ElidedLabel(parent=self)
        self._kind.setObjectName("inspect.span_kind")
        self._facts = ElidedLabel(parent=self)
        self._facts.setProperty("role", "small")
        self._comment = ElidedLabel(parent=self)
        for label in (self._kind, self._facts, self._comment):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.form = InlineForm("reason", tr("Why?"), "", self, view="inspect")
        self.form.saved.connect(self.reason_given)
        self.form.closed.connect(self._form_closed)
        self.labels = LabelBar(theme, "inspect", self)
        self.labels.chosen.connect(self.label_chosen)
        self.labels.left.connect(self.left)
        self._foot = QWidget(self)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(24, 8, 24, 12)
        foot.setSpacing(8)
        for part in (self._kind, self._comment, self._facts, self.form, self.labels):
            foot.addWidget(part)
        self._decisions = self._buttons(actions)
        foot.addWidget(self._decisions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.canvas, 1)
        column.addWidget(self._foot)

    def set_task(self, task: TaskInfo) -> None:
        """Show the labels of a task."""
        self.labels.set_task(task, with_bars=False)
        self.canvas.set_labels(task.labels)

    def show_nothing(self) -> None:
        """Show no text."""
        self.text_id = None
        self.form.close_form()
        self.canvas.show_text("")
        self._foot.hide()

    def show_error(self, task: TaskInfo, text: SpanText, error: SpanError) -> None:
        """Show a text with all marks of both sides, and go to those of an error."""
        detail = text.detail
        if self.text_id != detail.id:
            self.text_id = detail.id
            self.form.close_form()
            self.canvas.show_text(detail.content)
        names = names_of(task)
        gold = [Mark(span.start, span.end, span.label_id) for span in detail.spans]
        found = [
            Mark(mark.start, mark.end, mark.label_id, "predicted", confidence)
            for mark, confidence in text.predicted
            if mark.label_id in names
        ]
        self.canvas.set_marks([*gold, *found])
        wanted = error.mark
        for mark in gold if error.gold else found:
            if (mark.start, mark.end, mark.label_id) == (wanted.start, wanted.end, wanted.label_id):
                self.canvas.set_current(mark)
        self._kind.setText(
            tr(
                "{kind}: “{passage}” {facts}",
                kind=KINDS[error.kind].words,
                passage=error.passage,
                facts=error_words(task, error),
            )
        )
        self._facts.setText("  ·  ".join(describe(task, detail)))
        self._comment.setText(tr("Comment: {comment}", comment=detail.row.comment))
        self._comment.setVisible(bool(detail.row.comment))
        self.labels.show_text((error.gold.label_id,) if error.gold else (), None)
        self._foot.show()

    def move_gold(self, mark: Mark, start: int, end: int) -> None:
        """Show a gold mark elsewhere at once."""
        moved = replace(mark, start=start, end=end)
        others = [other for other in self.canvas.marks() if other not in (mark, moved)]
        self.canvas.set_marks([*others, moved])

    def ask_reason(self, passage: str, label: str) -> None:
        """Ask why a passage is ambiguous; the reason goes into the guideline of `label`."""
        self.form.field.setPlaceholderText(
            tr(
                "Goes into the guideline of {label}, with “{passage}”",
                label=label,
                passage=passage,
            )
        )
        self._make_room(asking=True)
        self.form.open_form()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        """Let the canvas take a key, wherever the keyboard is."""
        self.canvas.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, key, modifiers))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.labels.set_room(int(self.height() * LABELS_SHARE))
        self._make_room(asking=not self.form.isHidden())

    def _form_closed(self) -> None:
        self._make_room(asking=False)
        self.left.emit()

    def _make_room(self, *, asking: bool) -> None:
        """Show what there is room for; every key works without."""
        self._facts.setVisible(self.height() >= ROOM_FOR_FACTS)
        self.labels.setVisible(not asking and self.height() >= ROOM_FOR_LABELS)
        self._decisions.setVisible(not asking)

    def _buttons(self, actions: ActionSet) -> QWidget:
        holder = QWidget(self)
        row = FlowLayout(holder, gap=4)
        row.setContentsMargins(0, 0, 0, 0)
        for id, role, words in (
            ("inspect.take", "primary", tr("Take prediction")),
            ("inspect.keep_mark", "quiet", trc("what is marked", "Keep")),
            ("inspect.ambiguous", "quiet", tr("Ambiguous")),
            ("inspect.remove_mark", "quiet", tr("Unmark")),
            ("inspect.open_passage", "quiet", tr("Open")),
        ):
            row.addWidget(ActionButton(actions, id, role, words, holder))
        return holder
