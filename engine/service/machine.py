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
from engine.core.language import number_text, tr
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
        "memory": tr(
            "{memory:.1f} GB, {free:.1f} GB free",
            memory=memory.total / _GIGABYTE,
            free=memory.available / _GIGABYTE,
        ),
        "disk": tr("{free:.1f} GB free", free=space.free / _GIGABYTE),
        "reports of errors": str(log_folder()),
    }
    if memory.available < _LITTLE_MEMORY:
        problems.append(
            tr("Less than 4 GB of memory is free; close other programs before training.")
        )
    if space.free < _LITTLE_SPACE:
        problems.append(tr("Less than 2 GB of disk is free; a trained model takes 0.1 to 1.5 GB."))
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
            problems.append(
                tr(
                    "The library {library} is not installed; install Glossator again.",
                    library=library,
                )
            )
    return versions


def _device_facts(found: dict[str, Any]) -> dict[str, str]:
    device = found["device"]
    if found["device_memory"]:
        size = number_text(found["device_memory"] / _GIGABYTE, ".1f")
        device = f"{device} ({size} GB)"
    return {
        "device": device,
        "precision": found["precision"],
        "threads": str(found["threads"]),
    }


def _add_on_facts(
    program: Path | None, refusal: Refusal | None, ready: dict[str, Any]
) -> dict[str, str]:
    if program is None:
        none = tr("not installed") if is_frozen() else tr("none beside the source")
        return {"GPU add-on": none}
    if refusal is None:
        in_use = tr(
            "{path}, version {version}, protocol {protocol}, torch {torch}, in use",
            path=program,
            version=ready["version"],
            protocol=ready["protocol"],
            torch=ready["torch"],
        )
        return {"GPU add-on": in_use}
    facts = {"GPU add-on": tr("{path}, not used", path=program)}
    if refusal.last_lines:
        facts["last words of the GPU add-on"] = refusal.last_lines
    return facts


def _starter(problems: list[str]) -> str:
    from engine.registry.base_models import find_base_model

    try:
        model = find_base_model("")
    except KnownError as error:
        problems.append(error.message)
        return tr("missing")
    return f"{model.name}, {number_text(model.bytes / 1_000_000, '.0f')} MB"


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
                        tr("The model libraries cannot be loaded, because {why}.", why=event.words),
                        details=event.last_lines,
                    )
                if event.kind == "ready":
                    ready = event.data
                elif event.kind == "finished":
                    return ready, event.data
                elif event.kind == "failed":
                    raise KnownError(
                        tr("The model libraries cannot be loaded; install the GPU add-on again.")
                        if "cuda" in ready
                        else tr("The model libraries cannot be loaded; install Glossator again."),
                        details=event.data["details"],
                    )
        except Empty:
            raise KnownError(
                tr(
                    "The model libraries did not load within {seconds:.0f} seconds.",
                    seconds=PATIENCE,
                )
            ) from None
        finally:
            worker.close()
