"""The checksums can be checked with the tool that everybody has."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_they_are_checked_by_sha256sum(script: Callable[[str], ModuleType], tmp_path: Path) -> None:
    artefacts = [tmp_path / name for name in ("b.run", "ä a.deb")]
    for artefact in artefacts:
        artefact.write_text(artefact.name, encoding="utf-8")
    sums = script("glossator_installer.checksums").write_checksums(artefacts, tmp_path)
    assert sums == tmp_path / "SHA256SUMS"
    check = ["sha256sum", "--check", "--strict", sums.name]
    done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(": OK") == 2
    artefacts[0].write_text("altered")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1
