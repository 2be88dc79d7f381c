"""One window at a time: who has a project open, and the sentence for everybody else."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.files import explain_os_error
from engine.core.language import tr


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
            raise KnownError(self._refusal(project.name)) from None
        except OSError as error:
            raise explain_os_error(
                error,
                tr(
                    "{name} cannot be opened, because its folder takes no new files",
                    name=project.name,
                ),
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

    def _refusal(self, name: str) -> str:
        """Return the sentence for whoever comes second; it says who holds the lock."""
        try:
            holder = json.loads(self.path.read_text(encoding="utf-8"))
            pid, host = int(holder["pid"]), str(holder["host"])
        except (OSError, ValueError, KeyError, TypeError):
            return tr("{name} is already open in another window; close it there first.", name=name)
        if host != socket.gethostname():
            return tr(
                "{name} is already open in another window on {host} (process {pid}); close it "
                "there first.",
                name=name,
                host=host,
                pid=pid,
            )
        if pid == os.getpid():
            return tr("{name} is already open in this program; close it there first.", name=name)
        return tr(
            "{name} is already open in another window (process {pid}); close it there first.",
            name=name,
            pid=pid,
        )
