"""The warm worker: one process that answers small orders beside training, for all who ask.

Suggestions and search by meaning share it, so that a model library is in memory once and two
programs do not fight for the same cores. It is started by the first order, and ends when nobody
asked anything for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.core.language import tr
from engine.jobs.spec import JobEvent
from engine.jobs.supervisor import WorkerEnd, WorkerProcess
from engine.service.commands import Priority
from engine.service.job_folders import jobs_folder

if TYPE_CHECKING:
    from engine.service.session import Session

PAUSES = (1.0, 4.0, 16.0)
"""Seconds before each new attempt of somebody whose order failed; then it is left alone."""
REST = 600.0
"""Seconds without an order after which the worker's memory is given back."""

Answered = Callable[[dict[str, Any]], None]
Failed = Callable[[str, str, bool], None]
"""Receives what happened in a sentence, details, and whether the world is at fault, so that another
attempt would fail too."""


@dataclass(frozen=True, slots=True)
class _Asked:
    user: str
    order: dict[str, Any]
    answered: Answered
    failed: Failed


class WarmWorker:
    """Sends orders to the process and brings the answers back; lives on the engine thread.

    An order is ``{"classify": {"model": folder, …}}`` or another of those that
    `engine.jobs.worker` lists, and is answered by one event. `user` names who asks, in words that
    can begin a sentence.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._worker: WorkerProcess | None = None
        self._asked: dict[int, _Asked] = {}
        self._users: set[str] = set()
        self._request = 0
        self._device = "auto"

    def ask(
        self, user: str, kind: str, order: dict[str, Any], answered: Answered, failed: Failed
    ) -> None:
        """Send an order; exactly one of `answered` and `failed` is called, unless it is released.

        An order with ``"urgent": True`` overtakes those that wait.
        """
        self._users.add(user)
        self._request += 1
        asked = _Asked(user, {kind: {"request": self._request, **order}}, answered, failed)
        self._asked[self._request] = asked
        if self._worker is None:
            self._worker = self._start()
        self._worker.send(asked.order)

    def release(self, user: str) -> None:
        """Forget what this user asked; without another user the process ends at once."""
        self._users.discard(user)
        self._asked = {
            request: asked for request, asked in self._asked.items() if asked.user != user
        }
        if not self._users:
            self.stop()

    def forget(self, folder: str) -> None:
        """Let go of a model's files, so that its folder can be moved; other orders go on."""
        if self._worker is None:
            return
        others = {
            request: asked
            for request, asked in self._asked.items()
            if all(order.get("model") != folder for order in asked.order.values())
        }
        self._end_process()
        self._asked = others
        if others:
            self._worker = self._start()
            for asked in others.values():
                self._worker.send(asked.order)

    def make_way(self) -> None:
        """Leave the GPU to a training job while there is one."""
        device = "cpu" if self._session.jobs.training else "auto"
        if device != self._device:
            self._device = device
            if self._worker is not None:
                self._worker.send({"device": device})

    def stop(self) -> None:
        """End the process at once; nobody is told, what was asked is forgotten."""
        self._asked.clear()
        self._users.clear()
        self._end_process()

    def _start(self) -> WorkerProcess:
        soon = self._session.soon
        folder = jobs_folder(self._session.project)
        folder.mkdir(parents=True, exist_ok=True)
        worker: WorkerProcess = WorkerProcess(
            on_event=lambda event: soon(lambda: self._hear(worker, event)),
            on_end=lambda end: soon(lambda: self._see_end(worker, end)),
            log=folder / "warm.log",
        )
        worker.send({"device": self._device})
        return worker

    def _hear(self, worker: WorkerProcess, event: JobEvent) -> None:
        if worker is not self._worker:
            return
        asked = self._asked.pop(event.data.get("request", 0), None)
        self._session.soon(partial(self._rest, self._request), Priority.BULK, delay=REST)
        if asked is None:
            return
        if event.kind == "failed":
            asked.failed(event.data["message"], event.data["details"], event.data["known"])
        else:
            asked.answered(event.data)

    def _see_end(self, worker: WorkerProcess, end: WorkerEnd) -> None:
        if worker is not self._worker:
            return
        self._worker = None
        lost, self._asked = self._asked, {}
        for asked in lost.values():
            message = tr("{user} paused because {why}.", user=tr(asked.user), why=end.words)
            asked.failed(message, end.last_lines, False)

    def _rest(self, request: int) -> None:
        if request == self._request and not self._asked:
            self._end_process()

    def _end_process(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
            worker.close()
