"""What can be asked of the engine about jobs and models; see `engine.service.commands`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine.service.commands import Command, Priority

# --- jobs ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartJob(Command):
    """Put a training job into the queue. Result: job id.

    `base_model` is a name from the base-model library or a folder; "" is the starter. `name` ""
    becomes "<method>-<n>". `settings` are the keys of the command line's ``--set``. Refused with a
    sentence when there are too few labels, or a setting is unknown or out of range. The result of
    the job comes as events; `Engine.wait_for_job` waits for it.
    """

    task_id: int
    method: str
    base_model: str = ""
    name: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ComparePretraining(Command):
    """Put a comparison into the queue: what continued pretraining is worth. Result: its name.

    The jobs are the pretraining (with `mlm_settings`), and for each seed a training by `method`
    from the base model and one from what the pretraining made, both with `settings`. Their names
    begin with `name`; "" becomes "comparison-<n>". `GetPretrainingComparison` collects the scores.
    """

    task_id: int
    method: str = "fine-tune"
    base_model: str = ""
    seeds: tuple[int, ...] = (42, 43, 44)
    settings: dict[str, Any] = field(default_factory=dict)
    mlm_settings: dict[str, Any] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class StartSweep(Command):
    """Put a sweep into the queue: fine-tuning with several values of one setting. Result: job id.

    `over` is frozen_blocks or another number among the settings; without `values`, frozen_blocks is
    tried from 0 to all there are, and "head": all blocks stay, and the head is fitted. Each value
    is trained with each of the `seeds`, and `settings` are the other ones. Scores are those on the
    validation texts; no model is kept. `GetSweep` collects the points.
    """

    task_id: int
    over: str = "frozen_blocks"
    values: tuple[float | str, ...] = ()
    seeds: tuple[int, ...] = (42,)
    base_model: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PauseJob(Command):
    """Have a training wait until it is resumed, and let the next one start. Result: None.

    A running one writes a checkpoint at its next step, and is paused then; a queued one is so at
    once. Refused for jobs that are no training.
    """

    priority: ClassVar[Priority] = Priority.LABEL
    job_id: int


@dataclass(frozen=True, slots=True)
class ResumeJob(Command):
    """Put a training that was paused or stopped back into the queue. Result: None.

    It goes on from its newest checkpoint and ends with the weights that it would have had without
    the stop. With `anew` it begins again, from today's labels. `learning_rate` takes the place of
    the rate that it was started with.
    """

    job_id: int
    anew: bool = False
    learning_rate: float | None = None


@dataclass(frozen=True, slots=True)
class CancelJob(Command):
    """Cancel a job that runs, waits or is paused; it is gone within a second. Result: None.

    Of one that failed or was interrupted, what it had computed is given up.
    """

    priority: ClassVar[Priority] = Priority.LABEL
    job_id: int


@dataclass(frozen=True, slots=True)
class PredictSplit(Command):
    """Have a model predict the labelled texts of a split, for Inspect. Result: job id."""

    model_id: int
    split: str = "test"


@dataclass(frozen=True, slots=True)
class PredictFile(Command):
    """Predict every text of a file and write label and probabilities beside it. Result: job id.

    `path` is of any format that can be imported; `out` ends in .csv or .jsonl.
    """

    model_id: int
    path: str
    out: str
    text_column: str | None = None


# --- models -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UseForSuggestions(Command):
    """Let this model suggest labels or passages; None stops it. Result: None.

    Texts that are neither labelled nor skipped get their suggestions in the background.
    """

    model_id: int | None


@dataclass(frozen=True, slots=True)
class RequestSuggestions(Command):
    """Ask for suggestions for these texts before all others. Result: None; events follow.

    Where whole texts are labelled, a labelled text gets none. Where passages are marked, one that
    has marks does: whoever looks at it may be in the middle of it.
    """

    priority: ClassVar[Priority] = Priority.LABEL
    text_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RenameModel(Command):
    """Give a model another name. Result: ModelInfo."""

    model_id: int
    name: str


@dataclass(frozen=True, slots=True)
class DeleteModel(Command):
    """Delete a model; `RestoreModel` brings it back until the project is closed. Result: None."""

    model_id: int


@dataclass(frozen=True, slots=True)
class RestoreModel(Command):
    """Bring back a model that was deleted since the project was opened. Result: None."""

    model_id: int


@dataclass(frozen=True, slots=True)
class EmptyCache(Command):
    """Remove what frozen layers computed for trainings of this project. Result: bytes freed.

    It speeds up further trainings and can be computed again; one that runs goes on.
    """


EXPORT_FORMATS = ("folder", "setfit")
"""A model's folder as it is, or as the library setfit keeps its own (with a pickle)."""


@dataclass(frozen=True, slots=True)
class ExportModel(Command):
    """Write a model, checked against its manifest, to a new folder. Result: None.

    `format` is one of `EXPORT_FORMATS`; "setfit" is for models of the method "setfit".
    """

    priority: ClassVar[Priority] = Priority.BULK
    model_id: int
    folder: str
    format: str = "folder"


@dataclass(frozen=True, slots=True)
class FillMask(Command):
    """Ask a language model what it puts into the gaps of sentences. Result: list[FilledMask].

    `model_id` is of a model that the method "mlm" made; a gap is written ``[MASK]``. The model is
    loaded in a process of its own, which takes seconds.
    """

    priority: ClassVar[Priority] = Priority.BULK
    model_id: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddBaseModel(Command):
    """Add a model to the base-model library of this machine. Result: BaseModel.

    A folder stays where it is; a zip is checked and unpacked into the program's own folder.
    """

    folder: str  # or a zip
    name: str = ""


@dataclass(frozen=True, slots=True)
class DownloadBaseModel(Command):
    """Fetch a model from the hub and add it to the base-model library. Result: BaseModel.

    The only command that opens a connection, in a process of its own, and for this model alone.
    `hub_name` may be the address of its page. `StopDownload` gives it up, with a KnownError as its
    result.
    """

    hub_name: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class StopDownload(Command):
    """Give up the download that is under way; nothing of it stays. Result: None."""

    priority: ClassVar[Priority] = Priority.LABEL


@dataclass(frozen=True, slots=True)
class RemoveBaseModel(Command):
    """Take an added base model off the library; its folder stays where it is. Result: None."""

    name: str
