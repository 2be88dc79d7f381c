"""Deleted models wait in a bin inside the models folder, so that deleting can be undone."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.language import mark, tr

BIN = ".bin"
_NOT_DELETED = mark(
    "The model {name} cannot be deleted ({reason}); close programs that use its files and try "
    "again."
)
_NOT_RESTORED = mark(
    "The model {name} cannot be brought back ({reason}); close programs that use its files and try "
    "again."
)


def move_to_bin(folder: Path) -> Path:
    """Put a model folder aside, and return where it is now. A rename: instant and whole.

    Raises:
        KnownError: if the folder cannot be moved, for instance because a program uses it.
    """
    target = folder.parent / BIN / folder.name
    _move(folder, target, _NOT_DELETED)
    return target


def restore_from_bin(folder: Path) -> None:
    """Bring the model back that was `folder` before it was put aside.

    Raises:
        KnownError: if it is no longer in the bin, or its place is taken.
    """
    source = folder.parent / BIN / folder.name
    if not source.is_dir():
        raise KnownError(
            tr("The model {name} is no longer in the bin and cannot come back.", name=folder.name)
        )
    if folder.exists():
        raise KnownError(
            tr("{folder} is taken by something else; move it away and try again.", folder=folder)
        )
    _move(source, folder, _NOT_RESTORED)


def empty_bin(models: Path) -> int:
    """Remove for good what was deleted from the models folder `models`; return how many models."""
    folders = [path for path in (models / BIN).glob("*") if path.is_dir()]
    for path in folders:
        shutil.rmtree(path, ignore_errors=True)
    shutil.rmtree(models / BIN, ignore_errors=True)
    return len(folders)


def _move(source: Path, target: Path, complaint: str) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():  # an older model of this name was deleted before
            shutil.rmtree(target)
        source.rename(target)
    except OSError as error:
        raise KnownError(
            tr(complaint, name=source.name, reason=error.strerror or error),
            details=repr(error),
        ) from error
