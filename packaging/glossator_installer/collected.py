"""What PyInstaller is told to collect beyond what it finds by itself; imported by the recipes."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import contents
from PyInstaller.depend.bindepend import get_imports
from PyInstaller.utils.hooks import (
    collect_data_files,
    collect_submodules,
    copy_metadata,
    get_package_paths,
)


def hidden_imports(packages: Iterable[str]) -> list[str]:
    """Modules that are imported by a name made up at run time."""
    names = [name for package in packages for name in collect_submodules(package)]
    for encoder in contents.ENCODERS:
        names += collect_submodules(f"transformers.models.{encoder}")
    return names + model_configurations()


def model_configurations() -> list[str]:
    """The modules by which transformers knows what kinds of models there are."""
    models = Path(get_package_paths("transformers")[1]) / "models"
    files = sorted([*models.glob("*/__init__.py"), *models.glob("*/configuration_*.py")])
    return [
        ".".join(("transformers", "models", file.parent.name, file.stem)).removesuffix(".__init__")
        for file in files
    ]


def data_files(packages: Iterable[str], distributions: Iterable[str]) -> list[tuple[str, str]]:
    """Files beside the modules of packages, and what distributions say of themselves."""
    found = [entry for package in packages for entry in collect_data_files(package)]
    for distribution in distributions:
        found += copy_metadata(distribution)
    return found


def starter_files() -> list[tuple[str, str]]:
    """The starter model, which is read as data; its package's code does not come along."""
    package = Path(get_package_paths(contents.STARTER_PACKAGE)[1])
    return [
        (str(file), str(Path(contents.STARTER_PACKAGE) / file.parent.relative_to(package)))
        for file in sorted((package / "model").rglob("*"))
        if file.is_file()
    ]


def trim(analysis: Any, *, gpu: bool = False) -> None:
    """Take out of an analysis what `contents` leaves out, for the application or the add-on."""
    analysis.pure = [entry for entry in analysis.pure if not contents.is_foreign_model(entry[0])]
    for name in ("binaries", "datas"):
        kept = [
            entry
            for entry in getattr(analysis, name)
            if contents.stays(entry[0], gpu=gpu) and not contents.is_foreign_model(entry[0])
        ]
        setattr(analysis, name, kept)
    if sys.platform.startswith("linux"):
        analysis.binaries = contents.without_orphans(
            analysis.binaries, lambda path: [name for name, _ in get_imports(path)]
        )
