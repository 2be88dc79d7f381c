"""From which program a worker is started, and what that program sees of our environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.jobs.launch import WORKER_FLAG, outside_environment, worker_command, worker_environment


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installed application, whose window is this process."""
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", str(tmp_path / "glossator-window"))
    (tmp_path / "glossator-window").touch()
    return tmp_path


def test_the_window_starts_workers_from_its_twin_with_standard_streams(installed: Path) -> None:
    (installed / "glossator").touch()
    assert worker_command() == [str(installed / "glossator"), WORKER_FLAG]


def test_on_windows_the_twin_is_a_program_of_windows(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(installed / "glossator-window.exe"))
    (installed / "glossator.exe").touch()
    assert worker_command() == [str(installed / "glossator.exe"), WORKER_FLAG]


def test_without_a_twin_the_program_is_its_own_worker(installed: Path) -> None:
    assert worker_command() == [str(installed / "glossator-window"), WORKER_FLAG]


def test_other_programs_do_not_look_for_libraries_in_the_application(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", str(installed / "_internal"))
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    environment = worker_environment()
    assert "LD_LIBRARY_PATH" not in environment
    assert environment["PYINSTALLER_RESET_ENVIRONMENT"] == "1"
    assert environment["HF_HUB_OFFLINE"] == "1"


def test_other_programs_look_for_libraries_where_the_person_said(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", f"{installed / '_internal'}:/usr/local/cuda/lib64")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/usr/local/cuda/lib64")
    environment = outside_environment()
    assert environment["LD_LIBRARY_PATH"] == "/usr/local/cuda/lib64"
    assert "LD_LIBRARY_PATH_ORIG" not in environment


def test_the_installed_application_lends_its_modules_to_no_other_program(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert "PYTHONPATH" not in worker_environment()


def test_from_source_the_environment_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/libraries")
    environment = worker_environment()
    assert environment["LD_LIBRARY_PATH"] == "/opt/libraries"
    assert "PYINSTALLER_RESET_ENVIRONMENT" not in environment
