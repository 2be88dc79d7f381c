"""What the engine thread holds while it works: the open project and those who serve it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.core.errors import BugError, KnownError
from engine.core.language import tr
from engine.project.rows import ProjectInfo, TaskInfo
from engine.registry.bin import empty_bin
from engine.service.commands import Priority
from engine.service.downloads import Downloads
from engine.service.embedding import Embedding
from engine.service.events import Event, ProjectChanged, ProjectClosed, ProjectOpened
from engine.service.job_runner import JobRunner
from engine.service.meaning import Meaning
from engine.service.reader import Reader
from engine.service.redaction.reading import ModelReading
from engine.service.slices import Slices
from engine.service.suggestions import Suggestions
from engine.service.warm_worker import WarmWorker
from engine.service.work_queue import Work, WorkQueue

if TYPE_CHECKING:
    from engine.project.project import ProjectFile


class Session:
    """The engine thread's own state; nothing of it but `reader.ask` is for other threads."""

    def __init__(
        self,
        queue: WorkQueue,
        emit: Callable[[Event], None],
        *,
        with_suggestions: bool,
        resume_jobs: bool,
    ) -> None:
        self.emit = emit
        self.slices = Slices(queue)
        self.reader = Reader("glossator-reader", self._tell_of_query)
        # Looking into a large file must not keep the questions about texts waiting.
        self.examiner = Reader("glossator-examiner", self._tell_of_query)
        # So must looking for passages by rules: in a table of numbers, each could be a telephone's.
        self.finder = Reader("glossator-finder", self._tell_of_query)
        # Nor must going through all texts, which takes seconds.
        self.surveyor = Reader("glossator-surveyor", self._tell_of_query)
        self.jobs = JobRunner(self)
        self.warm_worker = WarmWorker(self)
        self.suggestions = Suggestions(self, enabled=with_suggestions)
        self.embedding = Embedding(self)
        self.meaning = Meaning(self)
        self.reading = ModelReading(self)
        self.downloads = Downloads(self)
        self._queue = queue
        self._resume_jobs = resume_jobs
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="glossator-aside")
        self._project: ProjectFile | None = None
        self._info: ProjectInfo | None = None

    @property
    def is_open(self) -> bool:
        """Whether a project is open."""
        return self._project is not None

    @property
    def project(self) -> ProjectFile:
        """The open project file.

        Raises:
            KnownError: if none is open.
        """
        if self._project is None:
            raise KnownError(tr("No project is open; open or create one first."))
        return self._project

    @property
    def info(self) -> ProjectInfo:
        """What is true of the open project, as it was last told to the listeners."""
        if self._info is None:
            raise KnownError(tr("No project is open; open or create one first."))
        return self._info

    def task(self, task_id: int) -> TaskInfo:
        """Return a task of the open project.

        Raises:
            KnownError: if there is no such task.
        """
        for task in self.info.tasks:
            if task.id == task_id:
                return task
        raise KnownError(tr("This project has no task number {number}.", number=task_id))

    def soon(self, work: Work, priority: int = Priority.NORMAL, delay: float = 0.0) -> bool:
        """Have `work` done on the engine thread; may be called from any thread.

        False if the engine is closing, so that it will not be done.
        """
        return self._queue.put(priority, work, delay)

    def adopt(self, project: ProjectFile, asked_by: str = "") -> ProjectInfo:
        """Make `project` the open one, tell the listeners, and go on with its queued jobs."""
        empty_bin(project.models_folder)
        self._project = project
        self._info = project.info()
        self.jobs.take_up()
        for reader in (self.reader, self.finder, self.surveyor):
            reader.attach(project.path, project.models_folder)
        self.emit(ProjectOpened(self._info, asked_by=asked_by))
        if self._resume_jobs:
            self.jobs.start_next()
        self.suggestions.choose(self._info.suggestion_model_id)
        return self._info

    def close_project(self, reason: KnownError, asked_by: str = "") -> None:
        """Close the project if one is open; sliced work ends with `reason`, jobs are stopped."""
        if self._project is not None:
            self.jobs.stop_all()
        self.slices.stop_all(reason)
        if self._project is None:
            return
        path = self._project.path
        self.suggestions.choose(None)
        self.reading.stop()
        self.meaning.close()
        self.embedding.close()
        self.warm_worker.stop()
        # The readers first and the writer last, so that the checkpoint leaves one whole file.
        self.reader.detach()
        self.surveyor.detach()
        self.finder.detach()
        project, self._project, self._info = self._project, None, None
        project.close()
        # A deleted model can be restored until its project is closed.
        empty_bin(project.models_folder)
        self.emit(ProjectClosed(str(path), asked_by=asked_by))

    def refresh(self) -> ProjectInfo:
        """Read what is true of the project again, after more than its undo words changed."""
        self._info = self.project.info()
        return self._info

    def tell_change(self, asked_by: str = "", *, undo: str | None = None, redo: str = "") -> None:
        """Tell that the project's facts changed: all of them, or only what undo would do."""
        if undo is None:
            self.refresh()
        else:
            self._info = replace(self.info, undo=undo, redo=redo)
        self.emit(ProjectChanged(self.info, asked_by=asked_by))

    def _tell_of_query(self, error: BaseException) -> Exception:
        return self.tell_of(error, "Query")

    def tell_of(self, error: BaseException, where: str) -> Exception:
        """Return what a Future ends with: a KnownError as it is, else a BugError, reported."""
        if isinstance(error, KnownError | BugError):
            return error
        from engine.core.reports import write_report

        try:
            report = str(write_report(error, doing=where))
        except KnownError as unwritten:
            report = ""
            where_it_is = unwritten.message
        else:
            where_it_is = tr("A report without your texts is in {path}.", path=report)
        went_on = tr("Glossator made a mistake of its own and went on; your labels are on disk.")
        return BugError(f"{went_on} {where_it_is}", report=report)

    def aside(self, action: Callable[[], Any]) -> Future[Any]:
        """Have another thread compute something that takes longer than a slice may.

        Yield the Future from sliced work to go on when it is done.
        """
        return self._aside.submit(action)

    def close(self, reason: KnownError) -> None:
        """Close the project for good."""
        try:
            self.close_project(reason)
        finally:
            self.downloads.close()
            self._aside.shutdown(wait=True, cancel_futures=True)
