"""The job that is looked at: what it is doing, its curve, what it learned, what it has to say."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import ActionSet
from desktop.frame.status import PHASES, remaining
from desktop.job_words import stood_at
from desktop.method_words import LANGUAGE
from desktop.score_words import headline
from desktop.theme.theme import Theme
from desktop.train.curve_chart import CurveChart
from desktop.train.job_table import STATUS_WORDS, duration_words
from desktop.train.training import RUNNING, Curves, Preview
from desktop.widgets.buttons import ActionButton
from desktop.widgets.mask_preview import MaskPreview
from engine.api import JobInfo, JobProgressed, tr

STEPS = 1000
LOG_LINES = 2000
INSPECTED = ("fine-tune", "setfit", "ner")
"""Methods whose mistakes Inspect can show."""


class JobPanel(QWidget):
    """Name, phase and remaining time above, the curve in the middle, the log below."""

    train_wanted = Signal(str)
    """A model shall be trained from the language model of this name."""

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train.job")
        self._name = QLabel(self)
        self._name.setObjectName("train.job_name")
        self._name.setProperty("role", "heading")
        self._state = QLabel(self)
        self._state.setObjectName("train.job_state")
        self._state.setWordWrap(True)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("train.job_progress")
        self._bar.setAccessibleName(tr("How far this training is"))
        self._bar.setTextVisible(False)
        self._bar.setRange(0, STEPS)
        self._pause = ActionButton(actions, "job.pause", "quiet", tr("Pause"))
        self._cancel = ActionButton(actions, "job.cancel", "quiet", tr("Cancel"))
        self._give_up = ActionButton(actions, "train.give_up", "quiet", tr("Give up"))
        self._anew = ActionButton(actions, "train.anew", "quiet", tr("Begin again"))
        self._resume = ActionButton(actions, "train.resume", "primary", tr("Resume"))
        self._inspect = ActionButton(actions, "train.inspect", "primary")
        self._train = QPushButton(tr("Train from it"), self)
        self._train.setObjectName("train.from_model")
        self._train.setProperty("role", "primary")
        self._train.setToolTip(tr("Start the next training from what has learned your language."))
        self._train.clicked.connect(lambda: self.train_wanted.emit(self._name.text()))
        self._log_button = QPushButton(tr("Log"), self)
        self._log_button.setObjectName("train.log_button")
        self._log_button.setCheckable(True)
        self._log_button.setProperty("role", "quiet")
        self._log = QPlainTextEdit(self)
        self._log.setObjectName("train.log")
        self._log.setAccessibleName(tr("What the training has to say"))
        self._log.setReadOnly(True)
        self._log.setMaximumBlockCount(LOG_LINES)
        self._log.setFixedHeight(120)
        self._log.hide()
        self._log_button.toggled.connect(self._log.setVisible)
        self.chart = CurveChart(theme, self)
        self._preview = MaskPreview(theme, self)
        self._preview.setObjectName("train.preview")
        self._preview.hide()
        self._middle = QSplitter(Qt.Orientation.Vertical, self)
        self._middle.setChildrenCollapsible(False)
        self._middle.addWidget(self.chart)
        self._middle.addWidget(self._preview)
        self.chart.setMinimumHeight(150)
        self._preview.setMinimumHeight(96)
        self._middle.setSizes([260, 240])
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self._name, 1)
        for part in (
            self._log_button,
            self._pause,
            self._cancel,
            self._give_up,
            self._anew,
            self._resume,
            self._inspect,
            self._train,
        ):
            above.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 12)
        column.setSpacing(8)
        column.addLayout(above)
        column.addWidget(self._state)
        column.addWidget(self._bar)
        column.addWidget(self._middle, 1)
        column.addWidget(self._log)

    def show_job(self, job: JobInfo, log: list[str]) -> None:
        """Show a job as it is now, and its log so far."""
        self._name.setText(job.name)
        self._state.setText(state_words(job))
        self._state.setProperty("role", "danger" if job.status == "failed" else "muted")
        self._state.style().polish(self._state)
        self._bar.setVisible(job.status in (*RUNNING, "paused"))
        self._bar.setRange(0, 0 if job.status == "running" else STEPS)
        steps = job.checkpoint.get("steps", 0)
        self._bar.setValue(round(STEPS * job.checkpoint["step"] / steps) if steps else 0)
        self._pause.setVisible(job.status == "running")
        self._cancel.setVisible(job.status in RUNNING)
        for button in (self._give_up, self._anew, self._resume):
            button.setVisible(job.resumable)
        self._inspect.setVisible(can_be_inspected(job))
        made = job.status == "done" and job.model_id is not None
        self._train.setVisible(made and job.method == LANGUAGE)
        self._log.setPlainText("\n".join(log))
        self._log.verticalScrollBar().setValue(self._log.verticalScrollBar().maximum())

    def show_progress(self, event: JobProgressed) -> None:
        """Show how far the job is and how long it still takes."""
        words = PHASES.get(event.phase, event.phase)
        if event.seconds_left is not None:
            words = tr("{phase} · {time} left", phase=words, time=remaining(event.seconds_left))
        self._state.setText(_capitalised(words))
        self._bar.setRange(0, STEPS if event.total else 0)
        if event.total:
            self._bar.setValue(round(STEPS * min(1.0, event.done / event.total)))

    def add_line(self, sentence: str) -> None:
        """Add a sentence to the log."""
        self._log.appendPlainText(sentence)

    def show_preview(self, preview: Preview) -> None:
        """Show which words are guessed before and after, where that is known."""
        self._preview.setVisible(preview.known)
        self._preview.show_sentences(preview.before, preview.after)

    def show_curves(self, curves: Curves) -> None:
        """Draw the curve."""
        self.chart.show_curves(curves)


def can_be_inspected(job: JobInfo) -> bool:
    """Whether a job made a model whose mistakes Inspect can show."""
    return job.status == "done" and job.model_id is not None and job.method in INSPECTED


def state_words(job: JobInfo) -> str:
    """Return a job's state in a sentence or a few words."""
    if job.status in ("failed", "interrupted") and job.message:
        return job.message
    if job.status == "paused":
        place = stood_at(job)
        return tr("Paused {place}", place=place) if place else tr("Paused")
    if job.status != "done":
        return _capitalised(STATUS_WORDS.get(job.status, job.status))
    result = job.result
    words = [tr("Done in {time}", time=duration_words(job))]
    score = headline(result.get("metrics", {}))
    if score is not None:
        words.append(
            tr("{name} {figure} {where}", name=score.name, figure=score.figure, where=score.where)
        )
        if score.change:
            words.append(score.change)
    if result.get("best_epoch"):
        words.append(tr("pass {n} was the best and is kept", n=result["best_epoch"]))
    return "  ·  ".join(words)


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]
