"""Inspect: from a score to the texts behind it in one click, the label put right on the spot."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.inspect.calibration_chart import CalibrationChart, calibration_words
from desktop.inspect.choice_bar import ChoiceBar
from desktop.inspect.comparison_panel import ComparisonPanel
from desktop.inspect.confusion_matrix import ConfusionMatrix
from desktop.inspect.correction import Correction
from desktop.inspect.inspection import Inspection, Scope
from desktop.inspect.label_table import LabelTable
from desktop.inspect.row_list import RowList
from desktop.inspect.scope_words import scope_words
from desktop.inspect.text_panel import TextPanel
from desktop.widgets.buttons import ActionButton
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.line import hairline
from desktop.widgets.view import Context, View
from engine.api import LabelsChanged, PredictSplit, ProjectInfo, TaskInfo

_NO_MODEL = {
    "classification": (
        "There is no model to look at yet.",
        "Label some texts and train a model; then its mistakes are listed here, the ones it was "
        "surest of first.",
    ),
    "spans": (
        "In this project passages are marked, and this view looks at labels of whole texts.",
        "Models shows how often a model finds the right passages and what its mistakes are; on the "
        "command line, “glossator evaluate” scores it against the passages marked today.",
    ),
}


class InspectView(View):
    """What a model gets wrong. `navigate` takes `model_id`, `job_id` and `against_id`."""

    name = "inspect"
    title = "Inspect"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        actions, theme = context.actions, context.theme
        self._inspection = Inspection(context.bridge, self)
        self._choice = ChoiceBar(actions, self)
        self._matrix = ConfusionMatrix(theme, self)
        self._table = LabelTable(theme, self)
        self._calibration = CalibrationChart(theme, self)
        self._calibration_words = QLabel(self)
        self._calibration_words.setWordWrap(True)
        self._comparison = ComparisonPanel(self)
        self._rows = RowList(theme, self)
        self._panel = TextPanel(actions, theme, self)
        self._correction = Correction(context, self._inspection, self._rows, self._panel, self)
        self._lay_out()
        self._connect()
        self._bind()
        state = context.settings.value("inspect/splitter")
        if state is not None:
            self._splitter.restoreState(state)

    # --- what the window calls ------------------------------------------------------------------

    def set_project(self, project: ProjectInfo | None) -> None:
        self._inspection.set_project(project)
        self._rows.set_rows(())
        if project is not None:
            self._take_task(project.task)
        self._show_state()

    def navigate(self, **target: Any) -> None:
        self._inspection.want(**target)

    def activated(self) -> None:
        self._rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def save_state(self) -> None:
        self.context.settings.setValue("inspect/splitter", self._splitter.saveState())

    # --- building -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        actions, theme = self.context.actions, self.context.theme
        calibration = QWidget(self)
        inside = QVBoxLayout(calibration)
        inside.setContentsMargins(8, 16, 16, 16)
        inside.addWidget(self._calibration_words)
        inside.addWidget(self._calibration, 1)
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("inspect.tabs")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        for part, words in (
            (self._matrix, "Confusions"),
            (self._table, "By label"),
            (calibration, "Calibration"),
            (self._comparison, "What changed"),
        ):
            self._tabs.addTab(part, words)
        left = QWidget(self)
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(16, 8, 8, 8)
        left_column.addWidget(self._tabs)
        self._caption = QLabel(self)
        self._caption.setObjectName("inspect.caption")
        self._caption.setWordWrap(True)
        self._all = QPushButton("Show all mistakes", self)
        self._all.setObjectName("inspect.all_mistakes")
        self._all.setProperty("role", "quiet")
        self._all.hide()
        above = QHBoxLayout()
        above.setContentsMargins(16, 12, 12, 8)
        above.addWidget(self._caption, 1)
        above.addWidget(self._all)
        top = QWidget(self)
        top_column = QVBoxLayout(top)
        top_column.setContentsMargins(0, 0, 0, 0)
        top_column.setSpacing(0)
        top_column.addLayout(above)
        top_column.addWidget(hairline())
        top_column.addWidget(self._rows, 1)
        right = QSplitter(Qt.Orientation.Vertical, self)
        right.addWidget(top)
        right.addWidget(self._panel)
        right.setSizes([240, 400])
        right.setStretchFactor(1, 1)
        right.setChildrenCollapsible(False)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName("inspect.splitter")
        self._splitter.addWidget(left)
        self._splitter.addWidget(right)
        self._splitter.setSizes([560, 560])
        self._splitter.setChildrenCollapsible(False)
        self._no_model = EmptyState(
            theme,
            "table-search",
            *_NO_MODEL["classification"],
            self,
        )
        self._no_model.add_button(ActionButton(actions, "go.train", "primary", "Go to Train"))
        self._no_texts = EmptyState(theme, "clipboard-text-search-outline", "", "", self)
        self._no_texts.add_button(ActionButton(actions, "inspect.predict", "primary"))
        self._missing = QWidget(self)
        self._missing_words = QLabel(self._missing)
        self._missing_words.setProperty("role", "muted")
        row = QHBoxLayout(self._missing)
        row.setContentsMargins(24, 0, 16, 8)
        row.addWidget(self._missing_words, 1)
        row.addWidget(ActionButton(actions, "inspect.predict", "quiet"))
        self._body = QStackedWidget(self)
        self._body.addWidget(self._splitter)
        self._body.addWidget(self._no_texts)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part_ in (self._choice, self._missing, hairline()):
            column.addWidget(part_)
        column.addWidget(self._body, 1)
        self._page = page
        self._stack = QStackedWidget(self)
        self._stack.addWidget(page)
        self._stack.addWidget(self._no_model)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _connect(self) -> None:
        inspection = self._inspection
        inspection.models_changed.connect(self._show_state)
        inspection.choice_changed.connect(self._show_state)
        inspection.evaluation_changed.connect(self._show_evaluation)
        inspection.comparison_changed.connect(self._show_comparison)
        inspection.rows_changed.connect(self._show_rows)
        self._choice.model_chosen.connect(inspection.choose_model)
        self._choice.against_chosen.connect(self._compare)
        self._choice.split_chosen.connect(inspection.choose_split)
        self._matrix.cell_chosen.connect(self._show_cell)
        self._matrix.cleared.connect(self._show_mistakes)
        self._all.clicked.connect(self._show_mistakes)
        self._table.chosen.connect(self._show_label)
        self._comparison.flipped_wanted.connect(lambda kind: inspection.choose_scope(Scope(kind)))
        self.context.bridge.project_changed.connect(self._project_changed)
        self.context.bridge.on(LabelsChanged, self._correction.follow)

    def _bind(self) -> None:
        actions = self.context.actions
        actions.bind("inspect.keep", self._correction.keep, self._correction.has_text)
        actions.bind("inspect.flag", self._correction.flag, self._correction.has_text)
        actions.bind("inspect.open", self._correction.open, self._correction.has_text)
        actions.bind("inspect.predict", self._predict, self._has_missing)
        actions.bind("inspect.train", self._train, lambda: self._inspection.model is not None)

    def _project_changed(self, project: ProjectInfo | None) -> None:
        before = self._inspection.project
        if project is not None and before is not None and project.uuid == before.uuid:
            self._inspection.project = project
            if project.tasks != before.tasks:
                self._take_task(project.task)

    def _take_task(self, task: TaskInfo) -> None:
        self._rows.set_task(task)
        self._panel.set_task(task)
        keys = {label.key: label.id for label in task.labels if label.key}
        self.context.actions.bind_keys(
            self.name, keys, lambda key: self._correction.correct(keys[key])
        )
        self._no_model.set_words(*_NO_MODEL[task.kind])
        place = self._tabs.indexOf(self._matrix)
        self._tabs.setTabVisible(place, not task.multi_label)

    # --- showing --------------------------------------------------------------------------------

    def _show_state(self) -> None:
        inspection = self._inspection
        self._choice.show_choice(inspection)
        self._matrix.clear_choice()
        self._stack.setCurrentWidget(
            self._page if inspection.model or not inspection.loaded else self._no_model
        )
        self._show_evaluation()
        self._show_comparison()

    def _show_evaluation(self) -> None:
        inspection = self._inspection
        evaluation, project = inspection.evaluation, inspection.project
        if project is None:
            return
        task = project.task
        self._choice.show_score(task, evaluation)
        self.context.actions.refresh()
        self._missing.setVisible(bool(evaluation and evaluation.texts and evaluation.missing))
        if evaluation is None:
            self._caption.setText("Reading the predictions …")
            return
        self._missing_words.setText(
            f"{evaluation.missing:,} more labelled texts of this part are not predicted yet."
        )
        self._body.setCurrentWidget(self._splitter if evaluation.texts else self._no_texts)
        if not evaluation.texts:
            self._say_why_empty(evaluation.missing)
            return
        if not task.multi_label:
            names = [task.label(label_id).name for label_id in evaluation.label_ids]
            self._matrix.set_counts(names, evaluation.confusion)
        self._table.set_scores(task, evaluation)
        self._calibration.set_bins(evaluation.calibration)
        self._calibration_words.setText(calibration_words(evaluation.calibration))
        self._caption.setText(scope_words(inspection))

    def _say_why_empty(self, missing: int) -> None:
        if missing:
            self._no_texts.set_words(
                f"This model has not predicted the {missing:,} labelled texts of this part yet.",
                "It takes moments, and nothing that a person labelled is touched.",
            )
        else:
            self._no_texts.set_words(
                "This part has no labelled texts.",
                "Label some of them in Annotate, or look at another part above.",
            )

    def _show_comparison(self) -> None:
        inspection = self._inspection
        model, against = inspection.model, inspection.against
        if inspection.comparison is None or model is None or against is None:
            self._comparison.show_nothing(alone=len(inspection.models) < 2)
        else:
            self._comparison.show_comparison(inspection.comparison, model.name, against.name)

    def _show_rows(self) -> None:
        self._rows.set_rows(self._inspection.rows)
        self._caption.setText(scope_words(self._inspection))
        self._all.setVisible(self._inspection.scope.kind != "mistakes")

    # --- choosing -------------------------------------------------------------------------------

    def _show_cell(self, gold: int, predicted: int) -> None:
        evaluation = self._inspection.evaluation
        if evaluation is not None:
            ids = evaluation.label_ids
            self._inspection.choose_scope(Scope("cell", ids[gold], ids[predicted]))

    def _show_label(self, label_id: int, given_wrongly: bool) -> None:
        self._matrix.clear_choice()
        if given_wrongly:
            self._inspection.choose_scope(Scope("given", predicted=label_id))
        else:
            self._inspection.choose_scope(Scope("missed", gold=label_id))

    def _show_mistakes(self) -> None:
        self._matrix.clear_choice()
        self._inspection.choose_scope(Scope())

    def _compare(self, model_id: int | None) -> None:
        self._inspection.choose_against(model_id)
        if model_id is not None:
            self._tabs.setCurrentWidget(self._comparison)

    def _has_missing(self) -> bool:
        evaluation = self._inspection.evaluation
        return evaluation is not None and evaluation.missing > 0

    def _predict(self) -> None:
        model = self._inspection.model
        if model is not None:
            self.context.bridge.send(
                PredictSplit(model.id, self._inspection.split, asked_by=self.name)
            )

    def _train(self) -> None:
        model = self._inspection.model
        if model is not None:
            self.context.navigate("train", method=model.method, settings=dict(model.settings))
