"""Publish a model folder whole or not at all.

Files are written into a hidden folder beside the target, hashed into a manifest, forced to the
disk, and the folder is then renamed: a reader sees a complete model or none.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.core.errors import KnownError
from engine.core.files import explain_os_error, sync_folder
from engine.core.hashing import file_sha256
from engine.core.language import tr
from engine.registry.manifest import MANIFEST, verify, write_manifest

_PARTIAL = ".partial-"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""No space, quota used up, file too large for this file system: the same to a person."""
_FULL_IN_WORDS = ("No space left", "Disk quota", "File too large", "os error 28", "os error 27")
"""safetensors reports a full disk as text, without a number."""


@dataclass(slots=True)
class Publication:
    """A model folder in the making: write files into `folder` and fill `lineage`.

    After the block, `manifest_sha256` and `bytes` describe what was published.
    """

    folder: Path
    lineage: dict[str, Any] = field(default_factory=dict)
    manifest_sha256: str = ""
    bytes: int = 0


def require_free(output: Path) -> None:
    """Raise KnownError if there is something at `output`: a model is never overwritten."""
    if output.exists():
        raise KnownError(
            tr("There is already a model in {folder}; nothing was changed there.", folder=output)
        )


@contextmanager
def publishing(output: Path) -> Iterator[Publication]:
    """Yield a `Publication`; when the block ends well, its folder appears as `output`.

    Raises:
        KnownError: if `output` exists, the disk is full, or the folder cannot be written; then
            nothing is left behind.
    """
    require_free(output)
    partial = output.with_name(f".{output.name}{_PARTIAL}{os.getpid()}")
    publication = Publication(partial)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        yield publication
        manifest = write_manifest(partial, publication.lineage)
        publication.manifest_sha256 = file_sha256(manifest)
        publication.bytes = sum(p.stat().st_size for p in partial.rglob("*") if p.is_file())
        _force_to_disk(partial)
        partial.rename(output)
        sync_folder(output.parent)
    except Exception as error:
        shutil.rmtree(partial, ignore_errors=True)
        sentence = _disk_sentence(error, output)
        if sentence is None:
            raise
        raise KnownError(sentence, details=str(error)) from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def require_new_folder(target: Path) -> None:
    """Raise KnownError if there is something at `target`: an export never overwrites."""
    if target.exists():
        raise KnownError(
            tr("{folder} exists already; choose the name of a new folder.", folder=target)
        )


def remove_partials(models: Path) -> int:
    """Remove what publications left in `models` when their process was killed; return how many.

    Call it only while no job runs.
    """
    found = [path for path in models.glob(f".*{_PARTIAL}*") if path.is_dir()]
    for path in found:
        shutil.rmtree(path, ignore_errors=True)
    return len(found)


def export_model(folder: Path, target: Path) -> None:
    """Copy a published model to a new folder, checked before and after; all of it or nothing.

    Raises:
        KnownError: if the model is damaged, `target` exists, or it cannot be written.
    """
    manifest = verify(folder)
    require_new_folder(target)
    partial = target.with_name(f".{target.name}{_PARTIAL}{os.getpid()}")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        for name in (*manifest["files"], MANIFEST):
            copy = partial / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, copy)
        verify(partial)
        _force_to_disk(partial)
        partial.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        what = tr("The model was not exported to {folder}", folder=target)
        raise explain_os_error(error, what) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _disk_sentence(error: Exception, output: Path) -> str | None:
    full = getattr(error, "errno", None) in _FULL
    full = full or any(words in str(error) for words in _FULL_IN_WORDS)
    if full:
        return tr(
            "The disk with {folder} is full, so the model was not published; earlier models are "
            "unchanged. Free some space and train again.",
            folder=output.parent,
        )
    if isinstance(error, OSError):
        return tr(
            "The model could not be written to {folder} ({reason}); earlier models are unchanged.",
            folder=output.parent,
            reason=error.strerror or error,
        )
    return None


def _force_to_disk(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            with path.open("rb+") as stream:
                os.fsync(stream.fileno())
        else:
            sync_folder(path)
    sync_folder(folder)
