"""The bootstrap's first step: a Python that will do, or one clear sentence."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Script = Callable[[str], ModuleType]


@pytest.mark.parametrize(
    ("version", "supported"),
    [((3, 10, 14), False), ((3, 11, 0), True), ((3, 13, 9), True), ((3, 14, 0), False)],
)
def test_pythons_that_the_lock_is_made_for(
    script: Script, version: tuple[int, ...], supported: bool
) -> None:
    assert script("bootstrap").is_supported(version) is supported


def test_the_first_file_can_be_read_by_an_old_python(root: Path) -> None:
    source = (root / "packaging" / "bootstrap.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))


def test_an_unsupported_python_says_what_to_install(
    script: Script,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    bootstrap = script("bootstrap")
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bootstrap.main() == 1
    error = capsys.readouterr().err
    assert "needs Python 3.11 to 3.13, and this is Python 3.9" in error
    assert "Traceback" not in error


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell script as an interpreter")
def test_a_stand_in_for_a_python_that_is_not_installed_is_passed_over(
    script: Script, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, exit_code in (("python3.13", 127), ("python3.12", 0)):
        stand_in = tmp_path / name
        stand_in.write_text(f"#!/bin/sh\nexit {exit_code}\n", encoding="utf-8")
        stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert script("bootstrap").find_supported_python() == str(tmp_path / "python3.12")


def test_wrong_usage_ends_with_code_2(root: Path) -> None:
    command = [sys.executable, str(root / "packaging" / "bootstrap.py"), "run", "--colour"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "unrecognized arguments: --colour" in answer.stderr


def test_other_installations_do_not_leak_into_the_program(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = script("launch")
    monkeypatch.setattr(launch.system_packages, "has_display", lambda: False)
    seen = launch.child_environment({"PYTHONPATH": "/elsewhere", "PYTHONHOME": "/", "LANG": "C"})
    assert seen == {"LANG": "C", "QT_QPA_PLATFORM": "offscreen"}
    seen = launch.child_environment({"QT_QPA_PLATFORM": "minimal"})
    assert seen == {"QT_QPA_PLATFORM": "minimal"}


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS", "not the one"),
        ("NewConnectionError: [Errno -3] Temporary failure in name resolution", "not be reached"),
        ("ERROR: No version satisfies x==1 (from versions: none)", "not be reached"),
        ("ssl.SSLError: CERTIFICATE_VERIFY_FAILED", "certificate"),
        ("ERROR: No matching distribution found for shiboken6==6.11.3", "shiboken6==6.11.3 for"),
        ("[Errno 13] Permission denied: '.venv/lib/x'", "refused"),
        ("Segmentation fault", "the log has the details"),
    ],
)
def test_pips_failures_become_one_sentence(script: Script, output: str, words: str) -> None:
    assert words in script("pip_process").explain_failure(f"Collecting x\n{output}\nmore")


def test_a_failing_pip_names_its_log(script: Script, tmp_path: Path) -> None:
    pip_process = script("pip_process")
    log = tmp_path / "bootstrap.log"
    wheel = tmp_path / "gone-1.0-py3-none-any.whl"
    with pytest.raises(pip_process.BootstrapError) as failure:
        pip_process.Pip(Path(sys.executable), log).install("--no-index", str(wheel))
    assert str(log) in str(failure.value)
    assert wheel.name in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(("seconds", "words"), [(4.2, "4 s"), (199.6, "3 min 20 s")])
def test_durations_in_words(script: Script, seconds: float, words: str) -> None:
    assert script("launch").duration(seconds) == words
