"""The sweep over frozen layers that is looked at: the newest of the project."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.bridge import Bridge
from engine.api import (
    GetSweep,
    JobProgressed,
    JobsChanged,
    ProjectInfo,
    ResumeJob,
    StartSweep,
    SweepInfo,
    SweepPointScored,
)

OVER = "frozen_blocks"
HEAD = "head"
SETTLE_MS = 100


class Sweeps(QObject):
    """Asks for the sweep whenever it comes further; `changed` carries it, or None without one."""

    changed = Signal(object)
    progressed = Signal(object)
    """JobProgressed of the sweep."""

    def __init__(self, bridge: Bridge, asked_by: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._asked_by = asked_by
        self._project: ProjectInfo | None = None
        self.sweep: SweepInfo | None = None
        self._ask_soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._ask_soon.timeout.connect(self._ask)
        bridge.on(JobsChanged, self._job_changed)
        bridge.on(SweepPointScored, self._scored)
        bridge.on(JobProgressed, self._progressed)

    @property
    def running(self) -> bool:
        """Whether it waits for its turn or runs."""
        return self.sweep is not None and self.sweep.job.status in ("queued", "running")

    @property
    def stopped(self) -> bool:
        """Whether it was stopped and can go on."""
        return self.sweep is not None and self.sweep.job.resumable

    def set_project(self, project: ProjectInfo | None) -> None:
        """Forget the sweep and follow another project."""
        self._ask_soon.stop()
        self._project = project
        self._take(None)
        self._ask()

    def start(self, base_model: str, layers: int, settings: dict[str, Any]) -> None:
        """Try every number of frozen layers, or go on with the sweep that was stopped."""
        if self._project is None:
            return
        if self.sweep is not None and self.stopped:
            self._bridge.send(ResumeJob(self.sweep.job.id, asked_by=self._asked_by))
            return
        command = StartSweep(
            self._project.task.id,
            OVER,
            values=(HEAD, *range(layers - 1, -1, -1)),
            seeds=(int(settings.get("seed", 42)),),
            base_model=base_model,
            settings={
                key: one for key, one in settings.items() if key not in ("seed", "train", OVER)
            },
            asked_by=self._asked_by,
        )
        self._bridge.send(command, lambda job_id: self._ask())

    def _ask(self) -> None:
        if self._project is not None:
            self._bridge.ask(GetSweep(), self._take, "train.sweep")

    def _take(self, sweep: SweepInfo | None) -> None:
        self.sweep = sweep if sweep is not None and sweep.over == OVER else None
        self.changed.emit(self.sweep)

    def _job_changed(self, event: JobsChanged) -> None:
        if event.job.kind == "sweep" and self._project is not None:
            self._ask_soon.start()

    def _scored(self, event: SweepPointScored) -> None:
        if self._project is not None:
            self._ask_soon.start()

    def _progressed(self, event: JobProgressed) -> None:
        if self.sweep is not None and event.job_id == self.sweep.job.id:
            self.progressed.emit(event)
