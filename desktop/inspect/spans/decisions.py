"""Deciding about one error after the other: who is right, gold or the model?"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt

from desktop.annotate.span_canvas import Mark
from desktop.inspect.page import ASKED_BY
from desktop.inspect.spans.error_list import ErrorList
from desktop.inspect.spans.inspection import SpanInspection
from desktop.inspect.spans.panel import SpanPanel
from desktop.widgets.view import Context
from engine.api import (
    AddSpan,
    EditSpan,
    GetSpanText,
    LabelCommand,
    LabelsChanged,
    MarkAmbiguous,
    RemoveSpan,
    SpanError,
    SpanMark,
    SpanText,
    TaskInfo,
    tr,
)

_ALT, _SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


class Decisions(QObject):
    """Carries the current error from the list to the panel and the verdict to the engine.

    A verdict goes on to the next error at once; the one that was decided leaves the list when the
    engine has judged again.
    """

    def __init__(
        self,
        context: Context,
        inspection: SpanInspection,
        rows: ErrorList,
        panel: SpanPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._inspection = inspection
        self._rows = rows
        self._panel = panel
        self._error: SpanError | None = None
        self._asked_about: SpanError | None = None
        self._in_flight = 0  # decisions that are not on disk yet
        rows.current_changed.connect(self._show)
        panel.label_chosen.connect(self.label)
        panel.reason_given.connect(self._give_reason)
        panel.canvas.boundary_moved.connect(self._move)
        panel.show_nothing()
        context.bridge.on(LabelsChanged, self._follow)
        self._bind()

    def has_error(self) -> bool:
        """Whether there is an error to decide about."""
        return self._error is not None

    def has_gold(self) -> bool:
        """Whether something is marked where the error is."""
        return self._error is not None and self._error.gold is not None

    def take(self) -> None:
        """The model is right: make gold what it says, which may be nothing."""
        error = self._error
        if error is None:
            return
        if error.predicted is None:
            self.remove()
        elif error.gold is None:
            self._mark(error.predicted, suggested=True)
            self._rows.advance()
        else:
            self._edit(error, _span(error.predicted))
            self._rows.advance()

    def keep(self) -> None:
        """Gold is right: tick the error for this session and go on."""
        if self._error is not None:
            self._rows.keep(self._error)
            self._rows.advance()

    def remove(self) -> None:
        """Nothing is to be marked here; the text stays one that somebody went through."""
        error, task = self._error, self._task()
        if task is None or error is None or error.gold is None:
            return
        gold = _span(error.gold)
        self._send(RemoveSpan(task.id, error.text_id, gold, answered=True, asked_by=ASKED_BY))
        self._rows.advance()

    def label(self, label_id: int) -> None:
        """Give this label to what is selected, or else to the passage of the error."""
        error = self._error
        if error is None:
            return
        self._panel.labels.flash(label_id)
        selection = self._panel.canvas.selection()
        if selection is not None and self._panel.text_id == error.text_id:
            self._mark(SpanMark(*selection, label_id))
            return
        mark = error.mark
        if error.gold is None:
            self._mark(SpanMark(mark.start, mark.end, label_id))
        elif mark.label_id == label_id:
            self.keep()
            return
        else:
            self._edit(error, (mark.start, mark.end, label_id))
        self._rows.advance()

    def ask_reason(self) -> None:
        """People could disagree: ask for the reason."""
        error, task = self._error, self._task()
        if error is not None and task is not None:
            self._asked_about = error
            self._panel.ask_reason(error.passage, task.label(error.mark.label_id).name)

    def open(self) -> None:
        """Show the text in Annotate."""
        if self._error is not None:
            self._context.navigate("annotate", text_id=self._error.text_id)

    # --- inside ---------------------------------------------------------------------------------

    def _bind(self) -> None:
        bind, press = self._context.actions.bind, self._panel.press
        bind("inspect.take", self.take, self.has_error)
        bind("inspect.keep_mark", self.keep, self.has_error)
        bind("inspect.ambiguous", self.ask_reason, self.has_error)
        bind("inspect.remove_mark", self.remove, self.has_gold)
        bind("inspect.open_passage", self.open, self.has_error)
        for id in ("take", "keep_mark", "remove_mark"):
            # A key held down must not decide about one passage after the other, unread.
            self._context.actions.qaction(f"inspect.{id}").setAutoRepeat(False)
        bind("inspect.next", lambda: self._rows.advance(), self.has_error)
        bind("inspect.previous", lambda: self._rows.advance(-1), self.has_error)
        left, right = Qt.Key.Key_Left, Qt.Key.Key_Right
        bind("inspect.end_earlier", lambda: press(left, _ALT), self.has_gold)
        bind("inspect.end_later", lambda: press(right, _ALT), self.has_gold)
        bind("inspect.begin_earlier", lambda: press(left, _ALT | _SHIFT), self.has_gold)
        bind("inspect.begin_later", lambda: press(right, _ALT | _SHIFT), self.has_gold)

    def _give_reason(self, reason: str) -> None:
        error, task = self._asked_about, self._task()
        self._asked_about = None
        if error is None or task is None:
            return
        if not reason:
            self._context.strip.show_message(
                tr("Nothing was noted: say in a few words what is unclear."), kind="error"
            )
            return
        span = _span(error.mark)
        self._send(MarkAmbiguous(task.id, error.text_id, span, reason, asked_by=ASKED_BY))
        if error == self._error:
            self._rows.keep(error)
            self._rows.advance()

    def _move(self, mark: Mark, start: int, end: int) -> None:
        """A person nudges a bound of a gold mark; the error stays the current one."""
        error, task = self._error, self._task()
        if error is None or task is None or self._panel.text_id != error.text_id:
            return
        before, after = SpanMark(mark.start, mark.end, mark.label_id), (start, end, mark.label_id)
        self._send(EditSpan(task.id, error.text_id, _span(before), after, asked_by=ASKED_BY))
        # The next key press must find it where it is now; the engine's word comes later.
        self._panel.move_gold(mark, start, end)
        if error.gold == before:
            self._error = replace(error, gold=SpanMark(*after))

    def _edit(self, error: SpanError, new: tuple[int, int, int]) -> None:
        task = self._task()
        if task is not None and error.gold is not None:
            gold = _span(error.gold)
            self._send(EditSpan(task.id, error.text_id, gold, new, asked_by=ASKED_BY))

    def _mark(self, mark: SpanMark, *, suggested: bool = False) -> None:
        error, task, model = self._error, self._task(), self._inspection.model
        if error is None or task is None:
            return
        origin = "suggestion accepted" if suggested else "person"
        model_id = model.id if suggested and model is not None else None
        self._send(
            AddSpan(task.id, error.text_id, _span(mark), origin, model_id, asked_by=ASKED_BY)
        )

    def _send(self, command: LabelCommand) -> None:
        self._in_flight += 1
        self._context.bridge.send(command, self._written, self._refused)

    def _written(self, step: object) -> None:
        self._in_flight -= 1
        if not self._in_flight:
            self._ask()

    def _refused(self, error: Exception) -> None:
        self._context.bridge.tell(error)
        self._written(None)

    def _follow(self, event: LabelsChanged) -> None:
        """Show again what was changed, if it is what is shown; go to what was undone."""
        if self._inspection.model is None or event.task_id != self._inspection.model.task_id:
            return
        if event.kind in ("undo", "redo") and len(event.text_ids) == 1:
            self._rows.show_text(event.text_ids[0])
        if self._error is not None and self._error.text_id in event.text_ids:
            self._ask()

    def _task(self) -> TaskInfo | None:
        project = self._inspection.project
        return None if project is None else project.task

    def _show(self, error: SpanError | None) -> None:
        self._error = error
        self._context.actions.refresh()
        if error is None:
            self._panel.show_nothing()
        else:
            self._ask()

    def _ask(self) -> None:
        model = self._inspection.model
        if model is not None and self._error is not None:
            self._context.bridge.ask(
                GetSpanText(model.id, self._error.text_id, self._inspection.split),
                self._take_text,
                "inspect.span_text",
            )

    def _take_text(self, text: SpanText | None) -> None:
        task, error = self._task(), self._error
        if text is None or task is None or error is None or error.text_id != text.detail.id:
            return
        if self._in_flight and self._panel.text_id == error.text_id:
            return  # read before the last key press, it would step back for a moment
        self._panel.show_error(task, text, error)


def _span(mark: SpanMark) -> tuple[int, int, int]:
    return mark.start, mark.end, mark.label_id
