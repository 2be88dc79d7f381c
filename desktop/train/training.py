"""The jobs of the project and the curves of the one that is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.bridge import Bridge, sentence_of
from engine.api import (
    BaseModel,
    BaseModelsChanged,
    EstimateTraining,
    JobInfo,
    JobLogged,
    JobMeasured,
    JobPreviewed,
    JobProgressed,
    JobResumed,
    JobsChanged,
    LabelsChanged,
    ListEncoders,
    ListJobEvents,
    ListJobs,
    ModelPublished,
    ModelsChanged,
    ProjectInfo,
    Recommendation,
    RecommendMethod,
    StoredJobEvent,
    TextsImported,
)

COUNT_MS = 600  # of quiet after a label before the recommendation is asked again
RUNNING = ("queued", "running")


SCORES = ("macro_f1", "f1", "perplexity")
"""What a curve of scores can be of; a method measures one of them."""


@dataclass
class Curves:
    """The points of one job: positions are passes over the texts (epochs).

    `score` is of `score_name`, one of `SCORES`, or "" before anything was scored.
    """

    loss: list[tuple[float, float]] = field(default_factory=list)
    validation_loss: list[tuple[float, float]] = field(default_factory=list)
    score: list[tuple[float, float]] = field(default_factory=list)
    score_name: str = ""

    def add(self, epoch: float, split: str, metrics: dict[str, float]) -> None:
        """Add what was measured after `epoch` passes."""
        if split == "train":
            self.loss.append((epoch, metrics["loss"]))
            return
        if "loss" in metrics:
            self.validation_loss.append((epoch, metrics["loss"]))
        for name in SCORES:
            if name in metrics:
                self.score_name = name
                self.score.append((epoch, metrics[name]))
                break


@dataclass
class Preview:
    """Which words a language model puts into the gaps of some sentences, before and after.

    Each is a list of {text, words: [{word, probability}]}, empty while it is not known.
    """

    before: list[dict[str, Any]] = field(default_factory=list)
    after: list[dict[str, Any]] = field(default_factory=list)

    def add(self, when: str, sentences: list[dict[str, Any]]) -> None:
        """Keep what the model said "before" or "after" training."""
        if when == "before":
            self.before = sentences
        else:
            self.after = sentences

    @property
    def known(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.before or self.after)


class Training(QObject):
    """The state of the view; each signal says which part of it is new."""

    jobs_changed = Signal()
    job_changed = Signal()
    """Another job is looked at, or the one that is changed its status."""
    curves_changed = Signal()
    preview_changed = Signal()
    progressed = Signal(object)
    """JobProgressed of the job that is looked at."""
    logged = Signal(str)
    base_models_changed = Signal()
    recommended = Signal(object)
    estimated = Signal(object)
    """engine.api.TrainingEstimate of what was asked for last."""
    refused = Signal(str)
    """Why what was asked for last cannot be trained."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.project: ProjectInfo | None = None
        self.jobs: list[JobInfo] = []
        self.job: JobInfo | None = None
        self.curves = Curves()
        self.preview = Preview()
        self.log: list[str] = []
        self.base_models: list[BaseModel] = []
        self.recommendation: Recommendation | None = None
        self._count_soon = QTimer(self)
        self._count_soon.setSingleShot(True)
        self._count_soon.setInterval(COUNT_MS)
        self._count_soon.timeout.connect(self.ask_recommendation)
        bridge.on(JobsChanged, self._job_changed)
        bridge.on(JobMeasured, self._measured)
        bridge.on(JobProgressed, self._progressed)
        bridge.on(JobLogged, self._logged)
        bridge.on(JobPreviewed, self._previewed)
        bridge.on(JobResumed, self._resumed)
        bridge.on(BaseModelsChanged, self._ask_base_models)
        bridge.on(ModelPublished, self._ask_base_models)
        bridge.on(ModelsChanged, self._ask_base_models)
        bridge.on(LabelsChanged, self._labels_changed)
        bridge.on(TextsImported, self._labels_changed)

    def set_project(self, project: ProjectInfo | None) -> None:
        """Forget everything and follow another project."""
        self._count_soon.stop()
        self.project = project
        self.jobs, self.job, self.recommendation = [], None, None
        self.curves, self.preview, self.log = Curves(), Preview(), []
        self.jobs_changed.emit()
        self.job_changed.emit()
        if project is not None:
            self._ask_base_models()
            self.ask_recommendation()
            self._ask_jobs()

    def look_at(self, job_id: int) -> None:
        """Look at another job: its curves and log, from its first line on."""
        self.job = next((job for job in self.jobs if job.id == job_id), None)
        self.curves, self.preview, self.log = Curves(), Preview(), []
        self.job_changed.emit()
        self.curves_changed.emit()
        self.preview_changed.emit()
        if self.job is not None:
            self._bridge.ask(ListJobEvents(job_id), self._take_events, "train.events")

    def ask_recommendation(self) -> None:
        """Ask which method the labels are enough for."""
        if self.project is not None:
            self._bridge.ask(
                RecommendMethod(self.project.task.id), self._take_recommendation, "train.advice"
            )

    def ask_estimate(self, method: str, base_model: str, settings: dict[str, Any]) -> None:
        """Ask what a training would take."""
        if self.project is not None:
            self._bridge.ask(
                EstimateTraining(self.project.task.id, method, base_model, settings),
                self.estimated.emit,
                "train.estimate",
                self._refuse,
            )

    # --- answers --------------------------------------------------------------------------------

    def _ask_jobs(self) -> None:
        if self.project is not None:
            self._bridge.ask(ListJobs(), self._take_jobs, "train.jobs")

    def _take_jobs(self, jobs: list[JobInfo]) -> None:
        self.jobs = [job for job in jobs if job.kind == "train"]
        self.jobs_changed.emit()
        if self.job is None and self.jobs:
            running = next((job for job in self.jobs if job.status == "running"), self.jobs[0])
            self.look_at(running.id)

    def _ask_base_models(self, event: object = None) -> None:
        if self.project is not None:
            self._bridge.ask(ListEncoders(), self._take_base_models, "train.base_models")

    def _take_base_models(self, models: list[BaseModel]) -> None:
        self.base_models = models
        self.base_models_changed.emit()

    def _take_recommendation(self, recommendation: Recommendation) -> None:
        self.recommendation = recommendation
        self.recommended.emit(recommendation)

    def _refuse(self, error: Exception) -> None:
        self.refused.emit(sentence_of(error)[0])

    def _take_events(self, events: list[StoredJobEvent]) -> None:
        # What arrived live in the meantime is in the stored events too: start over.
        self.curves, self.preview, self.log = Curves(), Preview(), []
        for event in events:
            if event.kind == "measured":
                data = event.data
                self.curves.add(data["epoch"], data["split"], data["metrics"])
            elif event.kind == "preview":
                self.preview.add(event.data["when"], event.data["sentences"])
            elif event.kind == "log":
                self.log.append(event.data["message"])
        self.curves_changed.emit()
        self.preview_changed.emit()
        self.job_changed.emit()

    # --- events ---------------------------------------------------------------------------------

    def _job_changed(self, event: JobsChanged) -> None:
        job = event.job
        if job.kind != "train":
            return
        known = [other.id for other in self.jobs]
        if job.id in known:
            self.jobs[known.index(job.id)] = job
        else:
            self.jobs.insert(0, job)
        self.jobs_changed.emit()
        if self.job is not None and self.job.id == job.id:
            self.job = job
            self.job_changed.emit()
        elif job.status == "running" or self.job is None:
            self.look_at(job.id)

    def _measured(self, event: JobMeasured) -> None:
        if self._looked_at(event.job_id):
            self.curves.add(event.epoch, event.split, event.metrics)
            self.curves_changed.emit()

    def _progressed(self, event: JobProgressed) -> None:
        if self._looked_at(event.job_id):
            self.progressed.emit(event)

    def _previewed(self, event: JobPreviewed) -> None:
        if self._looked_at(event.job_id):
            self.preview.add(event.when, event.sentences)
            self.preview_changed.emit()

    def _resumed(self, event: JobResumed) -> None:
        # What lay behind the checkpoint is forgotten, and will come again.
        if self._looked_at(event.job_id):
            self.look_at(event.job_id)

    def _logged(self, event: JobLogged) -> None:
        if self._looked_at(event.job_id):
            self.log.append(event.message)
            self.logged.emit(event.message)

    def _labels_changed(self, event: LabelsChanged | TextsImported) -> None:
        if self.project is not None:
            self._count_soon.start()

    def _looked_at(self, job_id: int) -> bool:
        return self.job is not None and self.job.id == job_id
