"""What a key press does: the next text at once, the command to the engine, and back if refused."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.annotate.queue import LabelQueue
from desktop.annotate.tally import recount
from desktop.bridge import Bridge, sentence_of
from desktop.widgets.view import Strip
from engine.api import (
    ClearLabels,
    Counts,
    GetCounts,
    LabelCommand,
    SetComment,
    SetFlagged,
    SetLabels,
    SetSkipped,
    Suggestion,
    TaskInfo,
    TextDetail,
    TextRow,
)

ASKED_BY = "annotate"
LIKELY = 0.5  # in a multi-label task, the probability from which a label is suggested
COUNT_AGAIN_MS = 300


class Labelling(QObject):
    """Labels the queue's current text.

    Everything is shown as done at once and sent to the engine, which is asked nothing that the
    person would have to wait for. If the engine refuses, the text comes back as it was.
    """

    given = Signal(int)
    """A label was given by the person just now: its id."""
    amended = Signal()
    """The current text changed in place: a flag, a comment, one of several labels."""
    counted = Signal(object)
    """How far the labelling is now: Counts."""

    refused = Signal(int)
    """The engine refused what was done to a text: its id."""

    def __init__(
        self, bridge: Bridge, queue: LabelQueue, strip: Strip, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._queue = queue
        self._strip = strip
        self._in_flight = 0
        self.task: TaskInfo | None = None
        self.counts: Counts | None = None
        self._count_again = QTimer(self)
        self._count_again.setSingleShot(True)
        self._count_again.setInterval(COUNT_AGAIN_MS)
        self._count_again.timeout.connect(self._ask_counts)

    def set_task(self, task: TaskInfo | None) -> None:
        """Label for this task from now on, or for none."""
        if task is None or self.task is None or task.id != self.task.id:
            self.counts = None
        self.task = task
        if task is None:
            self._count_again.stop()
        elif self.counts is None:
            self._ask_counts()

    def press(self, label_id: int) -> None:
        """Give a label and go on; in a multi-label task, give or take it and stay."""
        row = self._row()
        if row is None or self.task is None:
            return
        if not self.task.multi_label:
            self._label((label_id,), flash=label_id, go_on=True)
            return
        chosen = set(row.label_ids) ^ {label_id}
        if not chosen:
            self.clear()  # the last one taken back: nothing was decided about this text yet
            return
        ordered = tuple(label.id for label in self.task.labels if label.id in chosen)
        self._label(ordered, flash=label_id if label_id in chosen else None, go_on=False)

    def accept(self) -> None:
        """Take what the model suggests and go on; confirm a text that has its labels."""
        row, detail = self._row(), self._queue.current
        if row is None or detail is None or self.task is None:
            return
        if row.labelled:
            self.go_on()
        elif detail.suggestion is not None:
            label_ids = suggested(self.task, detail.suggestion)
            if not label_ids and not self.task.multi_label:
                return
            self._label(
                label_ids,
                flash=label_ids[0] if label_ids else None,
                go_on=True,
                model_id=detail.suggestion.model_id,
            )
        elif self.task.multi_label:
            self._label((), flash=None, go_on=True)

    def skip(self) -> None:
        """Leave the text for later and go on."""
        row = self._row()
        if row is None or self.task is None:
            return
        if row.labelled or row.skipped:
            self.go_on()
            return
        command = SetSkipped(self.task.id, (row.id,), asked_by=ASKED_BY)
        self._change(replace(row, skipped=True), command, go_on=True)

    def go_on(self) -> None:
        """Leave the text as it is, done, and show the next."""
        if self._queue.current_id is not None:
            self._queue.finish(self._queue.current_id)
            self._queue.advance()

    def flag(self) -> None:
        """Mark the text for a second look, or take the mark off."""
        row = self._row()
        if row is not None and self.task is not None:
            command = SetFlagged(self.task.id, (row.id,), not row.flagged, asked_by=ASKED_BY)
            self._change(replace(row, flagged=not row.flagged), command, go_on=False)

    def clear(self) -> None:
        """Take labels and skip off the text."""
        row = self._row()
        if row is None or self.task is None:
            return
        command: LabelCommand
        if row.labelled:
            command = ClearLabels(self.task.id, (row.id,), asked_by=ASKED_BY)
        elif row.skipped:
            command = SetSkipped(self.task.id, (row.id,), False, asked_by=ASKED_BY)
        else:
            return
        after = replace(row, label_ids=(), labelled=False, skipped=False)
        self._change(after, command, go_on=False)

    def comment(self, words: str) -> None:
        """Write a comment on the text, or remove it with no words."""
        row = self._row()
        if row is not None and self.task is not None and words != row.comment:
            command = SetComment(self.task.id, row.id, words, asked_by=ASKED_BY)
            self._change(replace(row, comment=words), command, go_on=False)

    def change(self, after: TextDetail, command: LabelCommand, *, go_on: bool = False) -> None:
        """Show the current text as `after`, and have the engine make it so by `command`.

        With `go_on` it is done and the next text is shown.
        """
        before = self._queue.current
        if before is None or before.id != after.id:
            return
        self._queue.amend(after)
        if self.counts is not None:
            self.counts = recount(self.counts, before, after)
            self.counted.emit(self.counts)
        self._in_flight += 1
        self._bridge.send(
            command, partial(self._written, before.id), partial(self._refused, before.id)
        )
        if go_on:
            self.go_on()
        else:
            self.amended.emit()

    def count_soon(self) -> None:
        """Ask the engine for the figures once the keys are quiet."""
        if self.task is not None:
            self._count_again.start()

    # --- inside ---------------------------------------------------------------------------------

    def _row(self) -> TextRow | None:
        detail = self._queue.current
        return None if detail is None else detail.row

    def _label(
        self,
        label_ids: tuple[int, ...],
        *,
        flash: int | None,
        go_on: bool,
        model_id: int | None = None,
    ) -> None:
        row = self._row()
        if row is None or self.task is None:
            return
        origin = "person" if model_id is None else "suggestion accepted"
        command = SetLabels(self.task.id, (row.id,), label_ids, origin, model_id, asked_by=ASKED_BY)
        if flash is not None:
            self.given.emit(flash)
        after = replace(row, label_ids=label_ids, labelled=True, skipped=False)
        self._change(after, command, go_on=go_on)

    def _change(self, row: TextRow, command: LabelCommand, *, go_on: bool) -> None:
        detail = self._queue.current
        if detail is not None:
            self.change(replace(detail, row=row), command, go_on=go_on)

    def _written(self, text_id: int, _step: object) -> None:
        self._in_flight -= 1
        self._queue.written(text_id)

    def _refused(self, text_id: int, error: BaseException) -> None:
        self._in_flight -= 1
        sentence, details = sentence_of(error)
        self._strip.show_message(sentence, details, kind="error")
        self._queue.written(text_id, refused=True)
        self.refused.emit(text_id)
        self._queue.show(text_id)
        self.count_soon()

    def _ask_counts(self) -> None:
        if self.task is not None:
            self._bridge.ask(GetCounts(self.task.id), self._receive_counts, "annotate.counts")

    def _receive_counts(self, counts: Counts) -> None:
        # Counted before the last key press was written, the figures would step back for a moment.
        if self._in_flight:
            self.count_soon()
            return
        self.counts = counts
        self.counted.emit(counts)


def suggested(task: TaskInfo, suggestion: Suggestion) -> tuple[int, ...]:
    """Return the labels that accepting a suggestion gives."""
    pairs = zip(suggestion.label_ids, suggestion.probabilities, strict=True)
    known = {label.id for label in task.labels}
    ranked = sorted((p for p in pairs if p[0] in known), key=lambda pair: -pair[1])
    if not task.multi_label:
        return tuple(label_id for label_id, _ in ranked[:1])
    likely = {label_id for label_id, probability in ranked if probability >= LIKELY}
    return tuple(label.id for label in task.labels if label.id in likely)
