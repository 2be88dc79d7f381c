"""The jobs of the open project: which runs, what its worker says, and how it ends."""

from __future__ import annotations

import dataclasses
import shutil
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.core.errors import BugError, KnownError
from engine.core.language import mark, tr
from engine.jobs.spec import JobEvent, JobSpec
from engine.jobs.supervisor import WorkerEnd, WorkerProcess
from engine.project import jobs
from engine.project.training_rows import JobInfo
from engine.service.commands import Priority
from engine.service.events import JobFailed, JobsChanged
from engine.service.job_folders import job_folder, keep_snapshot
from engine.service.job_kinds import LEARNING, JobKind, Run
from engine.service.job_reports import tell
from engine.service.job_resuming import (
    forget_course,
    require_resumable,
    say_where_it_stands,
    spec_to_go_on,
    tidy_up,
)
from engine.service.predict_file_job import PREDICT_FILE
from engine.service.predict_job import PREDICT
from engine.service.sweep_job import SWEEP
from engine.service.train_job import TRAIN

if TYPE_CHECKING:
    from engine.service.session import Session

PATIENCE = 0.7
"""Seconds a worker has to end by itself once it was asked to."""

PAUSE_PATIENCE = 10.0
"""Seconds a training has to write a checkpoint when the project is closed: gigabytes, at times."""

KINDS: dict[str, JobKind] = {
    "train": TRAIN,
    "sweep": SWEEP,
    "predict": PREDICT,
    "predict-file": PREDICT_FILE,
}

CANCELLED = mark("The job was cancelled.")
PAUSED = mark("The job was paused.")
CLOSED = mark("The project was closed while the job ran.")


