"""One window at a time: who has a project open, and the sentence for everybody else."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.files import explain_os_error


class ProjectLock:
    """The right to write a project, held from construction to `release`.

    A lock of the operating system on a hidden file beside the project, so that it vanishes with
    its process however that ends.

    Raises:
        KnownError: if the project is open elsewhere, or its folder takes no new files.
    """

    def __init__(self, project: Path) -> None:
        self.path = project.with_name(f".{project.name}.lock")
        from filelock import FileLock, Timeout

        self._lock = FileLock(self.path, blocking=False, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise KnownError(
                f"{project.name} is already open in {self._holder()}; close it there first."
            ) from None
        except OSError as error:
            raise explain_os_error(
                error, f"{project.name} cannot be opened, because its folder takes no new files"
            ) from error
        holder = {"pid": os.getpid(), "host": socket.gethostname()}
        with contextlib.suppress(OSError):  # Windows lets nobody touch a locked file
            self.path.write_text(json.dumps(holder), encoding="utf-8")

    def release(self) -> None:
        """Give the right back."""
        # Before the lock is let go: whoever waits on the removed file sees that it lost its name.
        with contextlib.suppress(OSError):
            self.path.unlink()
        self._lock.release()

    def _holder(self) -> str:
        """Return who holds the lock, in words."""
        try:
            holder = json.loads(self.path.read_text(encoding="utf-8"))
            pid, host = int(holder["pid"]), str(holder["host"])
        except (OSError, ValueError, KeyError, TypeError):
            return "another window"
        if host != socket.gethostname():
            return f"another window on {host} (process {pid})"
        if pid == os.getpid():
            return "this program"
        return f"another window (process {pid})"
