"""The manifest of a model folder: which files belong to it, their hashes, and its lineage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.core.errors import KnownError
from engine.core.hashing import file_sha256
from engine.core.language import tr
from engine.registry.model_folder import PICKLES

MANIFEST = "manifest.json"
FORMAT = 1


def write_manifest(folder: Path, lineage: dict[str, Any]) -> Path:
    """Write the manifest of all files in `folder` and return its path.

    `lineage` says where the model comes from (base model, method, settings, labels, metrics …); it
    must be JSON.
    """
    files = {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": file_sha256(path),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    path = folder / MANIFEST
    text = json.dumps({"format": FORMAT, "files": files, "lineage": lineage}, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a model folder: {"format", "files", "lineage"}.

    Raises:
        KnownError: if there is none, or it cannot be read.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["format"] > FORMAT:
            raise KnownError(
                tr("The model in {folder} comes from a newer version of Glossator.", folder=folder)
            )
        if not isinstance(manifest["files"], dict) or not isinstance(manifest["lineage"], dict):
            raise TypeError("files and lineage must be objects")
    except FileNotFoundError:
        raise KnownError(
            tr("{folder} is not a published model: it has no {file}.", folder=folder, file=MANIFEST)
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KnownError(
            tr(
                "The manifest of the model in {folder} cannot be read; restore the folder from a "
                "backup, or train the model again.",
                folder=folder,
            ),
            details=str(error),
        ) from error
    return manifest


def verify(folder: Path) -> dict[str, Any]:
    """Check every file of a published model against the manifest, and return the manifest.

    Raises:
        KnownError: naming the first file that is missing, changed, or unsafe to have there.
    """
    manifest = read_manifest(folder)
    pickles = sorted(path.name for kind in PICKLES for path in folder.rglob(kind))
    if pickles:
        raise KnownError(
            tr(
                "The model in {folder} is not safe: {file} does not belong to it and could run "
                "harmful code; remove that file.",
                folder=folder,
                file=pickles[0],
            )
        )
    for name, facts in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            raise KnownError(
                tr(
                    "The model in {folder} is damaged: {file} is missing; restore the folder from "
                    "a backup, or train the model again.",
                    folder=folder,
                    file=name,
                )
            )
        if path.stat().st_size != facts["bytes"] or file_sha256(path) != facts["sha256"]:
            raise KnownError(
                tr(
                    "The model in {folder} is damaged: {file} was changed after it was published; "
                    "restore the folder from a backup, or train the model again.",
                    folder=folder,
                    file=name,
                )
            )
    return manifest
