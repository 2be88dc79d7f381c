"""The checkpoints in a job's folder: what a training needs to go on where it was stopped.

A checkpoint is a file of tensors (safetensors) and a manifest (JSON) with the rest, the hash of the
tensors, and a hash of itself. The manifest is written last: without one that fits, the tensors do
not count. The checkpoint before stays until the new one is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.core.errors import KnownError
from engine.core.files import atomic_write, explain_os_error, sync_folder
from engine.core.hashing import file_sha256
from engine.core.language import tr

FOLDER = "checkpoints"
FORMAT = 1
KEPT = 2
"""If the newest is damaged, there is one before it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint that was found whole.

    `position` says where the run stood, in the words of the event "checkpoint"; `content` is plain
    JSON and means something to whoever wrote it.
    """

    number: int
    tensors: Path
    position: dict[str, Any]
    content: dict[str, Any]


def manifests(job_folder: Path) -> list[Path]:
    """Return the manifests of a job's checkpoints, the newest first."""
    return sorted((job_folder / FOLDER).glob("[0-9]*.json"), reverse=True)


def last_position(job_folder: Path) -> dict[str, Any] | None:
    """Return where the newest checkpoint stands, or None if there is none; tensors are not read."""
    for manifest in manifests(job_folder):
        try:
            position: dict[str, Any] = _read_manifest(manifest)["position"]
        except KnownError:
            continue
        return position
    return None


def read_checkpoint(manifest: Path) -> Checkpoint:
    """Return a checkpoint after checking every byte of it.

    Raises:
        KnownError: if it is damaged.
    """
    raw = _read_manifest(manifest)
    tensors = _tensors_of(manifest)
    try:
        found = file_sha256(tensors)
    except OSError as error:
        raise _damaged(manifest, f"{tensors.name}: {error}") from error
    if found != raw["tensors_sha256"]:
        raise _damaged(manifest, f"{tensors.name} has another hash than its manifest says")
    return Checkpoint(raw["number"], tensors, raw["position"], raw["content"])


def write_checkpoint(
    job_folder: Path,
    position: dict[str, Any],
    content: dict[str, Any],
    write_tensors: Callable[[Path], None],
) -> int:
    """Write the next checkpoint and return its number; `position` gets it as "checkpoint".

    The folder is made if it is missing. Of the older ones, the newest stays.

    Raises:
        KnownError: if the disk does not allow it; the checkpoints before are whole.
    """
    folder = job_folder / FOLDER
    older = manifests(job_folder)
    number = int(older[0].stem) + 1 if older else 1
    manifest = folder / f"{number:06}.json"
    partial = folder / f".{number:06}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _keep_only(folder, older[: KEPT - 1])
        write_tensors(partial)
        with partial.open("rb+") as stream:
            os.fsync(stream.fileno())
        sha256 = file_sha256(partial)
        partial.replace(_tensors_of(manifest))
        sync_folder(folder)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        what = tr("No checkpoint could be written to {folder}", folder=folder)
        raise explain_os_error(error, what) from error
    raw = {
        "format": FORMAT,
        "number": number,
        "position": {"checkpoint": number, **position},
        "content": content,
        "tensors_sha256": sha256,
    }
    with atomic_write(manifest) as file:
        json.dump({**raw, "sha256": _hash_of(raw)}, file, ensure_ascii=False)
    return number


def remove_checkpoint(manifest: Path) -> None:
    """Remove one checkpoint, the manifest first."""
    manifest.unlink(missing_ok=True)
    _tensors_of(manifest).unlink(missing_ok=True)


def _read_manifest(manifest: Path) -> dict[str, Any]:
    try:
        raw: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
        sha256 = raw.pop("sha256")
        whole = sha256 == _hash_of(raw) and raw["format"] == FORMAT
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise _damaged(manifest, str(error)) from error
    if not whole:
        raise _damaged(manifest, f"{manifest.name} has another hash than it says, or format")
    return raw


def _hash_of(raw: dict[str, Any]) -> str:
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _damaged(manifest: Path, details: str) -> KnownError:
    sentence = tr("The checkpoint {number} is damaged.", number=int(manifest.stem))
    return KnownError(sentence, details=details)


def _tensors_of(manifest: Path) -> Path:
    return manifest.with_suffix(".safetensors")


def _keep_only(folder: Path, kept: list[Path]) -> None:
    names = {path.name for manifest in kept for path in (manifest, _tensors_of(manifest))}
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink(missing_ok=True)
