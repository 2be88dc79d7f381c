"""Long work in slices: a generator that is advanced a little, and then waits its turn again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import Any

from engine.service.commands import Priority
from engine.service.work_queue import WorkQueue

SlicedWork = Generator[Any, None, Any]
"""Yields between its slices (50 ms or less each) and returns its result.

What it yields is ignored, unless it is a Future of something that another thread does: then the
work goes on when that is done, and `yield` returns its result or raises its exception.
"""


@dataclass(slots=True, eq=False)
class _Running:
    work: SlicedWork
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    awaited: Future[Any] | None = None


class Slices:
    """Runs sliced work on the engine thread, one after another, behind everything else.

    Between two slices the queue is asked again, so a label given during an import waits for one
    slice. Two pieces of sliced work never interleave: an export sees a whole import or none.
    """

    def __init__(self, queue: WorkQueue) -> None:
        self._queue = queue
        self._line: deque[_Running] = deque()
        self._scheduled = False
        self._active: _Running | None = None

    def start(
        self,
        work: SlicedWork,
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Line up `work`; exactly one of `done` and `failed` is called at its end."""
        self._line.append(_Running(work, done, failed))
        self._schedule()

    def stop(self, work: SlicedWork, reason: Exception) -> None:
        """Abandon one piece of work, wherever it stands; `failed` receives the reason."""
        for running in [item for item in self._line if item.work is work]:
            self._line.remove(running)
            self._end(running, reason)
        self._schedule()

    def stop_all(self, reason: Exception) -> None:
        """Abandon everything but the work that asks for it; each `failed` receives the reason."""
        for running in [item for item in self._line if item is not self._active]:
            self._line.remove(running)
            self._end(running, reason)

    def finish(self, work: SlicedWork) -> None:
        """Carry one piece of work to its end at once, without letting anything in between."""
        for running in [item for item in self._line if item.work is work]:
            while running in self._line:
                self._step(running)
                if running.awaited is not None:
                    wait([running.awaited])

    def _end(self, running: _Running, reason: Exception) -> None:
        running.work.close()
        running.failed(reason)

    def _schedule(self) -> None:
        if not self._line or self._scheduled:
            return
        awaited = self._line[0].awaited
        if awaited is None or awaited.done():
            self._scheduled = self._queue.put(Priority.BULK, self._advance)
        else:
            self._scheduled = True
            awaited.add_done_callback(lambda _: self._queue.put(Priority.BULK, self._advance))

    def _advance(self) -> None:
        self._scheduled = False
        if self._line:
            awaited = self._line[0].awaited
            if awaited is None or awaited.done():
                self._step(self._line[0])
        self._schedule()

    def _step(self, running: _Running) -> None:
        awaited, running.awaited = running.awaited, None
        self._active = running
        try:
            if awaited is None:
                yielded = next(running.work)
            elif (error := awaited.exception()) is not None:
                yielded = running.work.throw(error)
            else:
                yielded = running.work.send(awaited.result())
        except StopIteration as end:
            self._active = None
            self._line.remove(running)
            running.done(end.value)
        except Exception as error:  # passed on to whoever asked for the work
            self._active = None
            self._line.remove(running)
            running.failed(error)
        else:
            self._active = None
            running.awaited = yielded if isinstance(yielded, Future) else None
