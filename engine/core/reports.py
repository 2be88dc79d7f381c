"""Reports of errors that are ours: what a developer needs, and none of a person's texts."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import platformdirs

from engine.core.files import make_folder, write_text_atomically
from engine.core.language import tr

_KEPT = 50


def log_folder() -> Path:
    """Return the folder for reports; ``GLOSSATOR_LOG_DIR`` overrides the system's own place."""
    override = os.environ.get("GLOSSATOR_LOG_DIR")
    return Path(override) if override else Path(platformdirs.user_log_dir("glossator", False))


def write_report(error: BaseException, *, doing: str = "") -> Path:
    """Write a report of `error` and return its path; the fifty newest reports are kept.

    The report holds versions, what the program was doing, and the places the error went through.
    It leaves out the error's own message and all values, since either may quote a person's text.

    Raises:
        KnownError: if the report cannot be written.
    """
    folder = log_folder()
    make_folder(folder, tr("The report of the error"))
    # With its microseconds the name tells the age: the oldest reports are the first by name.
    stamp = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S-%f")
    path = folder / f"report-{stamp}-{os.getpid()}.txt"
    lines = [
        "Glossator met an error of its own. Nothing in this report quotes your texts.",
        "",
        f"time     {stamp} UTC",
        f"doing    {doing or 'not said'}",
        f"python   {platform.python_version()} on {platform.platform()}",
        f"frozen   {bool(getattr(sys, 'frozen', False))}",
        "",
        *_places(error),
    ]
    write_text_atomically(path, "\n".join(lines) + "\n")
    for old in sorted(folder.glob("report-*.txt"))[:-_KEPT]:
        old.unlink(missing_ok=True)
    return path


def _places(error: BaseException) -> list[str]:
    """Return the chain of errors as type names and places, the first cause first."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    lines: list[str] = []
    for link in reversed(chain):
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}")
        for frame, number in traceback.walk_tb(link.__traceback__):
            lines.append(f"  {_module(frame)}:{number} in {frame.f_code.co_qualname}")
    return lines


def _module(frame: FrameType) -> str:
    """Return the dotted module of a frame; a file name could hold a person's folder names."""
    return str(frame.f_globals.get("__name__", "?"))
