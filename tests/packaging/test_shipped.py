"""What PyInstaller wrote down says which distributions are handed out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Script = Callable[[str], ModuleType]


@pytest.fixture
def shipped(script: Script) -> ModuleType:
    return script("glossator_installer.shipped")


@pytest.fixture
def site_packages(tmp_path: Path) -> Path:
    """Three distributions, of which the second brings a shared library."""
    folder = tmp_path / "site-packages"
    for name, files in (
        ("click", ["click/core.py"]),
        ("torch", ["torch/nn.py", "torch/lib/libtorch.so"]),
        ("pytest", ["pytest/main.py"]),
    ):
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))
        for file in files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text("")
    return folder


@pytest.fixture
def work(tmp_path: Path, site_packages: Path) -> Path:
    """PyInstaller's lists: modules, and files with where they came from."""
    folder = tmp_path / "work-glossator" / "glossator"
    folder.mkdir(parents=True)
    core, library = site_packages / "click/core.py", site_packages / "torch/lib/libtorch.so"
    modules = [("click.core", str(core), "PYMODULE"), ("json", "/usr/lib/json.py", "PYMODULE")]
    (folder / "PYZ-00.toc").write_text(repr(("PYZ-00.pyz", modules)))
    files = [
        ("torch/lib/libtorch.so", str(library), "BINARY"),
        ("libssl.so.3", "/usr/lib/libssl.so.3", "BINARY"),
    ]
    (folder / "COLLECT-00.toc").write_text(repr((None, files, False)))
    return tmp_path / "work-glossator"


def test_a_distribution_is_shipped_when_a_file_of_it_is(
    shipped: ModuleType, work: Path, site_packages: Path
) -> None:
    names = shipped.shipped_distributions(work, site_packages)
    assert names == ["click", "pyinstaller", "torch"]


def test_libraries_of_the_system_are_those_that_no_wheel_brought(
    shipped: ModuleType, work: Path, site_packages: Path, tmp_path: Path
) -> None:
    inside = tmp_path / "glossator" / "_internal"
    inside.mkdir(parents=True)
    for name in ("libssl.so.3", "libpython3.11.so.1.0", "base_library.zip"):
        (inside / name).write_text("")
    (inside / "libtorch.so").symlink_to("torch/lib/libtorch.so")
    found = shipped.system_library_files(tmp_path / "glossator", work, site_packages)
    assert found == ["libssl.so.3"]
