"""What the kinds of job have in common: where they run, what they need, what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.jobs.spec import JobSpec
from engine.jobs.supervisor import WorkerProcess
from engine.project.training_rows import JobInfo
from engine.service.slices import SlicedWork

if TYPE_CHECKING:
    from engine.service.session import Session


LEARNING = ("train", "sweep")
"""Kinds of job that write checkpoints, and so can wait and go on."""


@dataclass(slots=True, eq=False)
class Run:
    """A job under way. `reported` holds the data of the worker's events by kind, the last of each.

    `work` is what the engine itself does for it just now: preparing it, or storing its result.
    """

    job: JobInfo
    spec: JobSpec
    folder: Path
    kind: JobKind
    worker: WorkerProcess | None = None
    work: SlicedWork | None = None
    reported: dict[str, dict[str, Any]] = field(default_factory=dict)
    storing: bool = False
    cancelled: bool = False
    paused: bool = False
    over: bool = False

    @property
    def request(self) -> dict[str, Any]:
        """What was asked for, in the words of the kind of job."""
        return self.spec.request


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of job.

    Jobs of one `lane` run one after another. `prepare` is sliced work that returns the JobSpec for
    the worker, with everything it names in place; `store` is sliced work that keeps the result
    and returns the id of the model it belongs to, or None. `tell` emits the events of the result,
    before the one that says that the job is done.
    """

    lane: str
    prepare: Callable[[Session, Run], SlicedWork]
    store: Callable[[Session, Run], SlicedWork]
    tell: Callable[[Session, Run, int | None], None]
