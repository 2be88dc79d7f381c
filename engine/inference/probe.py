"""What this machine can compute with: the job that says it, and how a worker introduces itself."""

from __future__ import annotations

import torch

from engine.inference.device import device_name, pick_device, pick_precision
from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.training.versions import library_versions


def run(spec: JobSpec, report: Reporter) -> None:
    """Carry out a job of the kind "probe": its "finished" event holds the facts."""
    device = pick_device(spec.device)
    memory = 0
    if device.type == "cuda":
        memory = torch.cuda.get_device_properties(device).total_memory
    report.send(
        "finished",
        device=device_name(device),
        device_memory=memory,
        cuda=cuda_version(),
        precision=pick_precision("auto", device),
        threads=torch.get_num_threads(),
        versions=library_versions(),
    )


def introduction() -> dict[str, str]:
    """Return what the GPU add-on says of itself before it is given work.

    The graphics card is only counted, not opened: a worker that waits leaves its memory alone.
    """
    return {
        "version": library_versions().get("glossator", "unknown"),
        "torch": torch.__version__,
        "cuda": cuda_version(),
        "device": pick_device("auto").type,
    }


def cuda_version() -> str:
    """Return the version of CUDA that torch is built for, "" if it is for the processor alone."""
    return torch.version.cuda or ""
