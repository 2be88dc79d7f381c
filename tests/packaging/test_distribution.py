"""What a built wheel holds, and that packaging/ stays a folder of scripts."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


def test_packaging_is_no_package(root: Path) -> None:
    # With an __init__.py it would hide the library of the same name from all that import it.
    assert not list((root / "packaging").rglob("__init__.py"))


def test_no_library_hides_the_modules_of_the_installers(
    root: Path, script: Callable[[str], ModuleType]
) -> None:
    # There is a library called `installer`; where it is installed, it would be found instead.
    module = script("glossator_installer.archive")
    assert module.__file__ == str(root / "packaging" / "glossator_installer" / "archive.py")


def test_every_folder_of_code_is_a_package(root: Path) -> None:
    # The wheel takes packages only: a forgotten __init__.py leaves the folder out of it.
    for top in ("engine", "desktop", "resources"):
        for module in (root / top).rglob("*.py"):
            assert (module.parent / "__init__.py").is_file(), f"{module.parent} is no package"


@pytest.mark.slow
def test_the_wheel_holds_all_code_and_data_and_nothing_else(root: Path, tmp_path: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    source = tmp_path / "source"
    for name in tracked:
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, target)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    command += ["--no-index", "--quiet", "--wheel-dir", str(tmp_path), str(source)]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {
        name for name in tracked if name.split("/")[0] in ("engine", "desktop", "resources")
    }
    assert names == expected
