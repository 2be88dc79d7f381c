"""The kept states on the disk: damaged, removed, too many, or without room."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WEIGHTS = "model.safetensors"


def cache_of(run: Any) -> Path:
    """The cache beside the models of a run."""
    folder: Path = run.output.parent / ".cache"
    return folder


def preparations(run: Any) -> int:
    """How often a run reported that frozen blocks computed."""
    return sum(data["phase"] == "warm-up" for data in run.of("progress"))


@pytest.mark.parametrize("suffix", [".states", ".json"])
def test_a_damaged_file_is_refused_and_computed_anew(
    suffix: str, train: Callable, make_rows: Callable
) -> None:
    rows = make_rows(60, 12, 50)
    first = train(rows, frozen_blocks=2)
    (path,) = cache_of(first).glob(f"*{suffix}")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    second = train(rows, frozen_blocks=2)

    assert "is damaged, so it is computed anew" in second.logs
    assert preparations(second)
    assert first.finished["metrics"] == second.finished["metrics"]
    third = train(rows, frozen_blocks=2)
    assert not third.logs
    assert not preparations(third)


def test_a_whole_file_with_other_states_is_refused(train: Callable, make_rows: Callable) -> None:
    import hashlib
    import json

    from engine.training.prefix.draft import hash_of

    rows = make_rows(60, 12, 50)
    first = train(rows, frozen_blocks=2)
    (states,) = cache_of(first).glob("*.states")
    (manifest,) = cache_of(first).glob("*.json")
    content = states.read_bytes()
    states.write_bytes(bytes(1000) + content[1000:])
    raw = json.loads(manifest.read_text())
    raw.pop("sha256")
    raw["states_sha256"] = hashlib.sha256(states.read_bytes()).hexdigest()
    manifest.write_text(json.dumps({**raw, "sha256": hash_of(raw)}))

    second = train(rows, frozen_blocks=2)
    assert "is damaged, so it is computed anew" in second.logs
    assert first.finished["metrics"] == second.finished["metrics"]


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
@pytest.mark.parametrize("phase", ["warm-up", "train"])
def test_a_cache_that_is_removed_while_a_job_runs_stops_nothing(
    phase: str, train: Callable, make_rows: Callable, tmp_path: Path
) -> None:
    def remove(event: Any) -> None:
        if event.kind == "progress" and event.data["phase"] == phase:
            shutil.rmtree(tmp_path / "models" / ".cache", ignore_errors=True)

    rows = make_rows(60, 12, 50)
    run = train(rows, frozen_blocks=2, on_event=remove)
    assert run.finished["metrics"]["test"]["texts"] == 50
    if phase == "warm-up":
        assert "that folder does not exist" in run.logs
        assert run.logs.endswith("; the training goes on without the cache.")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_on_a_full_disk_the_job_goes_on_without_the_cache_and_says_so(
    train: Callable, make_rows: Callable
) -> None:
    import resource

    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def room(event: Any) -> None:
        # A limit on the size of files acts like a disk without space.
        if event.kind == "progress" and event.data["phase"] in ("warm-up", "train"):
            size = 2_000 if event.data["phase"] == "warm-up" else before
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))

    try:
        run = train(make_rows(60, 12, 50), frozen_blocks=2, on_event=room)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
    assert "could not be kept in" in run.logs
    assert run.logs.endswith("; the training goes on without the cache.")
    assert run.finished["metrics"]["test"]["texts"] == 50
    assert list(cache_of(run).iterdir()) == []


def test_a_disk_that_is_nearly_full_is_left_alone(
    train: Callable, make_rows: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.training.prefix import store

    monkeypatch.setattr(store, "RESERVE", 10**18)
    run = train(make_rows(60, 12, 50), frozen_blocks=2)
    assert "GB free; the training goes on without the cache." in run.logs


def test_what_was_not_used_for_longest_goes_first(
    train: Callable, make_rows: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.training.prefix import store

    rows = make_rows(60, 12, 50)
    old = cache_of(train(rows, frozen_blocks=1, epochs=1))
    (first,) = old.glob("*.json")
    train(rows, frozen_blocks=2, epochs=1)
    (second,) = set(old.glob("*.json")) - {first}
    os.utime(second, (1, 1))
    used = train(rows, frozen_blocks=1, epochs=1)
    assert not preparations(used)
    size = first.with_suffix(".states").stat().st_size
    monkeypatch.setattr(store, "LIMIT", int(2.5 * size))
    train(rows, frozen_blocks=3, epochs=1)
    assert first.exists()
    assert not second.exists()
    assert len(list(old.glob("*.states"))) == 2
