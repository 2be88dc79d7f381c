"""Looking at one predicted text after the other and putting labels right."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.inspect.inspection import Inspection
from desktop.inspect.row_list import RowList
from desktop.inspect.text_panel import TextPanel
from desktop.widgets.view import Context
from engine.api import (
    GetText,
    LabelsChanged,
    PredictedRow,
    SetFlagged,
    SetLabels,
    Suggestion,
    TaskInfo,
    TextDetail,
)

ASKED_BY = "inspect"


class Correction(QObject):
    """Carries the current text from the list to the panel and the person's verdict to the engine.

    A verdict goes on to the next text at once; the corrected one leaves the list when the engine
    has judged again.
    """

    def __init__(
        self,
        context: Context,
        inspection: Inspection,
        rows: RowList,
        panel: TextPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._inspection = inspection
        self._rows = rows
        self._panel = panel
        self._row: PredictedRow | None = None
        rows.current_changed.connect(self._show)
        panel.label_chosen.connect(self.correct)
        panel.show_nothing()

    def has_text(self) -> bool:
        """Whether there is a text to judge."""
        return self._row is not None

    def correct(self, label_id: int) -> None:
        """Give the text this label; in a multi-label task, give it or take it away."""
        task, row = self._task(), self._row
        if task is None or row is None:
            return
        self._panel.labels.flash(label_id)
        if task.multi_label:
            wanted = set(row.gold) ^ {label_id}
            label_ids = tuple(label.id for label in task.labels if label.id in wanted)
        else:
            label_ids = (label_id,)
        if label_ids == row.gold:
            self.keep()
            return
        self._context.bridge.send(SetLabels(task.id, (row.text_id,), label_ids, asked_by=ASKED_BY))
        if not task.multi_label:
            self._rows.step(1)

    def keep(self) -> None:
        """The label is right: tick the text and go on."""
        if self._row is not None:
            self._rows.mark_kept(self._row.text_id)
            self._rows.step(1)

    def flag(self) -> None:
        """Mark the text as ambiguous, or take the mark off, and go on."""
        task, row = self._task(), self._row
        if task is not None and row is not None:
            self._context.bridge.send(
                SetFlagged(task.id, (row.text_id,), not row.flagged, asked_by=ASKED_BY)
            )
            self._rows.step(1)

    def open(self) -> None:
        """Show the text in Annotate."""
        if self._row is not None:
            self._context.navigate("annotate", text_id=self._row.text_id)

    def follow(self, event: LabelsChanged) -> None:
        """Show again what was changed, if it is what is shown; go to what was undone."""
        if event.kind in ("undo", "redo") and len(event.text_ids) == 1:
            self._rows.show_text(event.text_ids[0])
        if self._row is not None and self._row.text_id in event.text_ids:
            self._ask()

    def _task(self) -> TaskInfo | None:
        project = self._inspection.project
        return None if project is None else project.task

    def _show(self, row: PredictedRow | None) -> None:
        self._row = row
        self._context.actions.refresh()
        if row is None:
            self._panel.show_nothing()
        else:
            self._ask()

    def _ask(self) -> None:
        task = self._task()
        if task is not None and self._row is not None:
            self._context.bridge.ask(
                GetText(task.id, self._row.text_id), self._take_text, "inspect.text"
            )

    def _take_text(self, detail: TextDetail | None) -> None:
        task, row, evaluation = self._task(), self._row, self._inspection.evaluation
        model = self._inspection.model
        if detail is None or row is None or row.text_id != detail.id:
            return
        if task is None or evaluation is None or model is None:
            return
        found = sorted(
            zip(evaluation.label_ids, row.probabilities, strict=True), key=lambda pair: -pair[1]
        )
        suggestion = Suggestion(
            detail.id,
            model.id,
            tuple(label_id for label_id, _ in found),
            tuple(probability for _, probability in found),
        )
        self._panel.show_text(task, detail, row, suggestion)
