"""The rooms of the house see only what the design allows them to see."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Rooms whose code runs in the worker process and may load models.
WORKER_ROOMS = {"assist", "inference", "inspection", "training"}
HEAVY = (
    "accelerate",
    "datasets",
    "pandas",
    "sentence_transformers",
    "setfit",
    "sklearn",
    "sqlite_utils",
    "torch",
    "transformers",
)


def engine_rooms() -> set[str]:
    """Packages and modules directly under engine/."""
    packages = {path.parent.name for path in (ROOT / "engine").glob("*/__init__.py")}
    return packages | {path.stem for path in (ROOT / "engine").glob("[a-z]*.py")}


def test_the_import_contracts_are_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run(
        [str(lint), "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_room_of_the_engine_is_placed_in_the_contract_on_model_libraries() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(
        contract
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["name"].startswith("Model libraries")
    )
    light = {name.removeprefix("engine.") for name in contract["source_modules"]}
    assert engine_rooms() - light - WORKER_ROOMS == set()


@pytest.mark.parametrize("module", ["desktop.app", "desktop.main", "engine.api", "engine.cli.main"])
def test_importing_it_in_a_fresh_process_loads_no_heavy_library(module: str) -> None:
    program = f"import sys, {module}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == []
