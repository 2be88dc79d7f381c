"""Any sequence of changes can be undone to the beginning and redone to the end, over restarts."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from engine.core.errors import KnownError
from engine.project import annotations, journal, tasks
from engine.project.check import check_project
from engine.project.counters import get_counts
from engine.project.project import ProjectFile, create_project, open_project
from engine.project.reading import list_text_ids
from engine.project.rows import Step, TextFilter
from engine.project.text_rows import get_texts
from engine.project.texts import ImportedRow, begin_import

TEXT_IDS = st.lists(st.integers(1, 9), min_size=1, max_size=6).map(tuple)
WORDS = ("storm", "bicycle", "premium", "violin", "roof", "cable", "driver", "June", "😀", "عقد")


def snapshot(project: ProjectFile) -> dict[str, Any]:
    """Everything that a person can see of a project."""
    connection = project.connection
    ids = list_text_ids(connection, 1)
    return {
        "tasks": tasks.read_tasks(connection),
        "texts": get_texts(connection, 1, ids),
        "counts": get_counts(connection, 1),
        "found": {
            word: list_text_ids(connection, 1, TextFilter(search=word)).tolist() for word in WORDS
        },
    }


class JournalMachine(RuleBasedStateMachine):
    """Keeps a snapshot after each step, and moves along them as the project does."""

    @initialize(multi_label=st.booleans())
    def begin(self, multi_label: bool) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "machine.glossator"
        self.project = create_project(
            self.path, labels=["a", "b", "c"], multi_label=multi_label, annotator="Ada"
        )
        self.multi_label = multi_label
        self.snapshots = [snapshot(self.project)]
        self.at = 0
        self.imports = 0
        self.bring_in(labelled=True)

    def teardown(self) -> None:
        if not hasattr(self, "project"):
            return
        while self.at > 0:
            self.undo()
        while self.at < len(self.snapshots) - 1:
            self.redo()
        assert check_project(self.project) == []
        self.project.close()
        shutil.rmtree(self.folder)

    def did(self, step: Step) -> None:
        if step.id == 0:
            assert snapshot(self.project) == self.snapshots[self.at]
            assert step.text_ids == ()
            return
        del self.snapshots[self.at + 1 :]
        self.snapshots.append(snapshot(self.project))
        self.at += 1

    def attempt(self, change: Callable[[], Step]) -> None:
        """Make a change that may be refused, in which case nothing may have happened."""
        try:
            step = change()
        except KnownError:
            assert snapshot(self.project) == self.snapshots[self.at]
        else:
            self.did(step)

    def label_ids(self, draw: list[int]) -> tuple[int, ...]:
        known = [label.id for label in tasks.read_task(self.project.connection, 1).labels]
        picked = tuple({known[number % len(known)] for number in draw}) if known else ()
        return picked if self.multi_label else picked[:1]

    @rule(
        text_ids=TEXT_IDS,
        labels=st.lists(st.integers(0, 9), max_size=3),
        origin=st.sampled_from(["person", "bulk"]),
    )
    def set_labels(self, text_ids: tuple[int, ...], labels: list[int], origin: str) -> None:
        chosen = self.label_ids(labels)
        self.attempt(
            lambda: annotations.set_labels(self.project, 1, text_ids, chosen, origin=origin)
        )

    @rule(text_ids=TEXT_IDS, labels=st.lists(st.integers(0, 9), min_size=1, max_size=2))
    def give_and_take(self, text_ids: tuple[int, ...], labels: list[int]) -> None:
        chosen = self.label_ids(labels)
        self.attempt(lambda: annotations.give_labels(self.project, 1, text_ids, chosen))
        self.attempt(lambda: annotations.take_labels(self.project, 1, text_ids[:2], chosen))

    @rule(text_ids=TEXT_IDS)
    def clear(self, text_ids: tuple[int, ...]) -> None:
        self.did(annotations.clear_labels(self.project, 1, text_ids))

    @rule(text_ids=TEXT_IDS, value=st.booleans())
    def skip(self, text_ids: tuple[int, ...], value: bool) -> None:
        self.did(annotations.set_skipped(self.project, 1, text_ids, value))

    @rule(text_ids=TEXT_IDS, value=st.booleans())
    def flag(self, text_ids: tuple[int, ...], value: bool) -> None:
        self.did(annotations.set_flagged(self.project, 1, text_ids, value))

    @rule(text_id=st.integers(1, 9), comment=st.sampled_from(["", "ask Ben", "„so“ 😀"]))
    def comment(self, text_id: int, comment: str) -> None:
        self.did(annotations.set_comment(self.project, 1, text_id, comment))

    @rule(name=st.sampled_from(["d", "e", "A", "Ä"]), key=st.sampled_from(["", "x", "a", "1"]))
    def add_label(self, name: str, key: str) -> None:
        self.attempt(lambda: tasks.add_label(self.project, 1, name, key=key)[1])

    @rule(
        label=st.integers(0, 9),
        name=st.sampled_from([None, "d", "renamed"]),
        key=st.sampled_from([None, "", "y"]),
    )
    def edit_label(self, label: int, name: str | None, key: str | None) -> None:
        for label_id in self.label_ids([label]):
            self.attempt(
                lambda label_id=label_id: tasks.edit_label(
                    self.project, label_id, name=name, key=key
                )[1]
            )

    @rule(label=st.integers(0, 9))
    def remove_label(self, label: int) -> None:
        for label_id in self.label_ids([label]):
            self.did(tasks.remove_label(self.project, label_id))

    @rule(guideline=st.sampled_from(["", "Only what is asked."]))
    def edit_task(self, guideline: str) -> None:
        self.did(tasks.edit_task(self.project, 1, guideline=guideline)[1])

    @rule(labelled=st.booleans())
    def bring_in(self, labelled: bool) -> None:
        self.imports += 1
        session = begin_import(self.project, f"{self.imports}.csv", 1)
        new = session.add_label("imported") if labelled else None
        session.add(
            [
                ImportedRow(
                    row,
                    f"{word} of import {self.imports} and {word} once more",
                    meta={"row": row},
                    label_ids=None if new is None or row % 2 else (new,),
                )
                for row, word in enumerate(WORDS, start=1)
            ]
        )
        self.did(session.finish().step)

    @rule()
    def abandon_an_import(self) -> None:
        session = begin_import(self.project, "abandoned.csv", 1)
        session.add([ImportedRow(1, "storm that never came in")])
        session.abandon()
        assert snapshot(self.project) == self.snapshots[self.at]

    @rule()
    def undo(self) -> None:
        with contextlib.suppress(KnownError):
            journal.undo(self.project)
            self.at -= 1
        assert self.at >= 0
        assert snapshot(self.project) == self.snapshots[self.at]

    @rule()
    def redo(self) -> None:
        with contextlib.suppress(KnownError):
            journal.redo(self.project)
            self.at += 1
        assert snapshot(self.project) == self.snapshots[self.at]

    @precondition(lambda self: hasattr(self, "project"))
    @rule()
    def reopen(self) -> None:
        self.project.close()
        self.project = open_project(self.path)

    @invariant()
    def what_is_shown_is_what_the_snapshot_says(self) -> None:
        if hasattr(self, "project"):
            undo, redo = journal.undo_words(self.project.connection)
            assert bool(undo) == (self.at > 0)
            assert bool(redo) == (self.at < len(self.snapshots) - 1)
            assert snapshot(self.project) == self.snapshots[self.at]


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
