"""The line in front of the engine thread."""

from __future__ import annotations

import threading
import time

from engine.service.work_queue import WorkQueue


def take_all(queue: WorkQueue, count: int) -> None:
    for _ in range(count):
        work = queue.take()
        assert work is not None
        work()


def test_smaller_priorities_go_first_and_equal_ones_in_the_order_of_arrival() -> None:
    queue, done = WorkQueue(), []
    for priority, name in [(2, "import"), (1, "b"), (0, "label"), (1, "c")]:
        queue.put(priority, lambda name=name: done.append(name))

    take_all(queue, 4)

    assert done == ["label", "b", "c", "import"]


def test_work_for_later_waits_for_its_moment_while_other_work_goes_on() -> None:
    queue, done = WorkQueue(), []
    started = time.monotonic()
    queue.put(0, lambda: done.append("later"), delay=0.1)
    queue.put(2, lambda: done.append("now"))

    take_all(queue, 2)

    assert done == ["now", "later"]
    assert time.monotonic() - started >= 0.1


def test_a_closed_queue_lets_go_of_who_waits_and_takes_nothing_more() -> None:
    queue, answers = WorkQueue(), []
    waiting = threading.Thread(target=lambda: answers.append(queue.take()))
    waiting.start()

    queue.close()
    waiting.join(5)

    assert answers == [None]
    assert queue.put(0, lambda: None) is False
    assert queue.take() is None
