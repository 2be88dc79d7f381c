"""What this machine has for training, found out without leaving it."""

from __future__ import annotations

import platform
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from engine.core.errors import KnownError
from engine.core.reports import log_folder
from engine.jobs.spec import JobEvent, JobSpec
from engine.jobs.supervisor import WorkerEnd, WorkerProcess

PATIENCE = 180.0
"""Seconds: the first import of the model libraries on a slow disk takes a minute."""

LIBRARIES = (
    "PySide6-Essentials",
    "sentence-transformers",
    "setfit",
    "accelerate",
    "pandas",
    "pyarrow",
    "sqlite-utils",
)
"""Beside those that the worker names."""

_GIGABYTE = 1_000_000_000
_LITTLE_MEMORY = 4 * _GIGABYTE
_LITTLE_SPACE = 2 * _GIGABYTE


@dataclass(frozen=True, slots=True)
class Machine:
    """What a machine has: facts by name in words, library versions, and what should be mended."""

    facts: dict[str, str]
    versions: dict[str, str]
    problems: tuple[str, ...]


def describe_machine() -> Machine:
    """Return what this machine has; the model libraries are loaded in a worker process."""
    import psutil

    problems: list[str] = []
    memory = psutil.virtual_memory()
    space = shutil.disk_usage(Path.home())
    facts = {
        "system": platform.platform(),
        "processor cores": str(psutil.cpu_count() or 1),
        "memory": f"{memory.total / _GIGABYTE:.1f} GB, {memory.available / _GIGABYTE:.1f} GB free",
        "disk": f"{space.free / _GIGABYTE:.1f} GB free",
        "reports of errors": str(log_folder()),
    }
    if memory.available < _LITTLE_MEMORY:
        problems.append("Less than 4 GB of memory is free; close other programs before training.")
    if space.free < _LITTLE_SPACE:
        problems.append("Less than 2 GB of disk is free; a trained model takes 0.1 to 1.5 GB.")
    versions = _versions(problems)
    try:
        found = _probe()
    except KnownError as error:
        problems.append(error.message)
    else:
        versions = {**found["versions"], **versions}
        facts |= _device_facts(found, problems)
    facts["starter model"] = _starter(problems)
    return Machine(facts, versions, tuple(problems))


def _versions(problems: list[str]) -> dict[str, str]:
    versions = {}
    for library in LIBRARIES:
        try:
            versions[library] = version(library)
        except PackageNotFoundError:
            problems.append(f"The library {library} is not installed; install Glossator again.")
    return versions


def _device_facts(found: dict[str, Any], problems: list[str]) -> dict[str, str]:
    on_gpu = bool(found["device_memory"])
    if not on_gpu and shutil.which("nvidia-smi"):
        problems.append(
            "There is an NVIDIA graphics card, but the installed torch cannot use it; install "
            "Glossator again on this machine, and update the card's driver if that does not help."
        )
    device = found["device"]
    if on_gpu:
        device += f" ({found['device_memory'] / _GIGABYTE:.1f} GB)"
    return {
        "device": device,
        "precision": found["precision"],
        "threads": str(found["threads"]),
    }


def _starter(problems: list[str]) -> str:
    from engine.registry.base_models import find_base_model

    try:
        model = find_base_model("")
    except KnownError as error:
        problems.append(error.message)
        return "missing"
    return f"{model.name}, {model.bytes / 1_000_000:.0f} MB"


def _probe() -> dict[str, Any]:
    """Ask a worker what it can compute with.

    Raises:
        KnownError: if the model libraries cannot be loaded.
    """
    heard: SimpleQueue[JobEvent | WorkerEnd] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="glossator-") as folder:
        worker = WorkerProcess(heard.put, heard.put, Path(folder) / "worker.log")
        try:
            worker.run(JobSpec(job_id=1, kind="probe", folder=folder, snapshot="", labels=()))
            while True:
                event = heard.get(timeout=PATIENCE)
                if isinstance(event, WorkerEnd):
                    raise KnownError(
                        f"The model libraries cannot be loaded, because {event.words}.",
                        details=event.last_lines,
                    )
                if event.kind == "finished":
                    return event.data
                if event.kind == "failed":
                    raise KnownError(
                        "The model libraries cannot be loaded; install Glossator again.",
                        details=event.data["details"],
                    )
        except Empty:
            raise KnownError(
                f"The model libraries did not load within {PATIENCE:.0f} seconds."
            ) from None
        finally:
            worker.close()
