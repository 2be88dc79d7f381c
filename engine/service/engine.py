"""The engine: commands in, events out, one thread that writes and one that reads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import Empty, Queue
from types import GeneratorType, TracebackType
from typing import Any, Self

from engine.core.errors import BugError, KnownError
from engine.core.language import mark, tr
from engine.project.training_rows import JobInfo
from engine.service.answers import answer_to, needs_project
from engine.service.commands import Command, Priority
from engine.service.events import CommandFailed, Event, JobsChanged, ProjectClosed
from engine.service.handlers import handler_for
from engine.service.meaning import MeaningQuery
from engine.service.queries import ListSpanSuggestions, LongQuery, Query
from engine.service.redaction.queries import PreviewRedaction
from engine.service.session import Session
from engine.service.work_queue import WorkQueue

OnEvent = Callable[[Event], None]

CLOSING = mark("Glossator is closing; nothing was changed.")
OVER = frozenset({"done", "failed", "cancelled", "interrupted", "paused"})
"""The states of a job in which nothing happens until somebody asks for it."""


class Engine:
    """Opens one project at a time, changes it by commands and answers queries about it.

    `on_event` is called on the engine's thread with every event, after what it tells of is on
    disk; it must return quickly. `suggestions` False keeps the model that suggests labels from
    running, for programs that do not show suggestions. `resume_jobs` False leaves the jobs that
    wait in a project waiting when it is opened, until a new one is added.

    Use it as a context manager, or call `start` and `close`. All methods may be called from any
    thread but the engine's own.
    """

    def __init__(
        self,
        on_event: OnEvent | None = None,
        *,
        suggestions: bool = True,
        resume_jobs: bool = True,
    ) -> None:
        self._listeners: tuple[OnEvent, ...] = () if on_event is None else (on_event,)
        self._queue = WorkQueue()
        self._session = Session(
            self._queue, self._emit, with_suggestions=suggestions, resume_jobs=resume_jobs
        )
        self._thread = threading.Thread(target=self._run, name="glossator-engine")
        self._unfinished: set[Future[Any]] = set()
        self._gate = threading.Lock()
        self._closing = False

    def start(self) -> Self:
        """Start the threads."""
        self._session.reader.start()
        self._session.examiner.start()
        self._session.surveyor.start()
        self._session.finder.start()
        self._thread.start()
        return self

    def submit(self, command: Command) -> Future[Any]:
        """Line up a command; its docstring says what the Future holds at the end.

        The Future ends with a `KnownError` when the world refuses, and with a `BugError` when the
        program broke; either comes as a `CommandFailed` event too, and the engine goes on.
        """
        future: Future[Any] = Future()
        with self._gate:
            if self._closing:
                future.set_exception(KnownError(tr(CLOSING)))
                return future
            self._unfinished.add(future)
        future.add_done_callback(self._unfinished.discard)
        self._queue.put(command.priority, partial(self._carry_out, command, future))
        return future

    def ask(self, query: Query, channel: str | None = None) -> Future[Any]:
        """Line up a question for the reader thread; the query's docstring names the answer.

        A newer question on the same `channel` takes the place of this one: its Future is then
        cancelled. Answers know of every change whose event was emitted before the question.
        """
        if isinstance(query, MeaningQuery):
            return self._session.meaning.ask(query, channel)
        reader = self._session.reader
        if not needs_project(query):
            reader = self._session.examiner
        elif isinstance(query, LongQuery):
            reader = self._session.surveyor
        elif isinstance(query, ListSpanSuggestions | PreviewRedaction):
            reader = self._session.finder
        return reader.ask(answer_to(query), channel)

    def wait_for_job(
        self, job_id: int, on_event: OnEvent | None = None, timeout: float | None = None
    ) -> JobInfo:
        """Wait until a job is over or paused and return it.

        `on_event` gets its events on this thread.

        Raises:
            KnownError: if there is no such job.
            TimeoutError: if nothing was heard of the job for `timeout` seconds.
        """
        heard: Queue[Event | Exception] = Queue()

        def listen(event: Event) -> None:
            if isinstance(event, ProjectClosed):
                heard.put(KnownError(tr("The project was closed before the job was over.")))
            elif _job_of(event) == job_id:
                heard.put(event)

        def begin() -> None:
            try:
                heard.put(JobsChanged(self._session.jobs.find(job_id)))
            except KnownError as error:
                heard.put(error)

        self._listeners = (*self._listeners, listen)
        try:
            if not self._queue.put(Priority.NORMAL, begin):
                raise KnownError(tr(CLOSING))
            while True:
                try:
                    event = heard.get(timeout=timeout)
                except Empty:
                    raise TimeoutError(f"job {job_id} said nothing for {timeout} s") from None
                if isinstance(event, Exception):
                    raise event
                if on_event is not None:
                    on_event(event)
                if isinstance(event, JobsChanged) and event.job.status in OVER:
                    return event.job
        finally:
            self._listeners = tuple(item for item in self._listeners if item is not listen)

    def close(self) -> None:
        """Close the project and end the threads; what was submitted before is done first.

        Imports and exports that are under way are taken back, running jobs are interrupted, queued
        ones wait for the next time. A training writes a checkpoint first, to go on from.
        """
        with self._gate:
            if self._closing:
                return
            self._closing = True
        if self._thread.ident is None:
            return
        self._queue.put(Priority.NORMAL, self._shut_down)
        self._thread.join()
        self._session.reader.close()
        self._session.examiner.close()
        self._session.surveyor.close()
        self._session.finder.close()
        self._session.meaning.close()
        for future in list(self._unfinished):
            if not future.done() and future.set_running_or_notify_cancel():
                future.set_exception(KnownError(tr(CLOSING)))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self) -> None:
        while (work := self._queue.take()) is not None:
            try:
                work()
            except Exception as error:  # the thread's outermost boundary: reported, and it goes on
                self._fail("Engine", "", error)

    def _carry_out(self, command: Command, future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return

        def failed(error: Exception) -> None:
            future.set_exception(self._fail(type(command).__name__, command.asked_by, error))

        try:
            result = handler_for(command)(self._session, command)
        except Exception as error:  # told to whoever submitted the command, and reported
            failed(error)
            return
        if isinstance(result, GeneratorType):
            self._session.slices.start(result, future.set_result, failed)
        elif isinstance(result, Future):
            result.add_done_callback(partial(_end_as, future, failed))
        else:
            future.set_result(result)

    def _fail(self, name: str, asked_by: str, error: Exception) -> Exception:
        told = self._session.tell_of(error, name)
        if isinstance(told, BugError):
            self._emit(CommandFailed(name, told.message, False, told.report, asked_by=asked_by))
        elif isinstance(told, KnownError):
            self._emit(CommandFailed(name, told.message, True, told.details, asked_by=asked_by))
        return told

    def _emit(self, event: Event) -> None:
        for listener in self._listeners:
            try:
                listener(event)
            except Exception as error:  # a listener's bug must not undo what the event tells of
                self._session.tell_of(error, "listener")

    def _shut_down(self) -> None:
        try:
            self._session.close(KnownError(tr(CLOSING)))
        finally:
            self._queue.close()


def _end_as(future: Future[Any], failed: Callable[[Exception], None], work: Future[Any]) -> None:
    """Let the Future of a command end as the work of others did."""
    error = KnownError(tr(CLOSING)) if work.cancelled() else work.exception()
    if error is None:
        future.set_result(work.result())
    else:
        assert isinstance(error, Exception)
        failed(error)


def _job_of(event: Event) -> int | None:
    if isinstance(event, JobsChanged):
        return event.job.id
    return getattr(event, "job_id", None)
