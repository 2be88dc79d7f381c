"""The bootstrap's modules, imported as its scripts see them: by name, from packaging/."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = b"a library of one version\n"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Imports a module of packaging/ by its name."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    return importlib.import_module


@pytest.fixture
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def make_application() -> Callable[[Path], Path]:
    """Lays out a small application folder; its programs are copies of the system's `sleep`."""

    def make(folder: Path, library: bytes = LIBRARY) -> Path:
        internal = folder / "_internal"
        (internal / "resources").mkdir(parents=True)
        for program in ("glossator", "glossator-window"):
            shutil.copy(shutil.which("sleep") or "/bin/sleep", folder / program)
        (internal / "libone.so.1").write_bytes(library)
        (internal / "libone.so.1").chmod(0o755)
        (internal / "libone.so").symlink_to("libone.so.1")
        (internal / "resources" / "ä b.txt").write_text("two words\n", encoding="utf-8")
        return folder

    return make


@pytest.fixture
def application(tmp_path: Path, make_application: Callable[[Path], Path]) -> Path:
    """A small application folder."""
    return make_application(tmp_path / "application")


@pytest.fixture(scope="session")
def installer_modules() -> Iterator[Callable[[str], ModuleType]]:
    """Imports a module of packaging/glossator_installer/ for fixtures that outlive a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "packaging"))
        yield lambda name: importlib.import_module(f"glossator_installer.{name}")
