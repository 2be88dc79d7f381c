"""Files that appear under their name only when they are whole."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from engine.core.errors import KnownError
from engine.core.language import tr


@contextlib.contextmanager
def atomic_write(
    path: Path, mode: str = "w", *, encoding: str = "utf-8", newline: str = ""
) -> Iterator[IO[Any]]:
    """Yield a file that takes the name `path` when the block ends well, and vanishes otherwise.

    The bytes are on disk before the rename and the rename is before the block returns, so that a
    power cut leaves either the old file or the new one. `mode` is "w" or "wb".

    Raises:
        KnownError: if the folder is missing or read-only, or the disk is full; an older file of
            that name is still whole.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    text = "b" not in mode
    try:
        with temporary.open(
            mode.replace("w", "x"),
            encoding=encoding if text else None,
            newline=newline if text else None,
        ) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        what = tr("{name} could not be written to {folder}", name=path.name, folder=path.parent)
        raise explain_os_error(error, what) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_text_atomically(path: Path, text: str) -> None:
    """Write `text` as UTF-8 to `path`, all of it or nothing.

    Raises:
        KnownError: as `atomic_write`.
    """
    with atomic_write(path) as file:
        file.write(text)


def make_folder(folder: Path, what: str) -> None:
    """Make a folder and those above it, where they are not there yet; `what` is what goes into it.

    Raises:
        KnownError: if the system refuses, in one sentence.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain_os_error(
            error, tr("{what} cannot be written into {folder}", what=what, folder=folder)
        ) from error


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` survive a power cut, where the system has a way to."""
    if os.name == "nt":  # folders cannot be opened there, and NTFS journals its renames
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network and FUSE file systems have no fsync for folders.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def explain_os_error(error: OSError, what: str) -> KnownError:
    """Return a KnownError of one sentence: `what` failed, why, and what to do about it."""
    reasons = {
        errno.ENOSPC: tr("the disk is full; free some space and try again"),
        errno.EDQUOT: tr("your disk quota is used up; free some space and try again"),
        errno.EACCES: tr("you have no permission to write there; choose another folder"),
        errno.EPERM: tr("you have no permission to write there; choose another folder"),
        errno.EROFS: tr("that disk is read-only; choose another folder"),
        errno.ENOENT: tr("that folder does not exist; create it or choose another"),
        errno.ENOTDIR: tr("that is not a folder; choose another"),
        errno.EEXIST: tr("a file of that name is in the way; choose another folder"),
        errno.EISDIR: tr("that is a folder, not a file; choose another name"),
        errno.ENAMETOOLONG: tr("the name is too long; choose a shorter one"),
        errno.EIO: tr("the disk reported an error; copy your work to another disk"),
    }
    reason = reasons.get(error.errno or 0, error.strerror or str(error))
    return KnownError(tr("{what}: {reason}.", what=what, reason=reason), details=repr(error))


def read_head(path: Path, size: int, *, wanted: str) -> bytes:
    """Return the first `size` bytes of a file, or all there are; `wanted` is what it should be.

    Raises:
        KnownError: if it is a folder, missing, unreadable or empty.
    """
    if path.is_dir():
        raise KnownError(tr("{path} is a folder, not {wanted}.", path=path, wanted=wanted))
    try:
        with path.open("rb") as file:
            head = file.read(size)
    except FileNotFoundError:
        raise KnownError(tr("There is no file {path}.", path=path)) from None
    except OSError as error:
        raise KnownError(
            tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror)
        ) from None
    if not head:
        raise KnownError(tr("{name} is empty.", name=path.name))
    return head
