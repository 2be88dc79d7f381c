"""The job of the kind "download": the only one that runs in a worker that may open a connection."""

from __future__ import annotations

from pathlib import Path

from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec


def run(spec: JobSpec, report: Reporter) -> None:
    """Fetch the model settings["hub_name"] into the folder `spec.output`, up to "finished".

    Raises:
        KnownError: if there is no such model, it cannot be used, or the hub cannot be reached.
        Cancelled: when someone asked the job to stop.
    """
    from engine.registry.arrivals import require_room
    from engine.registry.download import download

    folder = Path(spec.output)
    hub_name = str(spec.settings["hub_name"])
    download(
        hub_name,
        folder,
        lambda size: require_room(folder, size, hub_name),
        lambda done, total: report.progress("download", done, total),
        report.check,
    )
    report.send("finished")
