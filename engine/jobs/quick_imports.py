"""Importing torch and transformers without the garbage collector looking on."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import large libraries in the block, and take what is there then out of later collections.

    An import makes a million objects that stay, and the collector goes through them again and
    again: a fifth of the time until a training begins. What the block leaves is never looked at
    again (see `gc.freeze`), so load modules in it and no models.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
