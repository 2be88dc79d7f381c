"""Where the program remembers how the window stood, and which projects were open lately."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
from PySide6.QtCore import QSettings

KEPT_RECENT = 8


def open_settings() -> QSettings:
    """Return the settings, an INI file; ``GLOSSATOR_CONFIG_DIR`` overrides the system's place."""
    override = os.environ.get("GLOSSATOR_CONFIG_DIR")
    folder = Path(override) if override else platformdirs.user_config_path("glossator", False)
    return QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)


def projects_folder(settings: QSettings) -> Path:
    """Return the folder a new project is offered in: the one that was used last."""
    last = settings.value("projects_folder")
    return Path(str(last)) if last else platformdirs.user_documents_path()


def sample_path(kind: str = "classification") -> Path:
    """Return where the sample project of a kind lies; ``GLOSSATOR_SAMPLE_DIR`` names the folder."""
    override = os.environ.get("GLOSSATOR_SAMPLE_DIR")
    folder = Path(override) if override else platformdirs.user_data_path("glossator", False)
    name = "sample passages" if kind == "spans" else "sample letters"
    return folder / f"{name}.glossator"


def recent_projects(settings: QSettings) -> list[Path]:
    """Return the projects that were open lately and are still there, the newest first."""
    stored = settings.value("recent_projects", [])
    paths = [stored] if isinstance(stored, str) else list(stored or [])
    return [path for path in map(Path, paths) if path.is_file()]


def remember_project(settings: QSettings, path: Path) -> None:
    """Put a project on top of the recent ones."""
    others = [str(known) for known in recent_projects(settings) if known != path]
    settings.setValue("recent_projects", [str(path), *others][:KEPT_RECENT])


def search_encoder(settings: QSettings, uuid: str) -> str:
    """Return the encoder that a project is searched by meaning with; "" is the starter."""
    return str(settings.value(f"search_encoder/{uuid}", ""))


def set_search_encoder(settings: QSettings, uuid: str, name: str) -> None:
    """Search a project by meaning with the encoder of this name from now on."""
    settings.setValue(f"search_encoder/{uuid}", name)


def search_quantised(settings: QSettings, uuid: str) -> bool:
    """Return whether a project's texts are read in eight bits when it is searched by meaning."""
    return str(settings.value(f"search_quantised/{uuid}", "false")) == "true"


def set_search_quantised(settings: QSettings, uuid: str, quantised: bool) -> None:
    """Read a project's texts in eight bits, or in full precision, from the next search on."""
    settings.setValue(f"search_quantised/{uuid}", "true" if quantised else "false")


def forget_project(settings: QSettings, path: Path) -> None:
    """Take a project off the recent ones; its file stays."""
    settings.setValue(
        "recent_projects", [str(known) for known in recent_projects(settings) if known != path]
    )
