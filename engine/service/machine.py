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
from engine.jobs import gpu_worker
from engine.jobs.gpu_worker import Refusal, find_gpu_worker, refusal_of
from engine.jobs.launch import is_frozen
from engine.jobs.spec import JobEvent, JobSpec
from engine.jobs.supervisor import WorkerEnd, WorkerProcess
from engine.service.gpu_use import GpuFacts, explain_gpu
from engine.service.graphics_cards import find_cards

PATIENCE = 2 * gpu_worker.PATIENCE
"""Seconds: the first import of the model libraries on a slow disk takes a minute, and it is ours
only after that of a GPU add-on that never answers."""

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
    space = shutil.disk_usage(_nearest(Path.home()))
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
    cards = find_cards()
    facts["graphics card"] = str(cards)
    add_on = find_gpu_worker()
    try:
        ready, found = _probe()
    except KnownError as error:
        problems.append(error.message)
    else:
        versions = {**found["versions"], **versions}
        refusal = refusal_of(add_on)
        facts |= _device_facts(found) | _add_on_facts(add_on, refusal, ready)
        gpu = explain_gpu(
            GpuFacts(
                cards=cards,
                installed=is_frozen(),
                device=found["device"],
                on_gpu=bool(found["device_memory"]),
                cuda=found["cuda"],
                add_on=add_on,
                refusal=refusal,
            )
        )
        facts["GPU"] = gpu.why
        if gpu.remedy:
            problems.append(gpu.remedy)
    facts["starter model"] = _starter(problems)
    return Machine(facts, versions, tuple(problems))


def _nearest(folder: Path) -> Path:
    """Return the folder, or what is there of its parents: a home may have been taken away."""
    return next(place for place in (folder, *folder.parents) if place.is_dir())


def _versions(problems: list[str]) -> dict[str, str]:
    versions = {}
    for library in LIBRARIES:
        try:
            versions[library] = version(library)
        except PackageNotFoundError:
            problems.append(f"The library {library} is not installed; install Glossator again.")
    return versions


def _device_facts(found: dict[str, Any]) -> dict[str, str]:
    device = found["device"]
    if found["device_memory"]:
        device += f" ({found['device_memory'] / _GIGABYTE:.1f} GB)"
    return {
        "device": device,
        "precision": found["precision"],
        "threads": str(found["threads"]),
    }


def _add_on_facts(
    program: Path | None, refusal: Refusal | None, ready: dict[str, Any]
) -> dict[str, str]:
    if program is None:
        return {"GPU add-on": "not installed" if is_frozen() else "none beside the source"}
    if refusal is None:
        release = f"version {ready['version']}, protocol {ready['protocol']}"
        return {"GPU add-on": f"{program}, {release}, torch {ready['torch']}, in use"}
    facts = {"GPU add-on": f"{program}, not used"}
    if refusal.last_lines:
        facts["last words of the GPU add-on"] = refusal.last_lines
    return facts


def _starter(problems: list[str]) -> str:
    from engine.registry.base_models import find_base_model

    try:
        model = find_base_model("")
    except KnownError as error:
        problems.append(error.message)
        return "missing"
    return f"{model.name}, {model.bytes / 1_000_000:.0f} MB"


def _probe() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return how a worker introduced itself, and what it can compute with.

    Raises:
        KnownError: if the model libraries cannot be loaded.
    """
    heard: SimpleQueue[JobEvent | WorkerEnd] = SimpleQueue()
    ready: dict[str, Any] = {}
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
                if event.kind == "ready":
                    ready = event.data
                elif event.kind == "finished":
                    return ready, event.data
                elif event.kind == "failed":
                    what = "the GPU add-on" if "cuda" in ready else "Glossator"
                    raise KnownError(
                        f"The model libraries cannot be loaded; install {what} again.",
                        details=event.data["details"],
                    )
        except Empty:
            raise KnownError(
                f"The model libraries did not load within {PATIENCE:.0f} seconds."
            ) from None
        finally:
            worker.close()
