"""Tells the strip what the engine says: what is saved, how far it is, what is running."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from desktop.bridge import Bridge
from desktop.job_words import stood_at
from desktop.widgets.progress_item import Switch
from desktop.widgets.strip import StatusStrip
from engine.api import (
    CancelJob,
    CommandFailed,
    Counts,
    EmbeddingProgressed,
    FileWritten,
    GetCounts,
    ImportProgressed,
    ImportTexts,
    JobFailed,
    JobInfo,
    JobProgressed,
    JobsChanged,
    LabelsChanged,
    ListJobs,
    ModelPublished,
    PauseJob,
    ProjectClosed,
    ProjectOpened,
    ResumeJob,
    StopEmbedding,
    SuggestionsProgressed,
    TextsChanged,
    TextsImported,
    WorkerLogged,
    tr,
    trn,
)

SETTLE = 120  # milliseconds; labels given faster are counted once
SLOW_SAVE = 150  # milliseconds before "saved" turns into "saving"

LEARNING = ("train", "sweep")
"""Kinds of job that can wait and go on."""
PHASES = {
    "load": tr("loading"),
    "warm-up": tr("preparing the base model"),
    "train": tr("training"),
    "evaluate": tr("testing"),
    "cross-validate": tr("testing on held-back parts"),
    "predict": tr("predicting"),
    "publish": tr("saving the model"),
    "sweep": tr("trying layers"),
}
"""A job's phases as people read them."""


