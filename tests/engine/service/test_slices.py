"""Long work in slices: others get in between, and its end is told once."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future
from typing import Any

from engine.service.slices import Slices
from engine.service.work_queue import WorkQueue


class Bench:
    """A queue that is worked off on demand, and what sliced work told at its end."""

    def __init__(self) -> None:
        self.queue = WorkQueue()
        self.slices = Slices(self.queue)
        self.log: list[Any] = []

    def start(self, work: Generator[Any, Any, Any]) -> None:
        self.slices.start(work, self.log.append, self.log.append)

    def do(self, pieces: int) -> None:
        for _ in range(pieces):
            work = self.queue.take()
            assert work is not None
            work()


def count(log: list[Any], name: str, slices: int) -> Generator[None, None, str]:
    try:
        for number in range(slices):
            log.append(f"{name}{number}")
            yield
    finally:
        log.append(f"{name} closed")
    return f"{name} done"


def test_other_work_gets_in_between_two_slices() -> None:
    bench = Bench()
    bench.start(count(bench.log, "a", 2))
    bench.do(1)
    bench.queue.put(0, lambda: bench.log.append("label"))

    bench.do(3)

    assert bench.log == ["a0", "label", "a1", "a closed", "a done"]


def test_two_pieces_of_sliced_work_never_interleave() -> None:
    bench = Bench()
    bench.start(count(bench.log, "a", 2))
    bench.start(count(bench.log, "b", 1))

    bench.do(5)

    assert bench.log == ["a0", "a1", "a closed", "a done", "b0", "b closed", "b done"]


def test_an_error_ends_its_own_work_and_no_other() -> None:
    bench, error = Bench(), ValueError("torn")

    def torn() -> Generator[None, None, None]:
        yield
        raise error

    bench.start(torn())
    bench.start(count(bench.log, "b", 0))

    bench.do(3)

    assert bench.log == [error, "b closed", "b done"]


def test_work_waits_for_a_future_and_gets_its_result_without_blocking_the_thread() -> None:
    bench = Bench()
    future: Future[int] = Future()

    def waiting() -> Generator[Future[int], int, int]:
        answer = yield future
        return answer + 1

    bench.start(waiting())
    bench.do(1)
    bench.queue.put(0, lambda: bench.log.append("label"))
    bench.do(1)
    future.set_result(41)
    bench.do(1)

    assert bench.log == ["label", 42]


def test_stopped_work_is_closed_and_told_why_and_the_next_goes_on() -> None:
    bench, reason = Bench(), ValueError("cancelled")
    stopped = count(bench.log, "a", 5)
    bench.start(stopped)
    bench.start(count(bench.log, "b", 1))
    bench.do(1)

    bench.slices.stop(stopped, reason)
    bench.do(2)

    assert bench.log == ["a0", "a closed", reason, "b0", "b closed", "b done"]


def test_work_can_be_carried_to_its_end_at_once() -> None:
    bench = Bench()
    work = count(bench.log, "a", 3)
    bench.start(work)

    bench.slices.finish(work)

    assert bench.log == ["a0", "a1", "a2", "a closed", "a done"]


def test_work_that_stops_all_others_goes_on_itself() -> None:
    bench, reason = Bench(), ValueError("closed")

    def opening() -> Generator[None, None, str]:
        bench.slices.stop_all(reason)
        yield
        return "opened"

    bench.start(opening())
    bench.start(count(bench.log, "b", 1))

    bench.do(2)

    assert bench.log == [reason, "opened"]
