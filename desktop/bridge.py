"""Between the engine and the window: the one module that knows both sides.

The engine speaks on its own threads. The bridge carries its events and answers to the GUI thread,
in the order in which they were spoken, and never lets the GUI thread wait: commands and questions
go out with a callback, and the callback runs when the answer is there and somebody still wants it.
"""

from __future__ import annotations

import dataclasses
import time
import weakref
from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from types import MethodType
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from engine.api import (
    BugError,
    Command,
    Engine,
    Event,
    KnownError,
    LabelCommand,
    ProjectChanged,
    ProjectClosed,
    ProjectInfo,
    ProjectOpened,
    Query,
    TasksChanged,
    TextsChanged,
    tr,
)

SLICE = 0.008  # seconds of the GUI thread that one round of deliveries may take

Callback = Callable[[Any], None]


class Bridge(QObject):
    """Carries commands and questions to an engine and its events and answers back."""

    project_changed = Signal(object)
    """ProjectInfo or None, whenever anything in it changed, opening and closing included."""

    failed = Signal(str, str)
    """Sentence and details of a failure that nobody else takes care of."""

    unsaved_changed = Signal(int)
    """How many label commands are not on disk yet."""

    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project: ProjectInfo | None = None
        self._deliveries: deque[Callable[[], None]] = deque()
        self._slots: defaultdict[type[Event], list[_Slot]] = defaultdict(list)
        self._unsaved = 0
        self._questions: defaultdict[str, int] = defaultdict(int)
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._engine = Engine(on_event=self._receive)
        self._engine.start()
        self._closed = False

    def on(self, event_type: type[Event], slot: Callable[[Any], None]) -> None:
        """Call `slot` with every event of exactly this class.

        A bound method is held weakly and dropped when its object is gone.
        """
        self._slots[event_type].append(_Slot(slot))

    def send(
        self,
        command: Command,
        done: Callback | None = None,
        failed: Callback | None = None,
    ) -> None:
        """Give the engine a command; `done` gets its result, `failed` its exception.

        Without `failed`, the sentence of a failure goes to the strip.
        """
        if self._closed:
            return
        if isinstance(command, LabelCommand):
            self._count_unsaved(1)
        self._follow(self._engine.submit(command), _Slot(done), _Slot(failed), command)

    def ask(
        self,
        query: Query,
        done: Callback,
        channel: str | None = None,
        failed: Callback | None = None,
    ) -> None:
        """Ask the engine a question; `done` gets the answer.

        A newer question on the same `channel` (name it "<view>.<what>") makes this one void: its
        answer, or failure, is dropped.
        """
        if self._closed:
            return
        about: _Ticket | None = None
        if channel is not None:
            self._questions[channel] += 1
            about = _Ticket(channel, self._questions[channel])
        self._follow(self._engine.ask(query, channel), _Slot(done), _Slot(failed), about)

    def tell(self, error: BaseException) -> None:
        """Show a failure's sentence in the strip, as if nobody had taken care of it."""
        self.failed.emit(*sentence_of(error))

    def close(self) -> None:
        """Close the engine; everything is on disk when this returns. Nothing is delivered after.

        Call it when no window is open any more: it waits.
        """
        if not self._closed:
            self._closed = True
            self._engine.close()
            self._deliveries.clear()

    # --- on the engine's threads ------------------------------------------------------------

    def _receive(self, event: Event) -> None:
        self._enqueue(lambda: self._dispatch(event))

    def _follow(
        self,
        future: Future[Any],
        done: _Slot,
        failed: _Slot,
        about: Command | _Ticket | None,
    ) -> None:
        future.add_done_callback(
            lambda finished: self._enqueue(lambda: self._settle(finished, done, failed, about))
        )

    def _enqueue(self, delivery: Callable[[], None]) -> None:
        if self._closed:
            return
        self._deliveries.append(delivery)
        self._woken.emit()

    # --- on the GUI thread ------------------------------------------------------------------

    def _deliver(self) -> None:
        until = time.perf_counter() + SLICE
        while self._deliveries:
            self._deliveries.popleft()()
            if time.perf_counter() > until and self._deliveries:
                QTimer.singleShot(0, self, self._deliver)
                return

    def _count_unsaved(self, change: int) -> None:
        self._unsaved += change
        self.unsaved_changed.emit(self._unsaved)

    def _dispatch(self, event: Event) -> None:
        self._follow_project(event)
        slots = self._slots.get(type(event), [])
        for slot in list(slots):
            if slot.alive():
                slot(event)
            else:
                slots.remove(slot)

    def _follow_project(self, event: Event) -> None:
        match event:
            case ProjectOpened() | ProjectChanged() | TasksChanged():
                self.project = event.project
            case TextsChanged() if self.project is not None:
                self.project = dataclasses.replace(self.project, texts=event.texts)
            case ProjectClosed():
                self.project = None
            case _:
                return
        self.project_changed.emit(self.project)

    def _settle(
        self, future: Future[Any], done: _Slot, failed: _Slot, about: Command | _Ticket | None
    ) -> None:
        if isinstance(about, LabelCommand):
            self._count_unsaved(-1)
        if isinstance(about, _Ticket) and self._questions[about.channel] != about.number:
            return
        try:
            error = future.exception()
        except CancelledError:
            return
        if error is None:
            if done.alive():
                done(future.result())
        elif failed.alive():
            failed(error)
        else:
            self.tell(error)


def sentence_of(error: BaseException) -> tuple[str, str]:
    """Return what to tell a person about an engine's failure: a sentence, and details."""
    if isinstance(error, KnownError):
        return error.message, error.details
    if isinstance(error, BugError):
        return error.message, error.report
    sentence = tr("Something went wrong in the program; nothing you saved is lost.")
    return sentence, repr(error)


@dataclasses.dataclass(frozen=True, slots=True)
class _Ticket:
    """The place of a question on its channel."""

    channel: str
    number: int


class _Slot:
    """A callback that knows whether there is still anybody to call."""

    def __init__(self, callback: Callback | None) -> None:
        self._weak: weakref.WeakMethod[Callback] | None = None
        self._strong: Callback | None = None
        if isinstance(callback, MethodType) and isinstance(callback.__self__, QObject):
            self._weak = weakref.WeakMethod(callback)
        else:
            self._strong = callback

    def alive(self) -> bool:
        return self._callback() is not None

    def __call__(self, argument: object) -> None:
        callback = self._callback()
        if callback is not None:
            callback(argument)

    def _callback(self) -> Callback | None:
        if self._weak is None:
            return self._strong
        method = self._weak()
        owner = getattr(method, "__self__", None)
        return method if owner is not None and shiboken6.isValid(owner) else None
