"""The environment is reused exactly as long as what it was made from has not changed."""

from __future__ import annotations

import dataclasses
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

Script = Callable[[str], ModuleType]


@pytest.fixture
def module(script: Script, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = script("virtual_environment")
    monkeypatch.setattr(module.torch_build, "nvidia_smi", lambda: None)
    return module


@pytest.fixture
def environment(module: ModuleType, tmp_path: Path) -> Any:
    """An environment of a small project, whose interpreter is the one that runs this test."""
    lock = tmp_path / "packaging" / "lock"
    lock.mkdir(parents=True)
    (lock / "requirements.txt").write_text("click==8.5.1 \\\n    --hash=sha256:00\n")
    (lock / "requirements-dev.txt").write_text("pytest==9.2.0 \\\n    --hash=sha256:11\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "small"\n')
    result = module.Environment(tmp_path)
    result.python.parent.mkdir(parents=True)
    result.python.symlink_to(sys.executable)
    return result


@pytest.fixture
def stamp(module: ModuleType, environment: Any) -> Any:
    return module.Stamp(
        inputs=environment.inputs(False),
        development=False,
        torch="cpu",
        gpu_driver=False,
        python=".".join(map(str, sys.version_info[:3])),
        folder=str(environment.folder),
    )


def test_a_stamp_is_read_back_as_written(environment: Any, stamp: Any) -> None:
    environment.write_stamp(stamp)
    assert environment.read_stamp() == stamp


def test_no_stamp_a_torn_one_and_one_of_another_format_count_as_none(
    environment: Any, stamp: Any
) -> None:
    assert environment.read_stamp() is None
    environment.write_stamp(stamp)
    (file,) = environment.folder.glob("*stamp.json")
    whole = file.read_text()
    file.write_text(whole[: len(whole) // 2])
    assert environment.read_stamp() is None
    environment.write_stamp(dataclasses.replace(stamp, format=0))
    assert environment.read_stamp() is None


def test_what_is_complete_is_used_at_once(environment: Any, stamp: Any) -> None:
    environment.write_stamp(stamp)
    assert environment.ensure(development=False, torch="auto") == stamp


@pytest.mark.parametrize("file", ["packaging/lock/requirements.txt", "pyproject.toml"])
def test_a_changed_input_is_noticed(environment: Any, stamp: Any, file: str) -> None:
    assert environment.is_current(stamp, development=False, torch="auto")
    changed = environment.root / file
    changed.write_text(changed.read_text() + "# more\n")
    assert not environment.is_current(stamp, development=False, torch="auto")


def test_line_ends_of_a_windows_checkout_are_no_change(environment: Any, stamp: Any) -> None:
    lock = environment.lock(development=False)
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))
    assert environment.is_current(stamp, development=False, torch="auto")


def test_the_development_set_serves_run_as_well_but_not_the_other_way_round(
    environment: Any, stamp: Any
) -> None:
    assert not environment.is_current(stamp, development=True, torch="auto")
    whole = dataclasses.replace(stamp, development=True, inputs=environment.inputs(True))
    assert environment.is_current(whole, development=True, torch="auto")
    assert environment.is_current(whole, development=False, torch="auto")


def test_a_graphics_driver_that_came_or_went_is_noticed(
    module: ModuleType, environment: Any, stamp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.torch_build, "nvidia_smi", lambda: "/usr/bin/nvidia-smi")
    assert not environment.is_current(stamp, development=False, torch="auto")
    assert environment.is_current(stamp, development=False, torch="cpu")
    assert not environment.is_current(stamp, development=False, torch="cuda")


def test_an_environment_that_was_moved_or_lost_its_python_is_not_usable(
    environment: Any, stamp: Any
) -> None:
    assert environment.is_usable(stamp)
    assert not environment.is_usable(dataclasses.replace(stamp, folder="/somewhere/else/.venv"))
    assert not environment.is_usable(dataclasses.replace(stamp, python="3.9.2"))
    environment.python.unlink()
    assert not environment.is_usable(stamp)


def test_too_little_space_is_said_before_anything_is_downloaded(
    module: ModuleType, environment: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 10**9})
    monkeypatch.setattr(module.shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(module.BootstrapError, match=r"needs about 4 GB .* has 1\.0 GB left"):
        environment.ensure(development=False, torch="cpu")


def test_cuda_on_demand_without_a_card_is_refused(module: ModuleType) -> None:
    assert module.choose("auto", []) == "cpu"
    with pytest.raises(module.BootstrapError, match="no NVIDIA card"):
        module.choose("cuda", [])


def test_a_second_start_waits_for_the_first(script: Script, tmp_path: Path) -> None:
    lock = script("installation_lock").installation_lock
    held, released, order = threading.Event(), threading.Event(), []

    def first_start() -> None:
        with lock(tmp_path / "lock", lambda: order.append("first waited")):
            held.set()
            released.wait()
            order.append("first done")

    first = threading.Thread(target=first_start)
    first.start()
    held.wait()
    with lock(tmp_path / "lock", released.set):
        order.append("second runs")
    first.join()
    assert order == ["first done", "second runs"]
