"""How long the views and the keys wait for a project of many texts.

Fifty thousand texts; ``GLOSSATOR_TEXTS=1000000`` makes it a million, which is what the limits are
set for.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from engine.project.annotations import set_labels
from engine.project.connection import open_reader
from engine.project.counters import get_counts
from engine.project.journal import redo, undo
from engine.project.project import ProjectFile, create_project
from engine.project.queue import list_queue
from engine.project.reading import list_text_ids
from engine.project.rows import TextFilter
from engine.project.text_rows import get_text, get_text_rows
from engine.project.texts import ImportedRow, begin_import

TEXTS = int(os.environ.get("GLOSSATOR_TEXTS", "50000"))
SLICE = 500
VOCABULARY = [
    f"{first}{second}{third}" for first in "bdgklmst" for second in "aeiou" for third in "nrst"
]

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProjectFile]:
    draw = random.Random(5)
    path = tmp_path_factory.mktemp("speed") / "many.glossator"
    with create_project(path, labels=["a", "b", "c"]) as project:
        session = begin_import(project, "many.csv", 1)
        start, slowest = time.perf_counter(), 0.0
        for first in range(0, TEXTS, SLICE):
            rows = [
                ImportedRow(
                    number + 1,
                    " ".join(draw.choices(VOCABULARY, k=30)),
                    label_ids=(draw.randint(1, 3),) if number % 2 else None,
                )
                for number in range(first, min(first + SLICE, TEXTS))
            ]
            before = time.perf_counter()
            session.add(rows)
            slowest = max(slowest, time.perf_counter() - before)
        added = time.perf_counter()
        session.finish()
        finished = time.perf_counter()
        print(
            f"\n{TEXTS:,} texts: import {added - start:.1f} s, slowest slice {slowest * 1000:.0f} "
            f"ms, finish {finished - added:.1f} s"
        )
        yield project


def timed(words: str, limit: float, work: Callable[[], object], repeats: int = 5) -> None:
    """Print the median times of some work, and fail if the processor's is over the limit.

    The processor's seconds are judged, since those on the clock depend on who else is at work.
    """
    clock, processor = [], []
    for _ in range(repeats):
        before = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - before[0])
        processor.append(time.process_time() - before[1])
    median = statistics.median(processor)
    print(f"{words}: {statistics.median(clock) * 1000:.1f} ms, processor {median * 1000:.1f} ms")
    assert median <= limit, words


def test_reading(project: ProjectFile) -> None:
    draw = random.Random(6)
    with closing(open_reader(project.path)) as reader:

        def ids(order: str = "imported", **filter: object) -> Callable[[], object]:
            return lambda: list_text_ids(reader, 1, TextFilter(**filter), order)  # type: ignore[arg-type]

        timed("all ids", 0.6, ids())
        timed("ids not labelled", 1.0, ids(state="not labelled"))
        timed("ids labelled", 1.0, ids(state="labelled"))
        timed("ids of one label", 1.0, ids(label_ids=(2,)))
        timed("ids of the test part", 0.6, ids(split="test"))
        timed("ids found by a word", 1.5, ids(search="ban"))
        timed("ids found by two words", 1.5, ids(search="ban kit"))
        timed("ids in random order", 1.0, ids("random"))
        timed("ids by length", 2.0, ids("length"))
        timed("ids by label", 4.0, ids("label"))
        timed("ids of duplicates", 1.5, ids(duplicates_only=True))
        timed("queue", 1.0, lambda: list_queue(reader, 1))
        timed("counts", 0.005, lambda: get_counts(reader, 1))
        timed(
            "64 rows from one place",
            0.012,
            lambda: get_text_rows(
                reader, 1, range(first := draw.randrange(TEXTS - 64), first + 64)
            ),
            25,
        )
        timed("one text", 0.005, lambda: get_text(reader, 1, draw.randrange(TEXTS) + 1), 25)


def test_writing(project: ProjectFile) -> None:
    draw = random.Random(7)
    timed(
        "a label",
        0.02,
        lambda: set_labels(project, 1, [draw.randrange(TEXTS) + 1], [draw.randint(1, 3)]),
        101,
    )
    many = range(1, min(TEXTS, 100_000) + 1)
    timed(
        f"labels of {len(many):,} texts",
        8.0,
        lambda: set_labels(project, 1, many, [draw.randint(1, 3)], origin="bulk"),
        1,
    )
    timed("undoing that", 8.0, lambda: undo(project), 1)
    timed("redoing it", 8.0, lambda: redo(project), 1)
