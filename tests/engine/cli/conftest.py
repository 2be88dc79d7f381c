"""The command line as a shell calls it, and a project with topics that a tiny model can learn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.cli.main import run

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("GLOSSATOR_TEST_DATA", ROOT.parent / "shared" / "data"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """The last line of standard output, read as the JSON object it has to be."""
        data: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return data


Glossator = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep reports and the base-model library out of the person's own folders."""
    folder = tmp_path_factory.mktemp("machine")
    for variable in ("GLOSSATOR_LOG_DIR", "GLOSSATOR_DATA_DIR"):
        monkeypatch.setenv(variable, str(folder / variable.lower()))


@pytest.fixture
def glossator(capfd: pytest.CaptureFixture[str]) -> Glossator:
    """Run a command in this process."""

    def call(*arguments: object) -> Outcome:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Outcome(code, out, err)

    return call


@pytest.fixture
def start() -> Callable[..., subprocess.Popen[str]]:
    """Start a command as a process of its own."""

    def call(*arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "desktop.main", *map(str, arguments)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    return call


@pytest.fixture
def data() -> Path:
    """The folder of public data sets; the test is skipped where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"the test data is not there: {DATA}")
    return DATA


@pytest.fixture
def project(tmp_path: Path, glossator: Glossator) -> Path:
    """A project with the labels positive and negative, and two labelled texts."""
    path = tmp_path / "reviews.glossator"
    assert glossator("new", path, "--labels", "positive,negative").code == 0
    file = tmp_path / "two.csv"
    file.write_text("text,label\nVery good.,positive\nDon't go!,negative\n", encoding="utf-8")
    assert glossator("import", path, file).code == 0
    return path
