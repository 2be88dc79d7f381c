"""The page of models that mark passages: mistakes by kind, by string, by label, and one by one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.inspect.label_table import ABOUT_PASSAGES, COLUMNS, LabelTable
from desktop.inspect.page import InspectPage
from desktop.inspect.score_words import span_score_words
from desktop.inspect.spans.comparison import SpanComparisonPanel
from desktop.inspect.spans.decisions import Decisions
from desktop.inspect.spans.error_list import ErrorList
from desktop.inspect.spans.error_table import ErrorTable
from desktop.inspect.spans.inspection import SpanInspection, SpanScope
from desktop.inspect.spans.panel import SpanPanel
from desktop.inspect.spans.string_table import StringTable
from desktop.inspect.spans.words import scope_words
from desktop.widgets.view import Context
from engine.api import SurfaceConfusion, TaskInfo, tr

TAKE_KEY = "P"
"""Takes the prediction, unless a label has it."""

_NO_MODEL = (
    tr("There is no model to look at yet."),
    tr(
        "Mark passages in some texts and train a model; then its mistakes are listed here, those "
        "first that are most worth a look."
    ),
)


class SpansPage(InspectPage):
    """Inspect in a task of spans."""

    place = "inspect.spans"

    inspection: SpanInspection

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            context, SpanInspection(context.bridge), "inspect.spans", _NO_MODEL, parent
        )
        theme, inspection = context.theme, self.inspection
        inspection.setParent(self)
        self.errors = ErrorTable(theme, self)
        self.strings = StringTable(theme, self)
        self._scores = LabelTable(theme, self, ABOUT_PASSAGES)
        self._scores.setObjectName("inspect.spans.by_label")
        self._scores.hideColumn(len(COLUMNS) - 1)  # there is no room for what precision tells too
        self._comparison = SpanComparisonPanel(self)
        for part, words in (
            (self.errors, tr("Mistakes")),
            (self.strings, tr("Strings")),
            (self._scores, tr("By label")),
            (self._comparison, tr("What changed")),
        ):
            self.tabs.addTab(part, words)
        self.rows = ErrorList(theme, self)
        self.panel = SpanPanel(context.actions, theme, self)
        self.decisions = Decisions(context, inspection, self.rows, self.panel, self)
        self.fill(self.rows, self.panel, (500, 620))
        inspection.confusions_changed.connect(self._show_confusions)
        self.errors.cell_chosen.connect(self._show_cell)
        self.strings.chosen.connect(self._show_string)
        self._scores.chosen.connect(self._show_label)
        self._comparison.flipped_wanted.connect(self._show_flipped)
        self.all.clicked.connect(self._show_all)
        self.panel.left.connect(lambda: self.rows.setFocus(Qt.FocusReason.OtherFocusReason))

    # --- showing --------------------------------------------------------------------------------

    def clear_rows(self) -> None:
        self.rows.forget()
        self.rows.set_rows(())

    def take_task(self, task: TaskInfo) -> None:
        self.rows.set_task(task)
        self.panel.set_task(task)
        keys = {label.key.upper(): label.id for label in task.labels if label.key}

        def pressed(key: str) -> None:
            if key in keys:
                self.decisions.label(keys[key])
            else:
                self.context.actions.trigger("inspect.take")

        self.context.actions.bind_keys(self.place, {*keys, TAKE_KEY}, pressed)
        self._show_confusions()

    def clear_choice(self) -> None:
        self.errors.clear_choice()
        self.strings.clear_choice()

    def show_evaluation(self) -> None:
        evaluation, project = self.inspection.evaluation, self.inspection.project
        if project is None:
            return
        self.choice.show_score(*span_score_words(evaluation))
        if not self.show_frame(evaluation) or evaluation is None:
            return
        self._scores.set_scores(project.task, evaluation.per_label)
        self.caption.setText(scope_words(self.inspection))

    def show_comparison(self) -> None:
        inspection = self.inspection
        model, against = inspection.model, inspection.against
        if inspection.comparison is None or model is None or against is None:
            self._comparison.show_nothing(alone=len(inspection.models) < 2)
        else:
            self._comparison.show_comparison(inspection.comparison, model.name, against.name)

    def show_rows(self) -> None:
        self.rows.set_rows(self.inspection.rows)
        self.caption.setText(scope_words(self.inspection))
        self.all.setVisible(self.inspection.scope != SpanScope())

    def comparison_tab(self) -> QWidget:
        return self._comparison

    def _show_confusions(self) -> None:
        project, confusions = self.inspection.project, self.inspection.confusions
        if project is not None and confusions is not None:
            self.errors.set_counts(project.task, confusions)
            self.strings.set_strings(project.task, confusions.strings)

    # --- choosing -------------------------------------------------------------------------------

    def _show_cell(self, label_id: int | None, kind: str | None) -> None:
        self.strings.clear_choice()
        self.inspection.choose_scope(SpanScope(kind=kind, label_id=label_id))

    def _show_string(self, string: SurfaceConfusion) -> None:
        self.errors.clear_choice()
        # 0 asks for those that have no mark on that side.
        self.inspection.choose_scope(
            SpanScope(
                surface=string.surface, gold=string.gold or 0, predicted=string.predicted or 0
            )
        )

    def _show_label(self, label_id: int, found_wrongly: bool) -> None:
        self.clear_choice()
        scope = SpanScope(predicted=label_id) if found_wrongly else SpanScope(gold=label_id)
        self.inspection.choose_scope(scope)

    def _show_flipped(self, flipped: str) -> None:
        self.clear_choice()
        self.inspection.choose_scope(SpanScope(flipped=flipped))

    def _show_all(self) -> None:
        self.clear_choice()
        self.inspection.choose_scope(SpanScope())
