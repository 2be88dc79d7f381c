"""What can be asked of the engine to change the world: frozen, in the imperative.

`Engine.submit(command)` puts one into the queue and returns a Future; its result is named in each
docstring. A command that the world refuses ends with a `KnownError`, and nothing was changed.
Commands that touch labels overtake everything else, so that a key press never waits for an import.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar

from engine.project.rows import Rule, TextFilter


class Priority(IntEnum):
    """Smaller goes first."""

    LABEL = 0
    NORMAL = 1
    BULK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Base of all commands. `asked_by` names who asked and comes back in the events."""

    priority: ClassVar[Priority] = Priority.NORMAL
    asked_by: str = ""


# --- the project --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreateProject(Command):
    """Create a project file and open it. Result: ProjectInfo. Refused if the file exists.

    `kind` is "classification" or "spans" (rows.TASK_KINDS). `label_guidelines` and `identifiers`
    (rows.IDENTIFIERS) follow `labels`.
    """

    path: str
    labels: tuple[str, ...]
    multi_label: bool = False
    kind: str = "classification"
    name: str = ""
    guideline: str = ""
    label_guidelines: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenProject(Command):
    """Open a project file, closing the one that is open. Result: ProjectInfo."""

    path: str


@dataclass(frozen=True, slots=True)
class CreateSampleProject(Command):
    """Create the sample project and open it. Result: ProjectInfo.

    2,000 texts to an insurer, of which the first `labelled` arrive with labels (some of them
    wrong, for the inspection views to find), or, with `kind` "spans", with names, dates, addresses
    and the like marked in them. An existing sample at `path` is opened as it is.
    """

    path: str
    labelled: int = 600
    texts: int = 2000
    kind: str = "classification"


@dataclass(frozen=True, slots=True)
class CloseProject(Command):
    """Close the open project; jobs are stopped, everything is on disk. Result: None."""


@dataclass(frozen=True, slots=True)
class SetAnnotator(Command):
    """Say who is labelling; the name goes into every annotation from now on. Result: None."""

    name: str


# --- labels -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LabelCommand(Command):
    """Base of the commands that go first."""

    priority: ClassVar[Priority] = Priority.LABEL


@dataclass(frozen=True, slots=True)
class SetLabels(LabelCommand):
    """Give each of these texts exactly these labels, replacing what it had. Result: Step.

    A single-label task takes one label. In a multi-label task no label at all is an answer too:
    the text counts as labelled with none. A skip is lifted. `origin` is "person", "bulk" or
    "suggestion accepted"; the last needs `model_id`.
    """

    task_id: int
    text_ids: tuple[int, ...]
    label_ids: tuple[int, ...]
    origin: str = "person"
    model_id: int | None = None


@dataclass(frozen=True, slots=True)
class GiveLabels(LabelCommand):
    """Give each of these texts these labels beside those it has. Result: Step.

    For multi-label tasks; one undoable step, however many texts. A skip is lifted.
    """

    task_id: int
    text_ids: tuple[int, ...]
    label_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TakeLabels(LabelCommand):
    """Take these labels off each of these texts. Result: Step.

    For multi-label tasks. A text left with none is not labelled any more.
    """

    task_id: int
    text_ids: tuple[int, ...]
    label_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClearLabels(LabelCommand):
    """Make these texts not labelled again. Result: Step."""

    task_id: int
    text_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SetSkipped(LabelCommand):
    """Skip these texts or take the skip back. Result: Step."""

    task_id: int
    text_ids: tuple[int, ...]
    skipped: bool = True


@dataclass(frozen=True, slots=True)
class SetFlagged(LabelCommand):
    """Flag these texts for a second look or take the flag off. Result: Step."""

    task_id: int
    text_ids: tuple[int, ...]
    flagged: bool = True


@dataclass(frozen=True, slots=True)
class SetComment(LabelCommand):
    """Write a comment on a text; an empty one removes it. Result: Step."""

    task_id: int
    text_id: int
    comment: str


@dataclass(frozen=True, slots=True)
class UndoLast(LabelCommand):
    """Take the last step back. Result: Step; KnownError if there is nothing to undo."""


@dataclass(frozen=True, slots=True)
class RedoLast(LabelCommand):
    """Do the last undone step again. Result: Step; KnownError if there is nothing to redo."""


# --- the task -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddLabel(Command):
    """Add a label to a task. Result: LabelInfo. Undoable.

    Without `key` or `color` the next free one is taken. A key that the program itself uses, or
    another label has, is refused.
    """

    task_id: int
    name: str
    key: str = ""
    color: str = ""
    guideline: str = ""
    identifier: str = "direct"


@dataclass(frozen=True, slots=True)
class EditLabel(Command):
    """Change a label; None leaves a field as it is. Result: LabelInfo. Undoable."""

    label_id: int
    name: str | None = None
    key: str | None = None
    color: str | None = None
    guideline: str | None = None
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class RemoveLabel(Command):
    """Remove a label and take it off every text that has it, in one undoable step. Result: Step.

    A text that carried only this label becomes not labelled.
    """

    label_id: int


@dataclass(frozen=True, slots=True)
class SetRules(Command):
    """Say what passages of a label look like, in place of all its rules. Result: tuple[Rule, ...].

    For tasks of spans: what the rules find is suggested (ListSpanSuggestions). Refused are a
    recogniser that does not exist (engine.api.RECOGNISERS) and an expression that is faulty or
    takes seconds for one text. `UndoLast` does not take it back.
    """

    label_id: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class EditTask(Command):
    """Change the name or the guideline of a task; None leaves it. Result: TaskInfo. Undoable."""

    task_id: int
    name: str | None = None
    guideline: str | None = None


# --- texts in and out ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ImportTexts(Command):
    """Import a file into the task. Result: ImportReport. One undoable step.

    `format` is one of "csv", "tsv", "jsonl", "json", "conll" (None: by name and content).
    `text_column` and `label_column` None: guessed from the header. `label_column` "" imports no
    labels. `split` puts all rows into one split; `split_column` reads it from a column.
    `unknown_labels` says what happens to labels the task has not: "stop" (KnownError before
    anything is imported), "add", or "drop" (the text arrives without). The work is done in slices,
    so that labels given meanwhile do not wait; a failure half-way takes back what was imported.
    """

    priority: ClassVar[Priority] = Priority.BULK
    path: str
    task_id: int
    format: str | None = None
    text_column: str | None = None
    label_column: str | None = None
    split: str | None = None
    split_column: str | None = None
    unknown_labels: str = "stop"


@dataclass(frozen=True, slots=True)
class ExportTexts(Command):
    """Write the texts with their labels to a file. Result: number of rows written.

    `format` is "jsonl", "csv" or, for marked passages, "conll", which holds the labelled texts
    alone. The file appears under its name only when it is whole.
    """

    priority: ClassVar[Priority] = Priority.BULK
    path: str
    task_id: int
    format: str = "jsonl"
    filter: TextFilter = field(default_factory=TextFilter)


@dataclass(frozen=True, slots=True)
class EmbedTexts(Command):
    """Make every text of the project searchable by meaning. Result: number of texts that are.

    What is there already is not computed again. `encoder` is a base model's name, "" the starter.
    With `quantised` it computes in eight bits: sooner done, and a little coarser.
    `StopEmbedding` ends it early, with the number that was reached as its result.
    """

    priority: ClassVar[Priority] = Priority.BULK
    encoder: str = ""
    quantised: bool = False


@dataclass(frozen=True, slots=True)
class StopEmbedding(Command):
    """Leave off making texts searchable by meaning; what was done is kept. Result: None."""
