"""The course of a run: what it has behind it, where it stands, and the checkpoints of both.

A run is a sequence of stages (five folds and the model itself, say). What a stage found is small
and is kept until the run ends. Of the stage that is under way a checkpoint holds all that decides
what comes next, so that a run which goes on from there computes the same numbers, bit for bit, as
one that was never stopped.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.jobs.checkpoints import (
    Checkpoint,
    manifests,
    read_checkpoint,
    remove_checkpoint,
    write_checkpoint,
)
from engine.jobs.reporting import Reporter
from engine.training.meter import Meter
from engine.training.resuming.sound import astray, is_sound
from engine.training.resuming.state import State, joined

INTERVAL = 30.0
"""Seconds between two checkpoints, at least."""
SHARE = 0.02
"""The share of the time that writing checkpoints may cost."""


class Course:
    """What a run has behind it and where it stands.

    `folder` is the job's. `identity` says in plain JSON which run this is: a checkpoint of another
    one is of no use.
    """

    def __init__(
        self, folder: Path, identity: dict[str, Any], report: Reporter, meter: Meter
    ) -> None:
        self._folder = folder
        self._identity = identity
        self._report = report
        self._meter = meter
        self._results: dict[str, State] = {}
        self._kind = ""
        self._capture: Callable[[], State] | None = None
        self._under_way: tuple[str, State] | None = None
        self._metered: dict[str, Any] = {}
        self._remarks: list[str] = []
        self._refused = False
        self._unwritten = False
        self._position: dict[str, Any] = {}
        self._began = time.perf_counter()
        self.threads = 0
        self.seconds_before = 0.0
        self._found = self._find()
        if self._found is not None:
            self._load(self._found)
        report.before_pause = self._before_pause
        self._wait()

    @property
    def seconds(self) -> float:
        """The seconds that the run has taken so far, those before it was stopped among them."""
        return self.seconds_before + time.perf_counter() - self._began

    def tell(self) -> None:
        """Report from where the run goes on, if it does, and which checkpoints were of no use."""
        for remark in self._remarks:
            self._report.log(remark)
        if self._found is not None:
            self._report.send("resumed", **self._found.position)
        elif self._refused:
            self._report.send("resumed", checkpoint=0, phase="", step=0, steps=0)

    def result(self, stage: str) -> State | None:
        """Return what a stage found, if it is behind the run already."""
        found = self._results.get(stage)
        if found is not None:
            self._restore_meter()
        return found

    def finish(self, stage: str, found: State) -> None:
        """Keep what a stage found; the next one begins."""
        self._results[stage] = found
        self._capture = None

    def take(self, kind: str) -> State | None:
        """Return from where the run goes on, once, if it was stopped in a stage of this kind."""
        if self._under_way is None or self._under_way[0] != kind:
            return None
        state, self._under_way = self._under_way[1], None
        self._restore_meter()
        return state

    def follow(
        self, kind: str, capture: Callable[[], State], phase: str = "train", steps: int = 0
    ) -> None:
        """Let `capture` say from now on what the run needs to go on.

        It is called between any two calls of `Reporter.check`, and may name its "step" among its
        facts; `steps` are those of the stage.
        """
        self._kind = kind
        self._capture = capture
        self._position = {"phase": phase, "steps": steps}

    def save_if_due(self) -> None:
        """Write a checkpoint if the last one is long enough ago; call it between two steps."""
        if time.monotonic() >= self._due and not self._on_the_way_back:
            self._save()

    def save(self) -> None:
        """Write a checkpoint now, between two stages; without one the run goes on all the same."""
        if not self._on_the_way_back:
            self._save()

    @property
    def _on_the_way_back(self) -> bool:
        """Whether the run is not yet where it was stopped, so that the old checkpoint says more."""
        return self._under_way is not None

    def _before_pause(self) -> bool:
        """Write a checkpoint for someone who wants a pause; without it there is none."""
        if self._on_the_way_back or (self._capture is None and not self._results):
            return True
        if self._save():
            return True
        self._report.log(tr("Without a checkpoint the training cannot be paused, so it goes on."))
        return False

    def _save(self) -> bool:
        began = time.monotonic()
        state = State() if self._capture is None else self._capture()
        if not is_sound(state):
            raise astray()
        whole = joined(
            stage=state, meter=State(facts=self._meter.state()), behind=joined(**self._results)
        )
        position = {
            "phase": "train",
            "steps": 0,
            **self._position,
            "step": state.facts.get("step", 0),
        }
        content = {
            "identity": self._identity,
            "kind": self._kind if self._capture is not None else "",
            "facts": whole.facts,
            "stages": list(self._results),
            "said": self._report.said,
            "threads": torch.get_num_threads(),
            "seconds": self.seconds,
        }
        try:
            number = write_checkpoint(
                self._folder, position, content, lambda path: _write(whole.tensors, path)
            )
        except KnownError as error:
            if not self._unwritten:
                self._report.log(
                    tr(
                        "{what}; the training goes on without it.",
                        what=error.message.rstrip("."),
                    )
                )
            self._unwritten = True
            self._wait(time.monotonic() - began)
            return False
        self._unwritten = False
        self._report.send("checkpoint", checkpoint=number, **position)
        self._wait(time.monotonic() - began)
        return True

    def _restore_meter(self) -> None:
        """Go on measuring, once all work is planned."""
        if self._metered:
            self._meter.restore(self._metered)
            self._metered = {}

    def _wait(self, cost: float = 0.0) -> None:
        self._due = time.monotonic() + max(INTERVAL, cost / SHARE)

    def _find(self) -> Checkpoint | None:
        """Return the newest checkpoint that is whole and of this run; others are removed."""
        for manifest in manifests(self._folder):
            try:
                found = read_checkpoint(manifest)
            except KnownError as error:
                self._remarks.append(error.message)
            else:
                if found.content["identity"] == self._identity:
                    return self._explained(found)
                self._remarks.append(
                    tr(
                        "The checkpoint {number} is of a training with other texts or settings.",
                        number=found.number,
                    )
                )
            remove_checkpoint(manifest)
        return self._explained(None)

    def _explained(self, found: Checkpoint | None) -> Checkpoint | None:
        """Say of the last remark what follows from it."""
        if self._remarks:
            self._refused = True
            why = self._remarks[-1].rstrip(".")
            self._remarks[-1] = (
                tr("{why}, so the training begins anew.", why=why)
                if found is None
                else tr("{why}, so the training goes on from the one before.", why=why)
            )
        return found

    def _load(self, found: Checkpoint) -> None:
        content = found.content
        # Copies, so that no memory map of a file that is to be removed stays behind.
        tensors = {name: one.clone() for name, one in load_file(found.tensors).items()}
        whole = State(tensors, content["facts"])
        behind = whole.part("behind")
        self._results = {stage: behind.part(stage) for stage in content["stages"]}
        if content["kind"]:
            self._under_way = content["kind"], whole.part("stage")
        self._metered = whole.part("meter").facts
        self._report.leave_out(content["said"])
        self.threads, self.seconds_before = content["threads"], content["seconds"]


def _write(tensors: dict[str, torch.Tensor], path: Path) -> None:
    """Write tensors, from whatever device, as safetensors.

    Raises:
        OSError: with the system's number, which the library hides in words.
    """
    try:
        save_file({name: one.detach().cpu().contiguous() for name, one in tensors.items()}, path)
    except SafetensorError as error:
        number = re.search(r"os error (\d+)", str(error))
        raise OSError(int(number[1]) if number else None, str(error)) from error
