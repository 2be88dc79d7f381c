"""The job that says what this machine can compute with."""

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
        precision=pick_precision("auto", device),
        threads=torch.get_num_threads(),
        versions=library_versions(),
    )
