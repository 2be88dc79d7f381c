"""A reporter for a training that is a part of something larger."""

from __future__ import annotations

from typing import Any

from engine.jobs.reporting import Reporter


class Muted(Reporter):
    """Passes on what a training has to say, but for its curve and its progress."""

    def __init__(self, whole: Reporter) -> None:
        super().__init__(whole.job_id, lambda event: None)
        self._whole = whole

    def send(self, kind: str, **data: Any) -> None:
        if kind not in ("measured", "progress"):
            self._whole.send(kind, **data)

    def check(self, *, pausing: bool = True) -> None:
        self._whole.check(pausing=pausing)
