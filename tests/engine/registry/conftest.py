"""A data folder of the machine that belongs to the test."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where the program remembers base models."""
    folder = tmp_path / "data"
    monkeypatch.setenv("GLOSSATOR_DATA_DIR", str(folder))
    return folder
