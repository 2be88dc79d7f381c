"""What can be asked of the engine about de-identification; see `engine.service.commands`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.project.rows import TextFilter
from engine.service.commands import Command, LabelCommand

REDACTED_FORMATS = ("jsonl", "csv", "txt")
"""How redacted texts are written: one file, or with "txt" a folder with a file for each text."""


@dataclass(frozen=True, slots=True)
class SetPolicy(Command):
    """Choose what is done with the passages of a label. Result: LabelPolicy.

    `operator` is one of deidentify.records.OPERATORS and `settings` are its own. Refused with a
    sentence if the operator does not know them.
    """

    label_id: int
    operator: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecideRedaction(LabelCommand):
    """Decide about a range of a text before it is handed out. Result: RedactionDecision.

    `decision` is "mask" (as a passage of `label_id`), "keep", or "withdrawn", which leaves it to
    marks, model and rules again. Every decision stays in the log.
    """

    task_id: int
    text_id: int
    start: int
    end: int
    label_id: int | None = None
    decision: str = "mask"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReadForRedaction(Command):
    """Have a model read the texts that nobody went through, to find what identifies. Result: int.

    The number is of the texts it had not read before. RedactionProgressed tells how far it is.
    """

    task_id: int
    model_id: int
    filter: TextFilter = field(default_factory=TextFilter)


@dataclass(frozen=True, slots=True)
class ExportRedacted(Command):
    """Write the project's texts as they may be handed out. Result: RedactionSummary.

    `path` is a file, or with the format "txt" a folder that is made for them. What counts as found
    in a text are its marks where somebody went through it, otherwise what the model `model_id`
    and, with `patterns`, the rules find there; and what was decided. Texts that the model has not
    read yet are read first. Without a model the rules alone decide, if there are any; a text that
    nobody and nothing looked at is left out and counted. Beside the
    redacted text nothing of the project is written, unless `meta` asks for the texts' own metadata
    as they are.
    """

    path: str
    task_id: int
    format: str = "jsonl"
    filter: TextFilter = field(default_factory=TextFilter)
    model_id: int | None = None
    patterns: bool = True
    meta: bool = False


@dataclass(frozen=True, slots=True)
class RedactFile(Command):
    """Write a file anew with what identifies somebody replaced. Result: RedactionSummary.

    The policy, the secret and the aliases are the project's. `path` is plain text, CSV, TSV, JSON
    Lines or a Word document; `text_column` None takes all columns of a table, and of JSON records
    the field that looks like texts.
    """

    path: str
    out: str
    task_id: int
    model_id: int | None = None
    patterns: bool = True
    text_column: str | None = None
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class ExportAliases(Command):
    """Write the alias table to a CSV file of its own. Result: int, its rows.

    Whoever has the file can tell who is meant by every alias.
    """

    path: str
