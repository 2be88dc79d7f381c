"""The three-step comparison that is looked at: the newest of the project."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.bridge import Bridge
from engine.api import (
    ComparePretraining,
    GetPretrainingComparison,
    JobsChanged,
    PretrainingComparison,
    ProjectInfo,
)

SETTLE_MS = 150  # several jobs change at once when one ends and the next begins


class Payoff(QObject):
    """Asks for the comparison whenever a job ends; `changed` carries it, or None without one."""

    changed = Signal(object)

    def __init__(self, bridge: Bridge, asked_by: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._asked_by = asked_by
        self._project: ProjectInfo | None = None
        self.comparison: PretrainingComparison | None = None
        self._ask_soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._ask_soon.timeout.connect(self._ask)
        bridge.on(JobsChanged, self._job_changed)

    def set_project(self, project: ProjectInfo | None) -> None:
        """Forget the comparison and follow another project."""
        self._ask_soon.stop()
        self._project = project
        self._take(None)
        self._ask()

    def start(
        self,
        method: str,
        base_model: str,
        seeds: int,
        settings: dict[str, Any],
        mlm_settings: dict[str, Any],
    ) -> None:
        """Put the trainings of a comparison into the queue, with this many seeds."""
        if self._project is None:
            return
        first = int(settings.get("seed", 42))
        command = ComparePretraining(
            self._project.task.id,
            method,
            base_model=base_model,
            seeds=tuple(range(first, first + seeds)),
            settings={key: value for key, value in settings.items() if key != "seed"},
            mlm_settings=mlm_settings,
            asked_by=self._asked_by,
        )
        self._bridge.send(command, self._was_started)

    def _was_started(self, name: str) -> None:
        self._ask()

    def _ask(self) -> None:
        if self._project is not None:
            self._bridge.ask(GetPretrainingComparison(), self._take, "train.payoff")

    def _take(self, comparison: PretrainingComparison | None) -> None:
        self.comparison = comparison
        self.changed.emit(comparison)

    def _job_changed(self, event: JobsChanged) -> None:
        if event.job.kind == "train" and self._project is not None:
            self._ask_soon.start()
