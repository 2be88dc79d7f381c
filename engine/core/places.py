"""Where on this machine the program keeps what belongs to no project."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """Return the person's folder for base models and add-ons; ``GLOSSATOR_DATA_DIR`` overrides."""
    override = os.environ.get("GLOSSATOR_DATA_DIR")
    return Path(override) if override else platformdirs.user_data_path("glossator", False)
