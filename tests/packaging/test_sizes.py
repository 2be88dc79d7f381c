"""A library that grows in the installer is seen by whoever builds it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Script = Callable[[str], ModuleType]
MB = 1_000_000


@pytest.fixture
def sizes(script: Script) -> ModuleType:
    return script("glossator_installer.sizes")


def put(folder: Path, place: str, size: int) -> None:
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


@pytest.fixture
def application(tmp_path: Path) -> Path:
    """Two libraries, one with shared libraries beside it, the program, and small change."""
    put(tmp_path, "glossator", 50 * MB)
    (tmp_path / "glossator-window").symlink_to("glossator")
    put(tmp_path, "_internal/libpython3.11.so", 5 * MB)
    put(tmp_path, "_internal/torch/lib/libtorch.so", 400 * MB)
    put(tmp_path, "_internal/torch/_C.so", 20 * MB)
    put(tmp_path, "_internal/numpy/core.so", 10 * MB)
    put(tmp_path, "_internal/numpy.libs/libblas.so", 30 * MB)
    put(tmp_path, "_internal/click/core.py", MB)
    put(tmp_path, "_internal/click-8.5.dist-info/METADATA", MB)
    return tmp_path


def test_sizes_are_counted_by_library(sizes: ModuleType, application: Path) -> None:
    assert sizes.measure(application) == {
        "torch": 420 * MB,
        sizes.PROGRAM: 55 * MB,
        "numpy": 40 * MB,
        sizes.REST: 2 * MB,
    }


def test_growth_without_a_reason_is_found(sizes: ModuleType) -> None:
    budget = {"torch": 400 * MB, "numpy": 40 * MB, sizes.REST: 5 * MB}
    assert sizes.growth({"torch": 415 * MB, "numpy": 41 * MB, sizes.REST: 6 * MB}, budget) == []
    grown = sizes.growth({"torch": 430 * MB, "numpy": 40 * MB, "polars": 9 * MB}, budget)
    assert [each.words for each in grown] == [
        "torch takes 430.0 MB, where 400.0 MB are expected.",
        "polars is new and takes 9.0 MB.",
    ]


def test_what_is_shown_can_be_written_down(sizes: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "sizes.toml"
    file.write_text(sizes.as_toml({"torch": 420 * MB, sizes.REST: 2 * MB}, "linux"))
    assert sizes.read_budget("linux", file) == {"torch": 420 * MB, sizes.REST: 2 * MB}
    assert sizes.read_budget("win32", file) == {}


def test_the_sizes_of_this_version_are_written_down(sizes: ModuleType) -> None:
    written = tomllib.loads(sizes.BUDGET.read_text(encoding="utf-8"))
    assert {"torch", "PySide6", sizes.PROGRAM, sizes.REST} <= set(written["linux"])
    assert sum(written["linux"].values()) < 1_300
