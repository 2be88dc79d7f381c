"""Importing torch and transformers without the garbage collector looking on."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import large libraries in the block.

    An import makes a million objects that stay, and the collector goes through them again and
    again: a fifth of the time until a training begins. What the first block of a process leaves is
    never looked at again (see `gc.freeze`). Behind it there may be models, which have to be freed
    when their job ends, so that later blocks freeze nothing.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            gc.freeze()
        if enabled:
            gc.enable()
