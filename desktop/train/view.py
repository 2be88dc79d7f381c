"""Train: what the labels are enough for, one button, and a curve that is alive."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.method_words import LANGUAGE, methods_for
from desktop.train.form import TrainForm
from desktop.train.job_panel import JobPanel, can_be_inspected
from desktop.train.job_table import JobTable
from desktop.train.payoff import Payoff
from desktop.train.payoff_panel import PayoffPanel
from desktop.train.sweep_panel import SweepPanel
from desktop.train.sweeps import HEAD, Sweeps
from desktop.train.training import Training
from desktop.widgets.buttons import ActionButton
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.line import hairline
from desktop.widgets.view import Context, View
from engine.api import (
    CancelJob,
    JobProgressed,
    ProjectInfo,
    Recommendation,
    ResumeJob,
    StartJob,
    SweepInfo,
    tr,
)

PAYOFF, SWEEP = 1, 2  # the places of the comparison and of the sweep among the pages
FINE_TUNE = "fine-tune"
_TOO_FEW = tr("There is too little to learn from yet.")
ESTIMATE_MS = 250  # of quiet before it is asked what the settings take


class TrainView(View):
    """The form on the left, the job that is looked at and all jobs on the right.

    `navigate` takes `job_id` (which job to look at), `base_model` (the name of the encoder to start
    from), `method`, and `settings` (of an earlier run with this method).
    """

    name = "train"
    title = tr("Train")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        actions, theme = context.actions, context.theme
        self._training = Training(context.bridge, self)
        self._form = TrainForm(actions, self)
        self._panel = JobPanel(actions, theme, self)
        self._table = JobTable(theme, self)
        self._payoff = Payoff(context.bridge, self.name, self)
        self._payoff_panel = PayoffPanel(actions, theme, self)
        self._sweeps = Sweeps(context.bridge, self.name, self)
        self._sweep_panel = SweepPanel(actions, theme, self)
        self._wanted_job: int | None = None
        self._estimate_soon = QTimer(self, singleShot=True, interval=ESTIMATE_MS)
        self._no_job = EmptyState(
            theme,
            "chart-line",
            tr("Nothing has been trained yet."),
            tr(
                "The curve of your first model will be drawn here while it learns, and you can go "
                "on labelling meanwhile."
            ),
            self,
        )
        self._no_labels = EmptyState(theme, "tag-outline", _TOO_FEW, "", self)
        self._go_annotate = self._no_labels.add_button(
            ActionButton(actions, "go.annotate", "primary", tr("Go to Annotate"))
        )
        self._import = self._no_labels.add_button(ActionButton(actions, "texts.import", "primary"))
        self._lay_out()
        self._connect()
        self._bind()
        state = context.settings.value("train/splitter")
        if state is not None:
            self._splitter.restoreState(state)

    # --- what the window calls ------------------------------------------------------------------

    def set_project(self, project: ProjectInfo | None) -> None:
        self._wanted_job = None
        self._estimate_soon.stop()
        self._form.set_project(project)
        self._training.set_project(project)
        spans = project is not None and project.task.kind == "spans"
        self._go_annotate.setVisible(not spans)
        self._import.setVisible(spans)
        methods = methods_for(project.task if project is not None else None)
        self._payoff_panel.set_methods(methods)
        self._pages.setTabVisible(PAYOFF, LANGUAGE in methods and len(methods) > 1)
        self._payoff.set_project(project)
        self._pages.setTabVisible(SWEEP, FINE_TUNE in methods)
        self._sweeps.set_project(project)

    def navigate(self, **target: Any) -> None:
        if target.get("method"):
            self._form.choose_method(target["method"])
        if target.get("base_model"):
            self._form.choose_base_model(target["base_model"])
        if target.get("settings") is not None:
            self._form.set_settings(target["settings"])
        if target.get("job_id") is not None:
            self._wanted_job = int(target["job_id"])
            self._jobs_changed()

    def activated(self) -> None:
        self._training.ask_recommendation()

    def save_state(self) -> None:
        self.context.settings.setValue("train/splitter", self._splitter.saveState())

    # --- building -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        below = QWidget(self)
        column = QVBoxLayout(below)
        column.setContentsMargins(24, 8, 16, 8)
        heading = QLabel(tr("All trainings"), below)
        heading.setProperty("role", "caption")
        column.addWidget(heading)
        column.addWidget(self._table, 1)
        self._splitter = QSplitter(Qt.Orientation.Vertical, self)
        self._splitter.setObjectName("train.splitter")
        self._splitter.addWidget(self._panel)
        self._splitter.addWidget(below)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes([480, 180])
        self._splitter.setStretchFactor(0, 1)
        self._right = QStackedWidget(self)
        for part in (self._no_job, self._no_labels, self._splitter):
            self._right.addWidget(part)
        self._pages = QTabWidget(self)
        self._pages.setObjectName("train.pages")
        self._pages.setDocumentMode(True)
        self._pages.tabBar().setDrawBase(False)
        self._pages.addTab(self._right, tr("Trainings"))
        self._pages.addTab(self._payoff_panel, tr("Does learning the language pay?"))
        self._pages.addTab(self._sweep_panel, tr("How many layers?"))
        self._pages.setTabBarAutoHide(True)
        self._pages.setProperty("role", "inset")
        edge = hairline(vertical=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._form)
        row.addWidget(edge)
        row.addWidget(self._pages, 1)

    def _connect(self) -> None:
        training = self._training
        training.jobs_changed.connect(self._jobs_changed)
        training.job_changed.connect(self._show_job)
        training.curves_changed.connect(lambda: self._panel.show_curves(training.curves))
        training.preview_changed.connect(lambda: self._panel.show_preview(training.preview))
        training.progressed.connect(self._show_progress)
        training.logged.connect(self._panel.add_line)
        training.base_models_changed.connect(
            lambda: self._form.show_base_models(training.base_models)
        )
        training.recommended.connect(self._show_recommendation)
        training.estimated.connect(self._form.show_estimate)
        training.refused.connect(self._form.show_refusal)
        self._form.edited.connect(self._form_edited)
        self._estimate_soon.timeout.connect(self._ask_estimate)
        self._table.chosen.connect(training.look_at)
        self._panel.train_wanted.connect(self._train_from)
        self._payoff.changed.connect(self._payoff_panel.show_comparison)
        self._sweeps.changed.connect(self._show_sweep)
        self._sweeps.progressed.connect(self._sweep_panel.show_progress)
        self._sweep_panel.chosen.connect(self._set_layers)

    def _bind(self) -> None:
        actions = self.context.actions
        actions.bind("train.start", self._start, self._can_start)
        actions.bind("train.settings", self._form.toggle_more)
        actions.bind("train.compare", self._compare, self._can_compare)
        actions.bind("train.sweep", self._sweep, self._can_sweep)
        actions.bind("train.inspect", self._inspect, self._has_model)
        actions.bind("train.resume", lambda: self._resume(anew=False), self._is_stopped)
        actions.bind("train.anew", lambda: self._resume(anew=True), self._is_stopped)
        actions.bind("train.give_up", self._give_up, self._is_stopped)

    # --- showing --------------------------------------------------------------------------------

    def _jobs_changed(self) -> None:
        training = self._training
        if self._wanted_job is not None and any(j.id == self._wanted_job for j in training.jobs):
            wanted, self._wanted_job = self._wanted_job, None
            training.look_at(wanted)
        self._table.show_jobs(training.jobs, training.job)
        self._show_right()

    def _show_job(self) -> None:
        job = self._training.job
        if job is not None:
            self._panel.show_job(job, self._training.log)
            self._table.show_jobs(self._training.jobs, job)
        self.context.actions.refresh()
        self._show_right()

    def _show_progress(self, event: JobProgressed) -> None:
        job = self._training.job
        if job is not None and job.status == "running":
            self._panel.show_progress(event)

    def _show_recommendation(self, recommendation: Recommendation) -> None:
        project = self.context.bridge.project
        self._form.show_recommendation(recommendation, project.texts if project else 0)
        self._payoff_panel.suggest(recommendation.method)
        self._no_labels.set_words(_TOO_FEW, recommendation.words)
        self._form_edited()

    def _show_right(self) -> None:
        if self._training.jobs:
            self._right.setCurrentWidget(self._splitter)
        else:
            self._right.setCurrentWidget(self._no_job if self._can_start() else self._no_labels)

    # --- actions --------------------------------------------------------------------------------

    def _can_start(self) -> bool:
        # The bridge's project counts the texts that were imported since it was opened.
        project, recommendation = self.context.bridge.project, self._training.recommendation
        if project is None:
            return False
        if self._form.method() == LANGUAGE:
            return project.texts > 0
        return recommendation is not None and recommendation.method is not None

    def _form_edited(self) -> None:
        self.context.actions.refresh()
        self._show_right()
        if self._training.project is not None:
            self._estimate_soon.start()

    def _ask_estimate(self) -> None:
        """Ask what the training would take; without labels there is nothing to say."""
        if self._can_start():
            form = self._form
            self._training.ask_estimate(form.method(), form.base_model(), form.settings())
        else:
            self._form.show_estimate(None)

    def _start(self) -> None:
        project = self._training.project
        if project is None:
            return
        command = StartJob(
            project.task.id,
            self._form.method(),
            base_model=self._form.base_model(),
            name=self._form.name(),
            settings=self._form.settings(),
            asked_by=self.name,
        )
        self.context.bridge.send(command, self._started)

    def _started(self, job_id: int) -> None:
        self._form.forget_name()
        self._wanted_job = job_id
        self._jobs_changed()

    def _train_from(self, name: str) -> None:
        """Set the form up for the next training, from a model that has learned the language."""
        recommendation = self._training.recommendation
        suggested = recommendation.method if recommendation is not None else None
        self._form.choose_base_model(name)
        if suggested is not None:
            self._form.choose_method(suggested)

    def _can_compare(self) -> bool:
        recommendation = self._training.recommendation
        return (
            self._pages.isTabVisible(PAYOFF)
            and recommendation is not None
            and recommendation.method is not None
        )

    def _compare(self) -> None:
        if self._pages.currentIndex() != PAYOFF:
            # From the menu: first show what would be done, and with which settings.
            self._pages.setCurrentIndex(PAYOFF)
            return
        method = self._payoff_panel.method()
        self._payoff.start(
            method,
            self._form.base_model(),
            self._payoff_panel.seeds(),
            self._form.settings_of(method),
            self._form.settings_of(LANGUAGE),
        )

    def _can_sweep(self) -> bool:
        recommendation = self._training.recommendation
        return (
            self._pages.isTabVisible(SWEEP)
            and not self._sweeps.running
            and recommendation is not None
            and recommendation.method is not None
        )

    def _sweep(self) -> None:
        if self._pages.currentIndex() != SWEEP:
            # From the slider or the menu: first show what would be done.
            self._pages.setCurrentIndex(SWEEP)
            return
        form = self._form
        self._sweeps.start(form.base_model(), form.layers(), form.settings_of(FINE_TUNE))

    def _show_sweep(self, sweep: SweepInfo | None) -> None:
        self._sweep_panel.show_sweep(sweep)
        self.context.actions.refresh()

    def _set_layers(self, value: float | str) -> None:
        """Set the slider of fine-tuning to a point of the sweep."""
        others = self._form.settings_of(FINE_TUNE)
        chosen = {"train": value} if value == HEAD else {"frozen_blocks": int(value)}
        kept = {key: one for key, one in others.items() if key not in ("train", "frozen_blocks")}
        self._form.choose_method(FINE_TUNE)
        self._form.set_settings({**kept, **chosen})

    def _is_stopped(self) -> bool:
        return self._training.job is not None and self._training.job.resumable

    def _resume(self, *, anew: bool) -> None:
        if self._training.job is not None:
            command = ResumeJob(self._training.job.id, anew=anew, asked_by=self.name)
            self.context.bridge.send(command)

    def _give_up(self) -> None:
        if self._training.job is not None:
            self.context.bridge.send(CancelJob(self._training.job.id, asked_by=self.name))

    def _has_model(self) -> bool:
        return self._training.job is not None and can_be_inspected(self._training.job)

    def _inspect(self) -> None:
        if self._training.job is not None:
            self.context.navigate("inspect", model_id=self._training.job.model_id)
