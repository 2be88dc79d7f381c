"""The GPU add-on: the worker as a program of its own, built with torch for CUDA.

The installed application brings the torch that computes on the processor. Whoever has an NVIDIA
card installs the add-on beside it, and every worker is started from there. Before it is given work
it has to load its torch and to name the protocol that it speaks. An add-on that cannot is refused:
the application's own worker does the work, and the person is told why. It is not tried again until
its program changes or the application is started anew.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from engine.core.language import mark, tr
from engine.core.places import data_folder
from engine.jobs.launch import is_frozen
from engine.jobs.spec import PROTOCOL

VARIABLE = "GLOSSATOR_GPU_WORKER"
"""Names the add-on's program; without an installed application it is the only way to have one."""

PROGRAM = "glossator-gpu-worker.exe" if sys.platform == "win32" else "glossator-gpu-worker"

FOLDER = "gpu"

SYSTEM_FOLDERS = (
    (Path("/usr/lib/glossator-gpu"), Path("/opt/glossator-gpu"))
    if sys.platform.startswith("linux")
    else ()
)

PATIENCE = 180.0
"""Seconds until the add-on has to be ready: torch for CUDA comes as gigabytes from a slow disk."""

NO_CARD = mark(
    "The GPU add-on finds no graphics card that it can use, so the processor computes; the command "
    "glossator doctor says why."
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the add-on is not used.

    `reason` follows "the add-on", `remedy` is what a person can do, and `last_lines` are what the
    program said.
    """

    reason: str
    remedy: str
    last_lines: str = ""

    @property
    def sentence(self) -> str:
        """Say all of it, for the log of a job."""
        return tr(
            "The GPU add-on {reason}, so Glossator computes without it; {remedy}, and start "
            "Glossator again.",
            reason=self.reason,
            remedy=self.remedy,
        )


def find_gpu_worker() -> Path | None:
    """Return the add-on's program, or None where none is installed.

    What the environment variable names is returned even if it is not there: whoever named it wants
    to know.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).absolute()
    if not is_frozen():
        return None
    own = Path(sys.executable).parent / FOLDER
    programs = [folder / PROGRAM for folder in (own, *SYSTEM_FOLDERS, data_folder() / FOLDER)]
    return next((program for program in programs if program.is_file()), None)


def failed_start(error: OSError) -> Refusal:
    """Return the refusal of a program that the system does not start."""
    reason = tr("cannot be started ({reason})", reason=error.strerror or error)
    return Refusal(reason, tr("install the GPU add-on again"))


def other_release(ready: dict[str, Any]) -> Refusal:
    """Return the refusal of a worker whose "ready" event names another protocol than ours."""
    return Refusal(
        tr(
            "belongs to another release (version {theirs} with the protocol {their_protocol}, "
            "where this is version {ours} with the protocol {our_protocol})",
            theirs=ready.get("version") or tr("unknown"),
            their_protocol=ready.get("protocol"),
            ours=_own_version(),
            our_protocol=PROTOCOL,
        ),
        tr("install the GPU add-on of the same release"),
    )


def silence() -> Refusal:
    """Return the refusal of a program that is not ready after `PATIENCE`."""
    return Refusal(
        tr("did not answer within {seconds:.0f} seconds", seconds=PATIENCE),
        tr("install the GPU add-on again"),
    )


def early_end(words: str, last_lines: str) -> Refusal:
    """Return the refusal of a program that ended before it was ready; `words` say how."""
    said = last_lines.strip().rpartition("\n")[2].strip()
    told = tr("{how}, with the words: {said}", how=words, said=said) if said else words
    return Refusal(
        tr("does not work ({reason})", reason=told), tr("install the GPU add-on again"), last_lines
    )


_refused: dict[tuple[str, int, int], Refusal] = {}


def remember_refusal(program: Path, refusal: Refusal) -> None:
    """Do without this program from now on, as long as it stays what it is."""
    _refused[_identity(program)] = refusal


def refusal_of(program: Path | None) -> Refusal | None:
    """Return why this program is not used, or None if nothing speaks against it so far."""
    return None if program is None else _refused.get(_identity(program))


def _identity(program: Path) -> tuple[str, int, int]:
    try:
        status = program.stat()
    except OSError:
        return str(program), 0, 0
    return str(program), status.st_mtime_ns, status.st_size


def _own_version() -> str:
    try:
        return version("glossator")
    except PackageNotFoundError:
        return tr("unknown")
