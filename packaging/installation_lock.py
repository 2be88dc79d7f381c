"""One installation at a time: a lock that the system releases even when its holder is killed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_SECONDS = 0.5


@contextmanager
def installation_lock(file: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock on `file`; call `on_wait` once if another process has it first.

    The file stays behind, empty: deleting it would let two processes lock two files of one name.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        waited = False
        while not try_lock(descriptor):
            if not waited:
                on_wait()
                waited = True
            time.sleep(WAIT_SECONDS)
        yield
    finally:
        # Closing releases the lock.
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Lock an open file without waiting; whether it worked."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
