"""What has happened, told to whoever listens: frozen, in the past tense.

Events are delivered on the engine's thread (the desktop's bridge carries them over to its own).
Each names the ids it touched and who asked, so that a view redraws only its own rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.project.rows import ImportReport, ProjectInfo
from engine.project.training_rows import JobInfo, SweepPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events; `asked_by` is the command's."""

    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class ProjectOpened(Event):
    """A project is open."""

    project: ProjectInfo


@dataclass(frozen=True, slots=True)
class ProjectClosed(Event):
    """No project is open any more."""

    path: str


@dataclass(frozen=True, slots=True)
class ProjectChanged(Event):
    """The project's own facts changed: annotator, suggestion model, what undo would do."""

    project: ProjectInfo


@dataclass(frozen=True, slots=True)
class LabelsChanged(Event):
    """Labels or states of these texts changed, and are on disk."""

    task_id: int
    text_ids: tuple[int, ...]
    step_id: int
    words: str  # "Labelled 1 text as complaint", "Undid: …"
    kind: str = "do"  # or "undo", "redo"


@dataclass(frozen=True, slots=True)
class TasksChanged(Event):
    """A task or its labels changed."""

    project: ProjectInfo


@dataclass(frozen=True, slots=True)
class TextsChanged(Event):
    """Texts were imported, or an import was taken back."""

    texts: int  # in the project now


@dataclass(frozen=True, slots=True)
class ImportProgressed(Event):
    """An import has come this far (at most ten times a second); `total` bytes of the file."""

    path: str
    rows: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class TextsImported(Event):
    """An import is complete."""

    report: ImportReport


@dataclass(frozen=True, slots=True)
class JobsChanged(Event):
    """A job was queued, started, paused, or came to its end; `job` as it is now."""

    job: JobInfo


@dataclass(frozen=True, slots=True)
class JobProgressed(Event):
    """A job has come this far (at most ten times a second)."""

    job_id: int
    phase: str
    done: int
    total: int
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class JobMeasured(Event):
    """A point of a job's curves: metrics by name at a step, of "train" or "validation"."""

    job_id: int
    step: int
    epoch: float
    split: str
    metrics: dict[str, float]


@dataclass(frozen=True, slots=True)
class SweepPointScored(Event):
    """A training of a sweep is finished and has its scores."""

    job_id: int
    point: SweepPoint


@dataclass(frozen=True, slots=True)
class JobPreviewed(Event):
    """What a language model puts into the gaps of some sentences, "before" or "after" training.

    `sentences` are [{text, words: [{word, probability}]}], the likeliest word first; the text shows
    where the gap is with ``[MASK]``.
    """

    job_id: int
    when: str
    sentences: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class JobLogged(Event):
    """A sentence for a job's log."""

    job_id: int
    message: str


@dataclass(frozen=True, slots=True)
class JobResumed(Event):
    """A job goes on from a step at which it was stopped; 0 says that it begins anew.

    What it had measured and said behind that step is forgotten.
    """

    job_id: int
    step: int


@dataclass(frozen=True, slots=True)
class JobFailed(Event):
    """A job failed; the message is one sentence. A JobsChanged comes with it."""

    job_id: int
    message: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class ModelPublished(Event):
    """A trained model is in the registry."""

    model_id: int
    name: str
    job_id: int


@dataclass(frozen=True, slots=True)
class ModelsChanged(Event):
    """Models were renamed, deleted or restored."""

    model_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BaseModelsChanged(Event):
    """The base-model library of this machine changed."""


@dataclass(frozen=True, slots=True)
class PredictionsChanged(Event):
    """Predictions of a model arrived; `split` is "" for unlabelled texts (suggestions)."""

    model_id: int
    text_ids: tuple[int, ...] = ()
    split: str = ""


@dataclass(frozen=True, slots=True)
class RulesChanged(Event):
    """A label has other rules, so that other passages are suggested in every text of the task."""

    task_id: int
    label_id: int


@dataclass(frozen=True, slots=True)
class SuggestionsProgressed(Event):
    """So many of the unlabelled texts have a suggestion from the chosen model."""

    model_id: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class EmbeddingProgressed(Event):
    """So many of the texts can be searched by meaning (told at most ten times a second).

    `running` is false when it has come to its end, or was stopped before.
    """

    done: int
    total: int
    seconds_left: float | None = None
    running: bool = True


@dataclass(frozen=True, slots=True)
class RedactionChanged(Event):
    """What would be handed out of these texts changed; without ids, of all: a policy was set."""

    text_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RedactionProgressed(Event):
    """A model has read so many of the texts that are to be handed out (ten times a second at most).

    It is at its end when `done` is `total`.
    """

    model: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class DownloadProgressed(Event):
    """So many bytes of a base model have arrived (told at most ten times a second).

    `running` is false when it has come to its end, or was given up.
    """

    hub_name: str
    done: int
    total: int
    running: bool = True


@dataclass(frozen=True, slots=True)
class FileWritten(Event):
    """A file that was asked for is complete: an export or predictions of a file."""

    path: str
    rows: int


@dataclass(frozen=True, slots=True)
class CommandFailed(Event):
    """A command was refused (known) or went wrong (a report was written); data is intact."""

    command: str  # the class's name
    message: str
    known: bool = True
    details: str = ""


@dataclass(frozen=True, slots=True)
class WorkerLogged(Event):
    """Something about a background process that is worth a line in the strip."""

    message: str
    data: dict[str, Any] = field(default_factory=dict)
