"""The line in front of the engine thread: what goes first, what comes later, what is next."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable

Work = Callable[[], None]


class WorkQueue:
    """Pieces of work by priority (smaller first), first come first served within one.

    Any thread may put; one thread takes. A piece of work can also be put for a later moment, which
    is how the engine keeps deadlines without a timer thread.
    """

    def __init__(self) -> None:
        self._ready: list[tuple[int, int, Work]] = []
        self._later: list[tuple[float, int, int, Work]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._closed = False

    def put(self, priority: int, work: Work, delay: float = 0.0) -> bool:
        """Line up a piece of work, due in `delay` seconds; False if the queue is closed."""
        with self._changed:
            if self._closed:
                return False
            number = next(self._order)
            if delay > 0:
                heapq.heappush(self._later, (time.monotonic() + delay, priority, number, work))
            else:
                heapq.heappush(self._ready, (priority, number, work))
            self._changed.notify()
            return True

    def take(self) -> Work | None:
        """Wait for the next piece of work; None when the queue is closed."""
        with self._changed:
            while not self._closed:
                self._move_what_is_due()
                if self._ready:
                    return heapq.heappop(self._ready)[2]
                wait = self._later[0][0] - time.monotonic() if self._later else None
                self._changed.wait(wait)
            return None

    def close(self) -> None:
        """Let go of all that waits; `take` returns None from now on."""
        with self._changed:
            self._closed = True
            self._ready.clear()
            self._later.clear()
            self._changed.notify_all()

    def _move_what_is_due(self) -> None:
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            _, priority, number, work = heapq.heappop(self._later)
            heapq.heappush(self._ready, (priority, number, work))