class JobRunner:
    """Runs the project's jobs, one of each lane at a time; lives on the engine thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._runs: dict[str, Run] = {}
        self._ending: set[WorkerProcess] = set()
        self._stopping = False

    @property
    def training(self) -> bool:
        """Whether a training job holds the machine's best device."""
        return "train" in self._runs

    def find(self, job_id: int) -> JobInfo:
        """Return a job as it is now.

        Raises:
            KnownError: if there is no such job.
        """
        return jobs.get_job(self._session.project.connection, job_id)

    def names(self, besides: int = 0) -> set[str]:
        """Return the names that jobs will give to their models, but for the job `besides`.

        Those that were stopped and can go on are among them.
        """
        connection = self._session.project.connection
        to_come = [*jobs.queued_jobs(connection), *jobs.stopped_jobs(connection)]
        names = {job.name for job in to_come if job.id != besides}
        return names | {run.job.name for run in self._runs.values()}

    def add(self, spec: JobSpec, kind: str) -> int:
        """Put a job into the queue and return its id."""
        job_id = jobs.add_job(
            self._session.project,
            kind=kind,
            method=spec.method if kind in LEARNING else "",
            name=spec.name,
            spec=dataclasses.asdict(spec),
        )
        self._session.emit(JobsChanged(self.find(job_id)))
        self.start_next()
        return job_id

    def take_up(self) -> None:
        """Look after the jobs of a project that is being opened.

        Those that were running when the program ended become interrupted, and what they left is
        removed unless they can go on from it; those that were waiting still wait.
        """
        from engine.registry.publish import remove_partials

        self._stopping = False
        project = self._session.project
        remove_partials(project.models_folder)
        for job_id in jobs.interrupt_running(project):
            self._tidy_up(self.find(job_id))

    def pause(self, job_id: int) -> None:
        """Have a training wait; one that is over, or whose result is being stored, stays as it is.

        Raises:
            KnownError: if it is a job of another kind.
        """
        run = self._run_of(job_id)
        job = self.find(job_id)
        if job.kind not in LEARNING:
            raise KnownError(
                tr("Only trainings can be paused; cancel this job and start it again.")
            )
        if run is None:
            if job.status == "queued":
                self._mark(job_id, "paused")
        elif run.worker is not None and not run.storing:
            run.worker.send({"pause": job_id})
        elif run.work is not None and not run.storing:
            run.paused = True
            self._session.slices.stop(run.work, KnownError(tr(PAUSED)))

    def resume(self, job_id: int, *, anew: bool, learning_rate: float | None) -> None:
        """Put a job that was stopped back into the queue; see `ResumeJob`.

        Raises:
            KnownError: if there is nothing to go on from, or its name is taken by now.
        """
        project, job = self._session.project, self.find(job_id)
        require_resumable(self._session, job, anew=anew)
        if learning_rate is not None:
            settings = {**job.spec["settings"], "learning_rate": learning_rate}
            jobs.set_spec(project, job_id, {**job.spec, "settings": settings})
        if anew:
            forget_course(project, self.find(job_id))
        self._mark(job_id, "queued")
        self.start_next()

    def _run_of(self, job_id: int) -> Run | None:
        return next((run for run in self._runs.values() if run.job.id == job_id), None)

    def cancel(self, job_id: int) -> None:
        """Cancel a job; one that is over, or whose result is being stored, stays as it is.

        What was kept of a stopped one so that it could go on is given up.
        """
        run = self._run_of(job_id)
        if run is None:
            job = self.find(job_id)
            if job.status == "queued" or job.resumable:
                tidy_up(self._session.project, self._mark(job_id, "cancelled"))
                self.start_next()
        elif run.worker is not None and not run.storing:
            run.cancelled = True
            run.worker.send({"cancel": job_id})
            self._session.soon(partial(self._kill, run), Priority.LABEL, delay=PATIENCE)
        elif run.work is not None and not run.storing:
            run.cancelled = True
            self._session.slices.stop(run.work, KnownError(tr(CANCELLED)))

    def stop_all(self) -> None:
        """End all jobs before the project is closed: results are stored, trainings are kept."""
        self._stopping = True
        runs = list(self._runs.values())
        patience = PATIENCE
        for run in runs:
            if run.storing and run.work is not None:
                self._session.slices.finish(run.work)
            elif run.work is not None:
                self._session.slices.stop(run.work, KnownError(tr(CLOSED)))
            elif run.worker is not None:
                # Before it has started, there is nothing that a checkpoint could keep.
                keeps = run.job.kind in LEARNING and "started" in run.reported
                run.worker.send({"pause" if keeps else "cancel": run.job.id})
                self._ending.add(run.worker)
                patience = PAUSE_PATIENCE if keeps else patience
        self._end_workers(patience)
        for run in runs:
            self._finish(run, "interrupted", tr(CLOSED))

    def _end_workers(self, patience: float) -> None:
        deadline = time.monotonic() + patience
        for worker in self._ending:
            worker.send({"exit": True})
        for worker in self._ending:
            worker.close(max(0.0, deadline - time.monotonic()))
        self._ending.clear()

    def start_next(self) -> None:
        """Start the jobs whose turn it is: the oldest that waits in each lane that is free."""
        if self._stopping:
            return
        project = self._session.project
        for job in jobs.queued_jobs(project.connection):
            kind = KINDS[job.kind]
            if kind.lane in self._runs or self._waits_for_another(job):
                continue
            spec = JobSpec(**{**job.spec, "labels": tuple(job.spec["labels"])})
            folder = job_folder(project, job.id)
            run = Run(job, spec, folder, kind)
            self._runs[kind.lane] = run
            run.job = self._mark(job.id, "running")
            run.work = self._prepare(run)
            self._session.slices.start(
                run.work, partial(self._launch, run), partial(self._fail, run)
            )
            self._session.warm_worker.make_way()

    def _waits_for_another(self, job: JobInfo) -> bool:
        """Return whether a job is to start from the model of one that is stopped and can go on."""
        base_job_id = job.spec.get("request", {}).get("base_job_id")
        return base_job_id is not None and self.find(base_job_id).resumable

    def _prepare(self, run: Run) -> Any:
        known = spec_to_go_on(self._session, run)
        if known is None:
            shutil.rmtree(run.folder, ignore_errors=True)
        try:
            run.folder.mkdir(parents=True, exist_ok=known is not None)
        except OSError as error:
            raise KnownError(
                tr(
                    "The job's folder {folder} could not be made ({reason}); nothing was changed.",
                    folder=run.folder,
                    reason=error.strerror,
                )
            ) from error
        spec = dataclasses.replace(known or run.spec, job_id=run.job.id, folder=str(run.folder))
        run.spec = spec
        if known is None:
            run.spec = yield from run.kind.prepare(self._session, run)
        jobs.set_spec(self._session.project, run.job.id, dataclasses.asdict(run.spec))

    def _launch(self, run: Run, _: Any) -> None:
        run.work = None
        soon = self._session.soon
        run.worker = WorkerProcess(
            on_event=lambda event: soon(partial(self._hear, run, event)),
            on_end=lambda end: soon(partial(self._see_end, run, end)),
            log=run.folder / "worker.log",
        )
        run.worker.run(dataclasses.replace(run.spec, request={}))

    def _hear(self, run: Run, event: JobEvent) -> None:
        if run.over or run.storing or event.job_id != run.job.id:
            return
        run.reported[event.kind] = event.data
        tell(self._session, run.job.id, event)
        if event.kind == "finished":
            self._store(run)
        elif event.kind == "cancelled":
            self._finish(run, "cancelled")
        elif event.kind == "paused":
            self._finish(run, "paused")
        elif event.kind == "failed":
            message = event.data.get("message") or tr("The job failed.")
            self._finish(run, "failed", message, event.data.get("details", ""))

    def _store(self, run: Run) -> None:
        run.storing = True
        run.work = run.kind.store(self._session, run)
        self._session.slices.start(run.work, partial(self._done, run), partial(self._fail, run))

    def _done(self, run: Run, model_id: int | None) -> None:
        jobs.set_result(
            self._session.project, run.job.id, run.reported["finished"], model_id=model_id
        )
        self._finish(run, "done", model_id=model_id)

    def _fail(self, run: Run, error: Exception) -> None:
        if run.cancelled or run.paused:
            self._finish(run, "cancelled" if run.cancelled else "paused")
            return
        if self._stopping:
            self._finish(run, "interrupted", tr(CLOSED))
            return
        told = self._session.tell_of(error, f"job {run.job.kind}")
        assert isinstance(told, KnownError | BugError)
        details = told.details if isinstance(told, KnownError) else told.report
        self._finish(run, "failed", told.message, details)

    def _see_end(self, run: Run, end: WorkerEnd) -> None:
        if run.worker is not None:
            self._ending.discard(run.worker)
        if run.over or run.storing:
            return
        if run.cancelled:
            self._finish(run, "cancelled")
            return
        message = tr(
            "The job failed because {why}; your labels and models are unchanged.", why=end.words
        )
        jobs.add_events(
            self._session.project,
            run.job.id,
            [("failed", {"message": message, "known": True, "details": end.last_lines})],
        )
        self._finish(run, "failed", message, end.last_lines)

    def _kill(self, run: Run) -> None:
        if run.worker is not None and not run.over and not run.storing:
            run.worker.kill()

    def _finish(
        self,
        run: Run,
        status: str,
        message: str = "",
        details: str = "",
        model_id: int | None = None,
    ) -> None:
        """Bring a job to its end; that it is over is told last, when all else is in place."""
        if run.over:
            return
        run.over = True
        run.work = None
        self._runs = {lane: other for lane, other in self._runs.items() if other is not run}
        self._let_go(run)
        project = self._session.project
        job = jobs.set_status(project, run.job.id, status, message)
        try:
            if status == "done":
                keep_snapshot(run.folder, job)
                run.kind.tell(self._session, run, model_id)
            else:
                job = self._tidy_up(job)
            if status == "failed":
                self._session.emit(JobFailed(job.id, job.message, details))
        finally:
            self._session.emit(JobsChanged(job))
            self.start_next()
            self._session.warm_worker.make_way()

    def _tidy_up(self, job: JobInfo) -> JobInfo:
        """Keep what a stopped job needs to go on, and say so behind why it stopped."""
        project = self._session.project
        job = tidy_up(project, job)
        if job.status in ("failed", "interrupted") and job.resumable:
            message = say_where_it_stands(job)
        elif job.status == "interrupted":
            message = tr("{why}; start it again if you need it.", why=job.message.rstrip("."))
        else:
            return job
        return jobs.set_status(project, job.id, job.status, message)

    def _let_go(self, run: Run) -> None:
        """Have a worker end by itself, or by force when it takes too long."""
        worker = run.worker
        if worker is None or not worker.alive:
            return
        self._ending.add(worker)
        worker.send({"exit": True})
        self._session.soon(worker.kill, delay=5 * PATIENCE)

    def _mark(self, job_id: int, status: str, message: str = "") -> JobInfo:
        job = jobs.set_status(self._session.project, job_id, status, message)
        self._session.emit(JobsChanged(job))
        return job
