"""In the middle: a text with the passages that will be replaced, or as it will be exported."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.annotate.span_canvas import Mark, SpanCanvas
from desktop.redact.words import FOUND_BY, replaced_words
from desktop.theme.theme import Theme
from desktop.widgets.buttons import ActionButton, IconButton
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.line import hairline
from engine.api import RedactionPreview, Replacement, TaskInfo, tr, trn

NARROWEST = 240
_SURE = 0.9
"""A confidence above this needs no figure beside the passage."""


class TextPane(QWidget):
    """Shows one preview; a person may select a passage of the original."""

    selection_changed = Signal()

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview: RedactionPreview | None = None
        self._task: TaskInfo | None = None
        self._wanted: tuple[int, int, int] | None = None
        self.setMinimumWidth(NARROWEST)
        self.canvas = SpanCanvas(theme, self)
        self.canvas.setObjectName("redact.text")
        self.canvas.setAccessibleName(tr("Text with the passages that will be replaced"))
        self.result = SpanCanvas(theme, self)
        self.result.setObjectName("redact.result")
        self.result.setAccessibleName(tr("Text as it will be exported"))
        self._where = ElidedLabel()
        self._where.setObjectName("redact.where")
        self._where.setProperty("role", "small")
        self._toggle = ActionButton(actions, "redact.result", "quiet", tr("As exported"))
        self._toggle.setCheckable(True)
        above = QHBoxLayout()
        above.setContentsMargins(16, 4, 8, 4)
        above.setSpacing(4)
        above.addWidget(self._where, 1)
        for id, icon in (
            ("redact.previous_text", "chevron-left"),
            ("redact.next_text", "chevron-right"),
        ):
            step = IconButton(theme, icon, actions.tooltip(id), partial(actions.trigger, id))
            step.setObjectName(f"button.{id}")
            above.addWidget(step)
        above.addWidget(self._toggle)
        self._hint = QLabel(objectName="redact.note", wordWrap=True)
        self._hint.setProperty("role", "small")
        self._hint.setContentsMargins(16, 6, 16, 8)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.result)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addWidget(hairline())
        column.addWidget(self._stack, 1)
        column.addWidget(self._hint)
        self.canvas.caret_moved.connect(self.selection_changed)

    @property
    def shows_result(self) -> bool:
        """Whether the text is shown as it will be exported."""
        return self._stack.currentWidget() is self.result

    def set_task(self, task: TaskInfo | None) -> None:
        """Say whose labels the passages have."""
        self._task = task
        labels = task.labels if task is not None else ()
        self.canvas.set_labels(labels)
        self.result.set_labels(labels)

    def show_result(self, on: bool) -> None:
        """Show the text as it will be exported, or as it is."""
        before, now = (self.canvas, self.result) if on else (self.result, self.canvas)
        focused = before.hasFocus()
        self._stack.setCurrentWidget(now)
        self._toggle.setChecked(on)
        if focused:
            now.setFocus()

    def show_preview(self, preview: RedactionPreview | None, place: int | None, of: int) -> None:
        """Show a text, the `place`-th of so many, or nothing."""
        before, self._preview = self._preview, preview
        if preview is None:
            self.canvas.show_text("")
            self.result.show_text("")
            self._where.setText("")
            self._hint.hide()
            return
        another = before is None or before.text_id != preview.text_id
        if another:
            self.canvas.show_text(preview.content)
        self.canvas.set_marks([self._mark(each) for each in preview.replacements])
        if another or before is None or before.redacted != preview.redacted:
            self.result.show_text(preview.redacted)
        self.result.set_marks(
            [
                self._mark(each, result=True)
                for each in preview.replacements
                if each.new_start < each.new_end and each.operator != "keep"
            ]
        )
        self._tell(preview, place, of)
        self._show_wanted()

    def point_at(self, text_id: int, start: int, end: int) -> None:
        """Select a passage, as soon as its text is shown."""
        self._wanted = text_id, start, end
        self._show_wanted()

    def chosen(self) -> tuple[int, int] | None:
        """The range a person means: what is selected, or else the passage they went to."""
        if self.shows_result or self._preview is None:
            return None
        mark = self.canvas.current()
        return self.canvas.selection() or ((mark.start, mark.end) if mark is not None else None)

    def label_at(self, start: int, end: int) -> int | None:
        """Return the label of a passage that will be replaced and touches a range."""
        for mark in self.canvas.marks():
            if mark.start < end and start < mark.end:
                return mark.label_id
        return None

    def _show_wanted(self) -> None:
        preview, wanted = self._preview, self._wanted
        if preview is None or wanted is None or preview.text_id != wanted[0]:
            return
        self._wanted = None
        start, end = wanted[1], min(wanted[2], len(preview.content))
        self.canvas.select(start, end)
        shown = (_moved(preview, start, after=False), _moved(preview, end, after=True))
        self.result.set_highlight([shown] if shown[0] < shown[1] else ())
        if shown[0] < shown[1]:
            self.result.reveal(*shown)

    def _mark(self, each: Replacement, *, result: bool = False) -> Mark:
        labels = self._task.labels if self._task is not None else ()
        label_id = next((label.id for label in labels if label.name == each.label), 0)
        unsure = each.source == "model" and each.confidence < _SURE and not result
        return Mark(
            each.new_start if result else each.start,
            each.new_end if result else each.end,
            label_id,
            "suggestion" if each.operator == "keep" else "gold",
            each.confidence if unsure else None,
        )

    def _tell(self, preview: RedactionPreview, place: int | None, of: int) -> None:
        where = found = FOUND_BY[preview.found_by]
        if place is not None:
            where = tr("Text {n:,} of {all:,}, {found}", n=place + 1, all=of, found=found)
        self._where.setText(where)
        replaced = sum(each.operator != "keep" for each in preview.replacements)
        kept = len(preview.replacements) - replaced
        words = [replaced_words(replaced)]
        if kept:
            words.append(
                trn(
                    "{n} passage kept by the policy, drawn in outline",
                    "{n:,} passages kept by the policy, drawn in outline",
                    kept,
                )
            )
        notes = list(dict.fromkeys(each.note for each in preview.replacements if each.note))
        shown = ", ".join(words) + "." + "".join(f" {note}" for note in notes[:2])
        self._hint.setText(shown)
        self._hint.show()


def _moved(preview: RedactionPreview, position: int, *, after: bool) -> int:
    """Return where a position of the original stands in the redacted text.

    One inside a passage that was replaced goes to its end with `after`, else to its beginning.
    """
    shift = 0
    for each in preview.replacements:
        if position <= each.start:
            break
        if position < each.end or (after and position == each.end):
            return each.new_end if after else each.new_start
        shift = each.new_end - each.end
    return position + shift
