"""The reader thread: one read-only connection that answers questions about the open project."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import tr


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The project as the reader sees it."""

    connection: sqlite3.Connection
    path: Path
    models_folder: Path
    memory: dict[str, Any] = field(default_factory=dict)
    """What an answer may leave for the next ones; gone when another project is opened."""
    check: Callable[[], None] = lambda: None
    """Raises when nobody waits for the answer any more: for what takes long outside of SQLite."""


Answer = Callable[[ReadFile | None], Any]
"""Computes an answer from the project's file, which is None while no project is open."""


@dataclass(slots=True)
class _Question:
    answer: Answer
    channel: str | None
    future: Future[Any] = field(default_factory=Future)


class Reader:
    """Answers questions one after another on its own thread.

    A newer question on a channel takes the place of the older ones: those that wait are cancelled,
    one that is being answered is interrupted, since nobody will look at its answer. `failed` is
    told of errors that are ours, and returns what the question's Future ends with instead.
    """

    def __init__(self, name: str, failed: Callable[[BaseException], Exception]) -> None:
        self._failed = failed
        self._waiting: deque[_Question] = deque()
        self._current: _Question | None = None
        self._changed = threading.Condition()
        self._closing = False
        self._file: ReadFile | None = None
        self._thread = threading.Thread(target=self._run, name=name)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def ask(self, answer: Answer, channel: str | None = None) -> Future[Any]:
        """Line up a question and return the Future of its answer."""
        question = _Question(answer, channel)
        with self._changed:
            if self._closing:
                question.future.set_exception(KnownError(tr("Glossator is closing.")))
                return question.future
            if channel is not None:
                self._supersede(channel)
            self._waiting.append(question)
            self._changed.notify()
        return question.future

    def attach(self, path: Path, models_folder: Path) -> None:
        """Answer from this project file from now on. Waits until the connection is open."""
        self._alone(lambda: self._open(path, models_folder))

    def detach(self) -> None:
        """Close the connection; questions that were waiting are cancelled. Waits for it."""
        self._alone(self._close_connection)

    def close(self) -> None:
        """Close the connection and end the thread."""
        self.detach()
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _alone(self, action: Callable[[], None]) -> None:
        """Run `action` on the thread, in the place of everything that was asked before."""
        question = _Question(lambda _: action(), channel=None)
        with self._changed:
            for waiting in self._waiting:
                waiting.future.cancel()
            self._waiting.clear()
            self._interrupt_current()
            self._waiting.append(question)
            self._changed.notify()
        question.future.result()

    def _supersede(self, channel: str) -> None:
        for waiting in [item for item in self._waiting if item.channel == channel]:
            waiting.future.cancel()
            self._waiting.remove(waiting)
        if self._current is not None and self._current.channel == channel:
            self._interrupt_current()

    def _interrupt_current(self) -> None:
        # Called with the lock held, so that the question cannot end and another begin meanwhile.
        if self._current is not None:
            self._current.future.cancel()
            if self._file is not None:
                self._file.connection.interrupt()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closing:
                    self._changed.wait()
                if not self._waiting:
                    return
                question = self._waiting.popleft()
                if question.future.cancelled():
                    continue
                self._current = question
            self._answer(question)

    def _answer(self, question: _Question) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = question.answer(self._file)
        except Exception as caught:  # the outermost boundary of this thread: reported, not lost
            error = caught
        with self._changed:
            self._current = None
            wanted = question.future.set_running_or_notify_cancel()
        if not wanted:
            return
        if error is None:
            question.future.set_result(result)
        elif isinstance(error, KnownError):
            question.future.set_exception(error)
        else:
            question.future.set_exception(self._failed(error))

    def _open(self, path: Path, models_folder: Path) -> None:
        from engine.project.connection import open_reader

        self._close_connection()
        self._file = ReadFile(open_reader(path), path, models_folder, check=self._check)

    def _check(self) -> None:
        current = self._current
        if current is not None and current.future.cancelled():
            raise CancelledError

    def _close_connection(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.connection.close()
