"""What the view shows and asks: whose passages, which text, what is in doubt, and the report."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.bridge import Bridge
from desktop.models.kinds import PASSAGES, kind_of
from desktop.redact.policy import ASKED_BY, Policy
from engine.api import (
    DecideRedaction,
    DoubtList,
    GetRedactionReport,
    LabelsChanged,
    ListDoubts,
    ListModels,
    ListTextIds,
    ModelInfo,
    ModelPublished,
    ModelsChanged,
    PredictionsChanged,
    PreviewRedaction,
    ProjectInfo,
    RedactionChanged,
    RedactionDoubt,
    RedactionPreview,
    RedactionReport,
    RulesChanged,
    TaskInfo,
    TasksChanged,
    TextFilter,
    TextsChanged,
)

AGAIN_MS = 300
MOST_DOUBTS = 500


class Redaction(QObject):
    """Knows what the engine said last, and asks again when it may have changed.

    Going through all texts takes seconds, so it is asked for only while the view is shown, and
    never a second time before the first answer has come.
    """

    task_changed = Signal()
    models_changed = Signal()
    texts_changed = Signal()
    preview_changed = Signal()
    doubts_changed = Signal()
    report_changed = Signal()
    decided = Signal()

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.policy = Policy(bridge, self)
        self._active = False
        self._wants_report = False
        self._stale = False
        self._asking = False
        self._forget()
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._ask_about_all)
        for event, slot in (
            (RedactionChanged, self._redaction_changed),
            (LabelsChanged, self._labels_changed),
            (PredictionsChanged, self._predictions_changed),
            (RulesChanged, self._rules_changed),
            (ModelPublished, self._models_changed),
            (ModelsChanged, self._models_changed),
            (TasksChanged, self._tasks_changed),
            (TextsChanged, self._texts_changed),
        ):
            bridge.on(event, slot)

    def _forget(self) -> None:
        self.project: ProjectInfo | None = None
        self.models: list[ModelInfo] = []
        self.loaded = False
        self.model_id: int | None = None
        self.patterns_only = False
        self.scope = TextFilter()
        self.text_ids: list[int] = []
        self._places: dict[int, int] = {}
        self.text_id: int | None = None
        self.preview: RedactionPreview | None = None
        self.doubts: DoubtList | None = None
        self.report: RedactionReport | None = None
        self._decided: list[DecideRedaction] = []
        self._asking = False

    # --- what the window tells ------------------------------------------------------------------

    def set_project(self, project: ProjectInfo | None) -> None:
        """Begin with another project, or none."""
        self._again.stop()
        self._forget()
        self.project = project
        self.policy.set_task(self.task, None)
        self.task_changed.emit()
        if self.task is not None:
            self._bridge.ask(ListModels(), self._take_models, "redact.models")

    def activate(self, active: bool) -> None:
        """The view is shown now, or is not any more."""
        self._active = active
        if active and self._stale:
            self._again.start()
        elif not active:
            self._again.stop()

    def want_report(self, wanted: bool) -> None:
        """Whether somebody looks at the report."""
        self._wants_report = wanted
        if wanted:
            self.reload()

    # --- choices --------------------------------------------------------------------------------

    @property
    def task(self) -> TaskInfo | None:
        """The task of the open project if passages are marked in it."""
        project = self.project
        return project.task if project is not None and project.task.kind == "spans" else None

    @property
    def model(self) -> ModelInfo | None:
        """The model that looks where nobody has marked anything."""
        return next((each for each in self.models if each.id == self.model_id), None)

    @property
    def patterns(self) -> bool:
        """Whether patterns look where nobody has marked anything."""
        return self.patterns_only or self.model_id is not None

    def choose_model(self, model_id: int | None, *, patterns_only: bool = False) -> None:
        """Let this model and the patterns look where nobody has marked anything.

        Without a model nothing looks there, or with `patterns_only` the patterns alone.
        """
        self.model_id = model_id
        self.patterns_only = patterns_only
        self.policy.set_task(self.task, model_id)
        self.models_changed.emit()
        self._ask_preview()
        self.reload()

    def choose_scope(self, scope: TextFilter) -> None:
        """Be about these texts."""
        self.scope = scope
        self._ask_ids()
        self.reload()

    def show_text(self, text_id: int) -> None:
        """Show what becomes of a text."""
        if text_id != self.text_id:
            self.text_id = text_id
            self.preview = None
            self._ask_preview()

    def step(self, by: int) -> bool:
        """Show the next text or the one before; whether there is one."""
        if not self.text_ids:
            return False
        at = self.place
        target = 0 if at is None else at + by
        if not 0 <= target < len(self.text_ids):
            return False
        self.show_text(self.text_ids[target])
        return True

    @property
    def place(self) -> int | None:
        """Where the text that is shown stands among the chosen ones."""
        return self._places.get(self.text_id) if self.text_id is not None else None

    # --- what is changed ------------------------------------------------------------------------

    def decide(
        self, start: int, end: int, decision: str, label_id: int | None, reason: str = ""
    ) -> None:
        """Decide about a range of the text that is shown."""
        task, text_id = self.task, self.text_id
        if task is None or text_id is None:
            return
        self._count_as_decided(text_id, start, end)
        command = DecideRedaction(
            task.id, text_id, start, end, label_id, decision, reason, asked_by=ASKED_BY
        )
        self._bridge.send(command, partial(self._was_decided, command), self._refused)

    def can_withdraw(self) -> bool:
        """Whether there is a decision of this sitting to take back."""
        return bool(self._decided)

    def withdraw(self) -> int | None:
        """Take the last decision of this sitting back; return the text it is about."""
        if not self._decided:
            return None
        last = self._decided.pop()
        self._bridge.send(replace(last, decision="withdrawn", reason=""), failed=self._refused)
        self.decided.emit()
        return last.text_id

    # --- asking ---------------------------------------------------------------------------------

    def reload(self) -> None:
        """Go through all texts again, soon."""
        self._stale = True
        if self._active and not self._asking and not self._again.isActive():
            self._again.start()

    def _ask_ids(self) -> None:
        if self.task is not None:
            query = ListTextIds(self.task.id, self.scope)
            self._bridge.ask(query, self._take_ids, "redact.ids")

    def _ask_preview(self) -> None:
        if self.task is not None and self.text_id is not None:
            query = PreviewRedaction(self.task.id, self.text_id, self.model_id, self.patterns)
            self._bridge.ask(query, self._take_preview, "redact.preview")

    def _ask_about_all(self) -> None:
        if self.task is None or self._asking or not self.loaded:
            return
        self._stale, self._asking = False, True
        query = ListDoubts(
            self.task.id, self.scope, self.model_id, self.patterns, limit=MOST_DOUBTS
        )
        self._bridge.ask(query, self._take_doubts, "redact.doubts", self._not_answered)
        if self._wants_report:
            model = self.model
            split = model.evaluation if model is not None and model.evaluation else "test"
            report = GetRedactionReport(
                self.task.id, split, self.scope, self.model_id, self.patterns
            )
            self._bridge.ask(report, self._take_report, "redact.report")

    # --- answers --------------------------------------------------------------------------------

    def _take_models(self, models: list[ModelInfo]) -> None:
        if self.task is None or self.project is None:
            return
        task_id = self.task.id
        self.models = [
            model for model in models if model.task_id == task_id and kind_of(model) == PASSAGES
        ]
        if self.model is None and not self.patterns_only:
            suggesting = self.project.suggestion_model_id
            ids = [model.id for model in self.models if model.present]
            chosen = suggesting if suggesting in ids else (ids[-1] if ids else None)
            self.model_id = chosen
        first, self.loaded = not self.loaded, True
        self.policy.set_task(self.task, self.model_id)
        self.models_changed.emit()
        if first:
            self._ask_ids()
        self._ask_preview()
        self.reload()

    def _take_ids(self, text_ids: Any) -> None:
        self.text_ids = list(text_ids)
        self._places = {text_id: place for place, text_id in enumerate(self.text_ids)}
        if self.place is None:
            self.text_id = self.text_ids[0] if self.text_ids else None
            self.preview = None
            self._ask_preview()
        self.texts_changed.emit()

    def _take_preview(self, preview: RedactionPreview | None) -> None:
        self.preview = preview
        self.preview_changed.emit()

    def _take_doubts(self, doubts: DoubtList) -> None:
        self.doubts = doubts
        self._asking = False
        self.doubts_changed.emit()
        if self._stale:
            self.reload()

    def _not_answered(self, error: Exception) -> None:
        self._asking = False
        self._bridge.tell(error)

    def _take_report(self, report: RedactionReport) -> None:
        self.report = report
        self.report_changed.emit()

    def _count_as_decided(self, text_id: int, start: int, end: int) -> None:
        """Take what was decided off the list at once; the engine's answer follows."""
        doubts = self.doubts
        if doubts is None:
            return

        def settled(doubt: RedactionDoubt) -> bool:
            return doubt.text_id == text_id and start <= doubt.start and doubt.end <= end

        left = tuple(doubt for doubt in doubts.doubts if not settled(doubt))
        gone = len(doubts.doubts) - len(left)
        self.doubts = replace(
            doubts, doubts=left, total=doubts.total - gone, decided=doubts.decided + 1
        )
        self.doubts_changed.emit()

    def _was_decided(self, command: DecideRedaction, _: object) -> None:
        self._decided.append(command)
        self.decided.emit()

    def _refused(self, error: Exception) -> None:
        """Tell why, and show what holds instead of what was wanted."""
        self._bridge.tell(error)
        self.reload()

    # --- events ---------------------------------------------------------------------------------

    def _redaction_changed(self, event: RedactionChanged) -> None:
        if not event.text_ids or self.text_id in event.text_ids:
            self._ask_preview()
        self.reload()

    def _labels_changed(self, event: LabelsChanged) -> None:
        if self.task is None or event.task_id != self.task.id:
            return
        if self.text_id in event.text_ids:
            self._ask_preview()
        if self.scope.state != "all":
            self._ask_ids()
        self.reload()

    def _predictions_changed(self, event: PredictionsChanged) -> None:
        if event.model_id != self.model_id:
            return
        if not event.text_ids or self.text_id in event.text_ids:
            self._ask_preview()
        self.reload()

    def _rules_changed(self, event: RulesChanged) -> None:
        self._ask_preview()
        self.reload()

    def _models_changed(self, event: ModelPublished | ModelsChanged) -> None:
        if self.task is not None:
            self._bridge.ask(ListModels(), self._take_models, "redact.models")

    def _tasks_changed(self, event: TasksChanged) -> None:
        if self.project is None:
            return
        self.project = event.project
        self.policy.set_task(self.task, self.model_id)
        self.task_changed.emit()
        self._ask_preview()
        self.reload()

    def _texts_changed(self, event: TextsChanged) -> None:
        if self.project is not None:
            self.project = replace(self.project, texts=event.texts)
            self.task_changed.emit()
            self._ask_ids()
            self.reload()