class Status(QObject):
    """Feeds the strip of one window from the engine's events."""

    def __init__(self, bridge: Bridge, strip: StatusStrip, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._strip = strip
        self._jobs: dict[int, JobInfo] = {}
        self._imports: set[str] = set()
        self._count_soon = QTimer(self, singleShot=True, interval=SETTLE)
        self._count_soon.timeout.connect(self._ask_counts)
        self._slow_save = QTimer(self, singleShot=True, interval=SLOW_SAVE)
        self._slow_save.timeout.connect(self._say_saving)
        bridge.unsaved_changed.connect(self._unsaved_changed)
        bridge.failed.connect(self._show_failure)
        for event, slot in (
            (ProjectOpened, self._project_opened),
            (ProjectClosed, self._project_closed),
            (LabelsChanged, self._count_later),
            (TextsChanged, self._count_later),
            (ImportProgressed, self._import_progressed),
            (TextsImported, self._texts_imported),
            (CommandFailed, self._command_failed),
            (JobsChanged, self._job_changed),
            (JobProgressed, self._job_progressed),
            (JobFailed, self._job_failed),
            (ModelPublished, self._model_published),
            (SuggestionsProgressed, self._suggestions_progressed),
            (EmbeddingProgressed, self._embedding_progressed),
            (FileWritten, self._file_written),
            (WorkerLogged, self._worker_logged),
        ):
            bridge.on(event, slot)

    @property
    def running(self) -> JobInfo | None:
        """The job that is running now."""
        return next((job for job in self._jobs.values() if job.status == "running"), None)

    def cancel_running(self) -> None:
        """Cancel the running job, if there is one."""
        if self.running is not None:
            self._cancel(self.running.id)

    @property
    def can_pause(self) -> bool:
        """Whether the job that is running now is one that can wait."""
        return self.running is not None and self.running.kind in LEARNING

    def pause_running(self) -> None:
        """Have the running training wait, if there is one."""
        if self.running is not None and self.can_pause:
            self._pause(self.running.id)

    def _cancel(self, job_id: int) -> None:
        self._bridge.send(CancelJob(job_id))

    def _pause(self, job_id: int) -> None:
        self._bridge.send(PauseJob(job_id))

    def _resume(self, job_id: int) -> None:
        self._bridge.send(ResumeJob(job_id))

    def _show_failure(self, sentence: str, details: str) -> None:
        self._strip.show_message(sentence, details, "error")

    # --- the project --------------------------------------------------------------------------

    def _project_opened(self, event: ProjectOpened) -> None:
        self._jobs.clear()
        self._strip.end_all()
        self._ask_counts()
        self._bridge.ask(ListJobs(), self._take_jobs, "strip.jobs")

    def _project_closed(self, event: ProjectClosed) -> None:
        self._jobs.clear()
        self._strip.end_all()

    def _count_later(self, event: object) -> None:
        if not self._count_soon.isActive():
            self._count_soon.start()

    def _ask_counts(self) -> None:
        if self._bridge.project is not None:
            self._bridge.ask(
                GetCounts(self._bridge.project.task.id), self._take_counts, "strip.counts"
            )

    def _take_counts(self, counts: Counts) -> None:
        self._strip.show_counts(
            tr(
                "{labelled:,} of {texts:,} labelled",
                labelled=counts.labelled,
                texts=counts.texts,
            )
        )

    def _unsaved_changed(self, unsaved: int) -> None:
        if unsaved == 0:
            self._slow_save.stop()
            self._strip.show_saved(True)
        elif not self._slow_save.isActive():
            self._slow_save.start()

    def _say_saving(self) -> None:
        self._strip.show_saved(False)

    # --- imports and files --------------------------------------------------------------------

    def _import_progressed(self, event: ImportProgressed) -> None:
        self._imports.add(event.path)
        self._strip.show_progress(
            f"import.{event.path}",
            trn(
                "importing {file} · {n:,} row",
                "importing {file} · {n:,} rows",
                event.rows,
                file=Path(event.path).name,
            ),
            event.done / event.total if event.total else None,
            None,
        )

    def _texts_imported(self, event: TextsImported) -> None:
        self._end_imports()

    def _command_failed(self, event: CommandFailed) -> None:
        if event.command == ImportTexts.__name__:
            self._end_imports()

    def _end_imports(self) -> None:
        for path in self._imports:
            self._strip.end_progress(f"import.{path}")
        self._imports.clear()

    def _file_written(self, event: FileWritten) -> None:
        self._strip.show_message(
            trn(
                "{file} is written: {n:,} row.",
                "{file} is written: {n:,} rows.",
                event.rows,
                file=Path(event.path).name,
            )
        )

    # --- jobs ---------------------------------------------------------------------------------

    def _take_jobs(self, jobs: list[JobInfo]) -> None:
        for job in jobs:
            if job.id not in self._jobs:
                self._take_job(job)
        stopped = next((job for job in jobs if job.resumable and job.status != "paused"), None)
        if stopped is not None:
            self._strip.show_message(
                # Translators: {place} is "at step 412 of 900".
                tr("{job} was stopped {place}.", job=stopped.name, place=stood_at(stopped)),
                action=(tr("Resume"), partial(self._resume, stopped.id)),
            )

    def _job_changed(self, event: JobsChanged) -> None:
        self._take_job(event.job)

    def _take_job(self, job: JobInfo) -> None:
        self._jobs[job.id] = job
        key = f"job.{job.id}"
        if job.status == "running":
            self._strip.show_progress(
                key,
                tr("{job} · starting", job=job.name),
                None,
                partial(self._cancel, job.id),
                self._switch(job),
            )
        elif job.status == "queued":
            self._strip.show_progress(
                key, tr("{job} · waiting", job=job.name), 0.0, partial(self._cancel, job.id)
            )
        elif job.status == "paused":
            steps = job.checkpoint.get("steps", 0)
            self._strip.show_progress(
                key,
                # Translators: {place} is "at step 412 of 900".
                tr("{job} · paused {place}", job=job.name, place=stood_at(job)).rstrip(),
                job.checkpoint["step"] / steps if steps else 0.0,
                partial(self._cancel, job.id),
                Switch("play", tr("Resume"), partial(self._resume, job.id)),
            )
        else:
            self._strip.end_progress(key)
        if job.status == "cancelled":
            self._strip.show_message(tr("{job} was cancelled.", job=job.name))

    def _job_progressed(self, event: JobProgressed) -> None:
        job = self._jobs.get(event.job_id)
        if job is None or job.status != "running":
            return
        words = [job.name, PHASES.get(event.phase, event.phase)]
        if event.seconds_left is not None:
            words.append(tr("{time} left", time=remaining(event.seconds_left)))
        fraction = event.done / event.total if event.total else None
        self._strip.show_progress(
            f"job.{job.id}",
            " · ".join(words),
            fraction,
            partial(self._cancel, job.id),
            self._switch(job),
        )

    def _switch(self, job: JobInfo) -> Switch | None:
        """Return what has a running job wait, if it can."""
        if job.kind not in LEARNING:
            return None
        return Switch("pause", tr("Pause"), partial(self._pause, job.id))

    def _job_failed(self, event: JobFailed) -> None:
        self._strip.show_message(event.message, event.details, "error")

    def _model_published(self, event: ModelPublished) -> None:
        self._strip.show_message(tr("The model {model} is ready.", model=event.name))

    def _suggestions_progressed(self, event: SuggestionsProgressed) -> None:
        if event.done >= event.total:
            self._strip.end_progress("suggestions")
        else:
            self._strip.show_progress(
                "suggestions", tr("suggesting labels"), event.done / event.total, None
            )

    def _embedding_progressed(self, event: EmbeddingProgressed) -> None:
        if not event.running:
            self._strip.end_progress("embedding")
            return
        words = [tr("reading texts for their meaning")]
        if event.seconds_left is not None:
            words.append(tr("{time} left", time=remaining(event.seconds_left)))
        fraction = event.done / event.total if event.total else None
        self._strip.show_progress("embedding", " · ".join(words), fraction, self._stop_embedding)

    def _stop_embedding(self) -> None:
        self._bridge.send(StopEmbedding())

    def _worker_logged(self, event: WorkerLogged) -> None:
        self._strip.show_message(event.message)


def remaining(seconds: float) -> str:
    """Return a time that is left as a clock writes it: "0:45", "2:10", "1:02:30"."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
