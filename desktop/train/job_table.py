"""Every training of the project, the newest first, with its score and how long it took."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop.dates import short_moment_words
from desktop.method_words import short_name
from desktop.score_words import headline
from desktop.theme.theme import Theme
from engine.api import JobInfo, tr, trc

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("name", "method", "status", "score", "took", "begun")
_HEADERS = (tr("Model"), tr("Method"), tr("State"), tr("Score"), tr("Took"), tr("Begun"))
SHOWN_FROM = {"begun": 560, "method": 480}
"""The width of the table, in pixels, from which a column has room beside the name."""
STATUS_WORDS = {
    "queued": trc("a training", "waiting"),
    "running": trc("a training", "training"),
    "paused": trc("a training", "paused"),
    "done": trc("a training", "done"),
    "failed": trc("a training", "failed"),
    "cancelled": trc("a training", "cancelled"),
    "interrupted": trc("a training", "interrupted"),
}
_ICONS = {
    "queued": ("clock-outline", "text_muted"),
    "running": ("progress-clock", "accent"),
    "paused": ("pause", "text_muted"),
    "done": ("check", "ok"),
    "failed": ("alert-circle-outline", "danger"),
    "cancelled": ("close", "text_muted"),
    "interrupted": ("close", "text_muted"),
}


class JobTable(QTableView):
    """The queue and the history; one row is the job that is looked at."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = _JobModel(theme, self)
        self.setModel(self._jobs)
        self.setObjectName("train.jobs")
        self.setAccessibleName(tr("Trainings of this project"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(36)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        self.clicked.connect(lambda index: self.chosen.emit(self._jobs.job_at(index.row()).id))
        self.activated.connect(lambda index: self.chosen.emit(self._jobs.job_at(index.row()).id))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for name, width in SHOWN_FROM.items():
            self.setColumnHidden(COLUMNS.index(name), self.width() < width)

    def show_jobs(self, jobs: list[JobInfo], current: JobInfo | None) -> None:
        """Show the jobs; the current one is selected."""
        self._jobs.set_jobs(jobs)
        for row, job in enumerate(jobs):
            if current is not None and job.id == current.id:
                self.selectionModel().setCurrentIndex(
                    self._jobs.index(row, 0),
                    QItemSelectionModel.SelectionFlag.ClearAndSelect
                    | QItemSelectionModel.SelectionFlag.Rows,
                )


class _JobModel(QAbstractTableModel):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._jobs: list[JobInfo] = []

    def set_jobs(self, jobs: list[JobInfo]) -> None:
        self.beginResetModel()
        self._jobs = list(jobs)
        self.endResetModel()

    def job_at(self, row: int) -> JobInfo:
        return self._jobs[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._jobs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADERS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        job = self._jobs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                job.name,
                short_name(job.method),
                STATUS_WORDS.get(job.status, job.status),
                score_words(job),
                duration_words(job),
                short_moment_words(job.started or job.created),
            )[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and COLUMNS[index.column()] == "status":
            return self._theme.icon(*_ICONS.get(job.status, _ICONS["queued"]))
        if role == Qt.ItemDataRole.ToolTipRole:
            return job.message or None
        return None


def score_words(job: JobInfo) -> str:
    """Return the score of a job's model, with its name; "" if there is none."""
    score = headline(job.result.get("metrics", {}))
    return score.cell if score is not None else ""


def duration_words(job: JobInfo) -> str:
    """Return how long a job took: "2:10"; "" while unknown."""
    total = job.result.get("seconds", {}).get("total")
    if total is None:
        return ""
    minutes, seconds = divmod(round(total), 60)
    return f"{minutes}:{seconds:02}"
