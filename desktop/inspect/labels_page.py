"""The page of models that label whole texts: confusions, scores, and the texts behind them."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.inspect.calibration_chart import CalibrationChart, calibration_words
from desktop.inspect.comparison_panel import ComparisonPanel
from desktop.inspect.confusion_matrix import ConfusionMatrix
from desktop.inspect.correction import Correction
from desktop.inspect.inspection import Inspection, Scope
from desktop.inspect.label_table import LabelTable
from desktop.inspect.page import InspectPage
from desktop.inspect.row_list import RowList
from desktop.inspect.scope_words import scope_words
from desktop.inspect.score_words import label_score_words
from desktop.inspect.text_panel import TextPanel
from desktop.widgets.view import Context
from engine.api import LabelsChanged, TaskInfo, tr

_NO_MODEL = (
    tr("There is no model to look at yet."),
    tr(
        "Label some texts and train a model; then its mistakes are listed here, the ones it was "
        "surest of first."
    ),
)


class LabelsPage(InspectPage):
    """Inspect in a task of classification."""

    place = "inspect.documents"

    inspection: Inspection

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, Inspection(context.bridge), "inspect", _NO_MODEL, parent)
        actions, theme, inspection = context.actions, context.theme, self.inspection
        inspection.setParent(self)
        self._matrix = ConfusionMatrix(theme, self)
        self._table = LabelTable(theme, self)
        self._calibration = CalibrationChart(theme, self)
        self._calibration_words = QLabel(self)
        self._calibration_words.setWordWrap(True)
        self._comparison = ComparisonPanel(self)
        self.rows = RowList(theme, self)
        self._panel = TextPanel(actions, theme, self)
        self.correction = Correction(context, inspection, self.rows, self._panel, self)
        calibration = QWidget(self)
        inside = QVBoxLayout(calibration)
        inside.setContentsMargins(8, 16, 16, 16)
        inside.addWidget(self._calibration_words)
        inside.addWidget(self._calibration, 1)
        for part, words in (
            (self._matrix, tr("Confusions")),
            (self._table, tr("By label")),
            (calibration, tr("Calibration")),
            (self._comparison, tr("What changed")),
        ):
            self.tabs.addTab(part, words)
        self.fill(self.rows, self._panel, (560, 560))
        self._matrix.cell_chosen.connect(self._show_cell)
        self._matrix.cleared.connect(self._show_mistakes)
        self.all.clicked.connect(self._show_mistakes)
        self._table.chosen.connect(self._show_label)
        self._comparison.flipped_wanted.connect(lambda kind: inspection.choose_scope(Scope(kind)))
        context.bridge.on(LabelsChanged, self.correction.follow)
        has = self.correction.has_text
        actions.bind("inspect.keep", self.correction.keep, has)
        actions.bind("inspect.flag", self.correction.flag, has)
        actions.bind("inspect.open", self.correction.open, has)

    # --- showing --------------------------------------------------------------------------------

    def clear_rows(self) -> None:
        self.rows.set_rows(())

    def take_task(self, task: TaskInfo) -> None:
        self.rows.set_task(task)
        self._panel.set_task(task)
        keys = {label.key: label.id for label in task.labels if label.key}
        self.context.actions.bind_keys(
            self.place, keys, lambda key: self.correction.correct(keys[key])
        )
        self.tabs.setTabVisible(self.tabs.indexOf(self._matrix), not task.multi_label)

    def clear_choice(self) -> None:
        self._matrix.clear_choice()

    def show_evaluation(self) -> None:
        evaluation, project = self.inspection.evaluation, self.inspection.project
        if project is None:
            return
        task = project.task
        self.choice.show_score(*label_score_words(task, evaluation))
        if not self.show_frame(evaluation) or evaluation is None:
            return
        if not task.multi_label:
            names = [task.label(label_id).name for label_id in evaluation.label_ids]
            self._matrix.set_counts(names, evaluation.confusion)
        self._table.set_scores(task, evaluation.per_label)
        self._calibration.set_bins(evaluation.calibration)
        self._calibration_words.setText(calibration_words(evaluation.calibration))
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
        self.all.setVisible(self.inspection.scope.kind != "mistakes")

    def comparison_tab(self) -> QWidget:
        return self._comparison

    # --- choosing -------------------------------------------------------------------------------

    def _show_cell(self, gold: int, predicted: int) -> None:
        evaluation = self.inspection.evaluation
        if evaluation is not None:
            ids = evaluation.label_ids
            self.inspection.choose_scope(Scope("cell", ids[gold], ids[predicted]))

    def _show_label(self, label_id: int, given_wrongly: bool) -> None:
        self._matrix.clear_choice()
        if given_wrongly:
            self.inspection.choose_scope(Scope("given", predicted=label_id))
        else:
            self.inspection.choose_scope(Scope("missed", gold=label_id))

    def _show_mistakes(self) -> None:
        self._matrix.clear_choice()
        self.inspection.choose_scope(Scope())
