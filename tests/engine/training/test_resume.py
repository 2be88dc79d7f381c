"""A run that was stopped anywhere and goes on gives what one gives that nobody stopped."""

from __future__ import annotations

import math
import random
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import KnownError
from engine.jobs.checkpoints import last_position, manifests, read_checkpoint
from engine.jobs.reporting import Paused, Reporter
from engine.jobs.spec import JobSpec
from engine.jobs.worker import runner_of

WEIGHTS = "model.safetensors"
POINTS = 1
"""Random points at which each run is killed, and paused up to twice; the slow test takes ten."""


class Killed(BaseException):
    """What the end of a process looks like from inside: nobody catches it."""


class Attempt:
    """One process's share of a run: what it reported until it ended or was stopped.

    `kill_at` and `pause_at` count the looks at whether someone wants the job to stop, of which
    there is at least one a step. With `checkpoints_until` no checkpoint is written behind that.
    """

    def __init__(
        self,
        spec: JobSpec,
        *,
        kill_at: int = 0,
        pause_at: int = 0,
        no_more_checkpoints: Callable[[], None] = lambda: None,
        checkpoints_until: int = 0,
        on_event: Callable[[Any], None] = lambda event: None,
    ) -> None:
        self.looks = 0
        self.events: list[Any] = []
        self.ended = "finished"

        def look() -> bool:
            self.looks += 1
            if self.looks == checkpoints_until:
                no_more_checkpoints()
            if self.looks == kill_at:
                raise Killed
            return False

        def hear(event: Any) -> None:
            self.events.append(event)
            on_event(event)

        report = Reporter(spec.job_id, hear, look, lambda: self.looks == pause_at)
        try:
            runner_of(spec)(spec, report)
        except (Killed, Paused) as end:
            self.ended = type(end).__name__

    def data(self, kind: str) -> list[dict[str, Any]]:
        """The data of all events of a kind."""
        return [event.data for event in self.events if event.kind == kind]

    @property
    def logs(self) -> list[str]:
        """The sentences of its log."""
        return [data["message"] for data in self.data("log")]

    @property
    def said(self) -> list[str]:
        """Its log, its previews and its scores; when the loss is measured depends on the time."""
        return [
            event.to_json()
            for event in self.events
            if event.kind in ("log", "preview")
            or (event.kind == "measured" and event.data["split"] == "validation")
        ]

    @property
    def result(self) -> dict[str, Any]:
        """What the run found out, but for how long it took."""
        assert self.events[-1].kind == "finished", self.events[-1]
        return {key: one for key, one in self.events[-1].data.items() if key != "seconds"}


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Have a checkpoint written at every step; returns what makes an end of that."""
    from engine.training.resuming import course

    monkeypatch.setattr(course, "INTERVAL", 0.0)
    monkeypatch.setattr(course, "SHARE", math.inf)
    return lambda: monkeypatch.setattr(course, "INTERVAL", 1e9)


RUNS: dict[str, dict[str, Any]] = {
    "fine-tune": {"epochs": 3},
    "fine-tune, frozen": {"frozen_blocks": 2, "epochs": 2},
    "fine-tune, head": {"train": "head"},
    "fine-tune, cross-validated": {"epochs": 1},
    "ner": {"epochs": 2},
    "ner, cross-validated": {"epochs": 1},
    "mlm": {"epochs": 3, "batch_size": 4},
    "setfit": {"steps": 12},
    "setfit, exact": {"mode": "exact", "pairs": 1, "head": "linear"},
    "setfit, cross-validated": {"steps": 4},
}


@pytest.fixture
def make_spec(
    tmp_path: Path,
    tiny_encoder: Path,
    save_rows: Callable[..., Path],
    make_rows: Callable[..., Any],
    make_span_rows: Callable[..., Any],
) -> Callable[..., JobSpec]:
    """Make the spec of one of `RUNS`: ``make_spec("fine-tune", "a name for its folder")``."""

    def make(run: str, name: str, **more: Any) -> JobSpec:
        method = run.partition(",")[0]
        settings = {"learning_rate": 3e-3, **RUNS[run], **more}
        rows_of = make_span_rows if method == "ner" else make_rows
        rows = rows_of(70, 16, 10 if "cross-validated" in run else 60)
        folder = tmp_path / name
        folder.mkdir()
        return JobSpec(
            job_id=1,
            kind="train",
            folder=str(folder),
            snapshot=str(save_rows(folder / "snapshot.parquet", rows)),
            labels=() if method == "mlm" else ("law", "medicine"),
            method=method,
            base_model=str(tiny_encoder),
            base_model_name="tiny",
            # Models of its own: what frozen blocks compute is kept beside them.
            output=str(tmp_path / f"models of {name}" / "model"),
            name="model",
            settings={key: one for key, one in settings.items() if one is not None},
            threads=1,
            device="cpu",
        )

    return make


def assert_same(spec: JobSpec, attempts: list[Attempt], reference: JobSpec, whole: Attempt) -> None:
    """Compare weights bit for bit, and all else that a run leaves."""
    import torch
    from safetensors.torch import load_file

    ours = load_file(Path(spec.output) / WEIGHTS)
    theirs = load_file(Path(reference.output) / WEIGHTS)
    assert ours.keys() == theirs.keys()
    different = [name for name, tensor in ours.items() if not torch.equal(tensor, theirs[name])]
    assert not different
    assert attempts[-1].result == whole.result
    told = [line for attempt in attempts for line in attempt.said]
    assert list(dict.fromkeys(told)) == whole.said


@pytest.fixture(params=RUNS)
def run(request: pytest.FixtureRequest) -> str:
    """The name of one of `RUNS`."""
    name: str = request.param
    return name


def stop_and_go_on(
    run: str, points: int, seed: int, make_spec: Callable[..., JobSpec], every_step: Any
) -> None:
    """Kill a run at random points, steps behind its last checkpoint, and pause it at others."""
    reference = make_spec(run, "reference")
    whole = Attempt(reference)
    places = random.Random(seed)
    for point in range(points):
        at = places.randint(2, whole.looks - 1)
        spec = make_spec(run, f"killed-{point}")
        killed = Attempt(
            spec,
            kill_at=at,
            checkpoints_until=at - places.randint(0, 6),
            no_more_checkpoints=every_step,
        )
        assert killed.ended == "Killed"
        stood = last_position(Path(spec.folder))
        again = Attempt(spec)
        assert [one["checkpoint"] for one in again.data("resumed")] == (
            [stood["checkpoint"]] if stood else []
        )
        assert_same(spec, [killed, again], reference, whole)

        spec = make_spec(run, f"paused-{point}")
        attempts = [Attempt(spec, pause_at=places.randint(2, whole.looks - 1))]
        while attempts[-1].ended == "Paused":
            once_more = places.randint(2, whole.looks) if len(attempts) == 1 else 0
            attempts.append(Attempt(spec, pause_at=once_more))
        assert_same(spec, attempts, reference, whole)


def test_the_weights_are_the_same_bit_for_bit(
    run: str, make_spec: Callable[..., JobSpec], every_step: Any
) -> None:
    stop_and_go_on(run, POINTS, 1, make_spec, every_step)


def stopped_twice(make_spec: Callable[..., JobSpec], every_step: Callable[[], None]) -> JobSpec:
    """A run of 15 steps that was killed with two checkpoints behind it, of steps 7 and 8."""
    spec = make_spec("fine-tune", "stopped")
    looks = 0

    def end_of_step(event: Any) -> None:
        nonlocal looks
        looks += event.kind == "checkpoint"
        if looks == 9:
            raise Killed

    attempt = Attempt(spec, on_event=end_of_step)
    assert attempt.ended == "Killed"
    assert [int(path.stem) for path in manifests(Path(spec.folder))] == [9, 8]
    return spec


@pytest.mark.parametrize("run", ["fine-tune", "fine-tune, cross-validated", "mlm"])
def test_a_pause_on_the_way_back_keeps_the_checkpoint_there_was(
    run: str, make_spec: Callable[..., JobSpec], every_step: Callable[[], None]
) -> None:
    spec = make_spec(run, "stopped")
    steps = 0

    def die(event: Any) -> None:
        nonlocal steps
        steps += event.kind == "checkpoint"
        if steps == 12:
            raise Killed

    assert Attempt(spec, on_event=die).ended == "Killed"
    stood = last_position(Path(spec.folder))
    assert stood is not None
    for look in (1, 2, 3):
        assert Attempt(spec, pause_at=look).ended == "Paused"
        now = last_position(Path(spec.folder))
        assert now is not None
        assert (now["step"], now["steps"]) == (stood["step"], stood["steps"])
    assert Attempt(spec).data("resumed") == [now]


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_a_checkpoint_with_a_flipped_byte_is_refused_for_the_one_before(
    suffix: str, make_spec: Callable[..., JobSpec], every_step: Callable[[], None]
) -> None:
    spec = stopped_twice(make_spec, every_step)
    newest, _ = manifests(Path(spec.folder))
    flip_a_byte(newest.with_suffix(suffix))
    attempt = Attempt(spec)
    assert attempt.logs[0] == (
        "The checkpoint 9 is damaged, so the training goes on from the one before."
    )
    (resumed,) = attempt.data("resumed")
    assert (resumed["checkpoint"], resumed["step"]) == (8, 7)
    reference = make_spec("fine-tune", "reference")
    assert attempt.result == Attempt(reference).result


def test_without_a_checkpoint_that_is_whole_the_run_begins_anew(
    make_spec: Callable[..., JobSpec], every_step: Callable[[], None]
) -> None:
    spec = stopped_twice(make_spec, every_step)
    for manifest in manifests(Path(spec.folder)):
        flip_a_byte(manifest.with_suffix(".safetensors"))
    attempt = Attempt(spec)
    assert attempt.logs[:2] == [
        "The checkpoint 9 is damaged.",
        "The checkpoint 8 is damaged, so the training begins anew.",
    ]
    assert attempt.data("resumed") == [{"checkpoint": 0, "phase": "", "step": 0, "steps": 0}]
    assert attempt.ended == "finished"


def test_a_checkpoint_of_other_settings_is_of_no_use(
    make_spec: Callable[..., JobSpec], every_step: Callable[[], None]
) -> None:
    spec = stopped_twice(make_spec, every_step)
    attempt = Attempt(replace(spec, settings={**spec.settings, "batch_size": 8}))
    assert (
        "of a training with other texts or settings, so the training begins anew."
        in (attempt.logs[1])
    )
    assert attempt.ended == "finished"


def test_a_folder_that_vanishes_while_a_run_learns_is_made_again(
    make_spec: Callable[..., JobSpec], every_step: Callable[[], None]
) -> None:
    spec = make_spec("fine-tune", "vanished")
    seen = 0

    def vanish(event: Any) -> None:
        nonlocal seen
        seen += event.kind == "checkpoint"
        last = event.kind == "progress" and event.data["phase"] == "evaluate" and seen > 14
        if (seen == 3 and event.kind == "checkpoint") or last:
            shutil.rmtree(spec.folder, ignore_errors=True)

    attempt = Attempt(spec, on_event=vanish)
    assert attempt.ended == "finished"
    assert len(attempt.data("checkpoint")) > 3
    assert Path(spec.output, WEIGHTS).is_file()
    assert attempt.result == Attempt(make_spec("fine-tune", "reference")).result


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_on_a_full_disk_a_run_goes_on_without_checkpoints_and_says_so_once(
    make_spec: Callable[..., JobSpec], every_step: Callable[[], None]
) -> None:
    import resource

    spec = make_spec("fine-tune", "full")
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def room(event: Any) -> None:
        # A limit on the size of files acts like a disk without space.
        if event.kind == "checkpoint" and event.data["step"] == 1:
            resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
        if event.kind == "measured" and event.data["split"] == "validation":
            resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))

    try:
        attempt = Attempt(spec, pause_at=8, on_event=room)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
    told = [line for line in attempt.logs if "No checkpoint could be written" in line]
    assert len(told) == 1
    assert told[0].endswith("; the training goes on without it.")
    assert "Without a checkpoint the training cannot be paused, so it goes on." in attempt.logs
    assert attempt.ended == "finished"
    steps = [data["step"] for data in attempt.data("checkpoint")]
    assert steps[:3] == [0, 1, 5], "with room again there are checkpoints again"


def test_of_a_run_that_goes_astray_the_last_good_state_is_kept(
    make_spec: Callable[..., JobSpec],
    every_step: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch
    from safetensors.torch import load_file

    spec = make_spec("fine-tune", "astray")
    losses = 0
    cross_entropy = torch.nn.functional.cross_entropy

    def explode(*arguments: Any, **options: Any) -> Any:
        nonlocal losses
        losses += 1
        return cross_entropy(*arguments, **options) * (float("inf") if losses == 9 else 1.0)

    monkeypatch.setattr(torch.nn.functional, "cross_entropy", explode)
    with pytest.raises(KnownError, match=r"no longer a number, .* try a smaller learning_rate"):
        Attempt(spec)
    newest = read_checkpoint(manifests(Path(spec.folder))[0])
    assert newest.position["step"] == 8
    tensors = load_file(newest.tensors).values()
    assert all(bool(one.isfinite().all()) for one in tensors if one.is_floating_point())
    assert not Path(spec.output).exists()

    # Its settings may change in what does not decide where a run stands.
    attempt = Attempt(replace(spec, settings={**spec.settings, "learning_rate": 1e-3}))
    assert attempt.data("resumed")[0]["step"] == 8
    assert attempt.ended == "finished"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [2, 3])
def test_wherever_it_was_stopped(
    run: str, seed: int, make_spec: Callable[..., JobSpec], every_step: Any
) -> None:
    stop_and_go_on(run, 5, seed, make_spec, every_step)
