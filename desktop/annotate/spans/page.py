"""The page of a text in which passages are marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget

from desktop.actions import ActionSet
from desktop.annotate.inline_form import InlineForm
from desktop.annotate.page import TextPage
from desktop.annotate.span_canvas import Mark, SpanCanvas
from desktop.annotate.spans.passage_list import PassageList
from desktop.theme.theme import Theme
from desktop.widgets.number_field import NumberField
from engine.api import SpanSuggestion, TaskInfo, TextDetail, tr

PLACE = "annotate.spans"
SURE_ENOUGH = 90  # percent from which on a suggestion is accepted together with others


class SpanPage(TextPage):
    """Shows a text with what is marked and suggested in it, and the passages below it."""

    walked = Signal(bool)
    """Tab was pressed in the text: forward or not."""
    touched = Signal(bool)
    """A person is about to do something in the text: by mouse or not."""
    left_off = Signal()
    """Escape was pressed in the text."""
    threshold_chosen = Signal()

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        self.canvas = SpanCanvas(theme)
        self.passages = PassageList(theme)
        self.takes_escape = False
        self.entity_form = InlineForm("entity", tr("Who is meant"), tr("Same name, same person"))
        parts = (self.passages, self.entity_form)
        super().__init__(actions, theme, self.canvas, parts, parent)
        self.entity_form.closed.connect(self.focus_text)
        self._with_threshold()
        self.keep_lines(2)
        self._counted: Counter[int] = Counter()
        self.canvas.viewport().installEventFilter(self)
        self.passages.chosen.connect(self._choose)

    def show_text(self, task: TaskInfo, detail: TextDetail) -> bool:
        other = super().show_text(task, detail)
        if other:
            self.entity_form.close_form()
        return other

    def forget_text(self) -> None:
        super().forget_text()
        self.entity_form.close_form()

    def set_task(self, task: TaskInfo, *, suggestions: bool) -> None:
        self.labels.set_task(task, with_bars=False)
        self.labels.show_counts(self._counted)
        self.canvas.set_labels(task.labels)
        self.passages.set_task(task)
        self.suggestions_possible(suggestions)

    def show_passages(
        self, task: TaskInfo, detail: TextDetail, suggestions: Sequence[SpanSuggestion]
    ) -> None:
        """Show what is marked and what is suggested in the text that is shown."""
        known = {label.id for label in task.labels}
        length = len(detail.content)
        marks = [
            Mark(span.start, span.end, span.label_id)
            for span in detail.spans
            if span.label_id in known
        ]
        marks += [
            Mark(each.start, each.end, each.label_id, "suggestion", each.confidence)
            for each in suggestions
            if each.label_id in known and each.end <= length
        ]
        self.canvas.set_marks(marks)
        self.passages.set_meanings(
            {(each.start, each.end, each.label_id): each.entity for each in detail.spans}
        )
        self._counted = Counter(span.label_id for span in detail.spans)
        self.labels.show_counts(self._counted)
        self.suggestions_possible(bool(suggestions))
        self.show_place()

    def show_place(self) -> None:
        """Let the line of passages follow where one is in the text."""
        canvas = self.canvas
        self.passages.show_marks(canvas.content(), canvas.marks(), canvas.current())

    def threshold(self) -> float:
        """From which confidence on, 0 to 1, suggestions are accepted together."""
        return self._threshold.value() / 100

    def set_threshold(self, percent: int) -> None:
        """Show a threshold without telling anybody."""
        self._threshold.blockSignals(True)
        self._threshold.setValue(percent)
        self._threshold.blockSignals(False)

    def suggestions_possible(self, possible: bool) -> None:
        """Show the threshold once there are suggestions; it stays from then on."""
        if possible and self._accepting.isHidden():
            self._accepting.show()
            self.header.make_room()

    def press_in_text(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        """Do what a key does in the text, for a command that was chosen by its words."""
        self.focus_text()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(self.canvas, QKeyEvent(kind, key, modifiers))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.canvas and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and self._takes(event):
                return True
        elif isinstance(event, QMouseEvent) and _points(event):
            self.touched.emit(True)
        return super().eventFilter(watched, event)

    # --- inside ---------------------------------------------------------------------------------

    def _takes(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and self.takes_escape:
            self.left_off.emit()
            return True
        self.touched.emit(False)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            if plain:
                back = event.key() == Qt.Key.Key_Backtab or bool(event.modifiers())
                self.walked.emit(not back)
            else:  # the way out for those who go about the window by keys
                self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
            return True
        return False

    def _choose(self, mark: Mark) -> None:
        self.canvas.set_current(mark)
        self.focus_text()

    def _with_threshold(self) -> None:
        self._threshold = NumberField(self)
        self._threshold.setObjectName("annotate.accept_from")
        self._threshold.setAccessibleName(
            tr("How sure a suggestion must be to be accepted with all")
        )
        self._threshold.setRange(1, 100)
        self._threshold.setValue(SURE_ENOUGH)
        self._threshold.setSuffix(" %")
        self._threshold.setFixedWidth(76)
        self._threshold.valueChanged.connect(lambda: self.threshold_chosen.emit())
        self._threshold.editingFinished.connect(self._return_from_threshold)
        words = QLabel(tr("Accept all from"))
        words.setProperty("role", "muted")
        words.setBuddy(self._threshold)
        words.setToolTip(self.actions_.tooltip("annotate.accept_all"))
        self._accepting = QWidget(self)
        self._accepting.setObjectName("annotate.accepting")
        row = QHBoxLayout(self._accepting)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(6)
        row.addWidget(words)
        row.addWidget(self._threshold)
        self.header.add_part(self._accepting)
        self._accepting.hide()

    def _return_from_threshold(self) -> None:
        if self._threshold.hasFocus():
            self.focus_text()


def _points(event: QMouseEvent) -> bool:
    """Whether somebody goes somewhere by mouse; with Ctrl one asks about the words of a passage."""
    pressed = event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
    return pressed and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
