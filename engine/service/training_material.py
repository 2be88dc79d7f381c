"""What a training starts from: the texts it learns from, and an encoder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.project.rows import TaskInfo

if TYPE_CHECKING:
    from engine.project.snapshot import SnapshotRow
    from engine.registry.base_models import BaseModel
    from engine.service.session import Session

BASES = ("mlm",)
"""Methods whose result is an encoder that other trainings can start from."""
MARKS = "ner"
"""The method that learns from marked passages; the others learn from labels of whole texts."""
TEXTS_A_SLICE = 500


def no_labels(name: str) -> str:
    """Say why a model that only is a base for other trainings cannot do what was asked of it."""
    return tr(
        'The model "{name}" comes from continued pretraining and gives no labels itself; train a '
        "model that starts from it, and use that one.",
        name=name,
    )


def require_material(connection: sqlite3.Connection, method: str, task: TaskInfo) -> None:
    """Raise KnownError if the task has not what the method learns from, saying what it has."""
    from engine.project.counters import get_counts

    counts = get_counts(connection, task.id)
    if method in BASES:
        readable = sum(texts for split, (texts, _) in counts.by_split.items() if split != "test")
        if readable < 2:
            raise KnownError(
                tr(
                    "Continued pretraining needs at least two texts outside of the test part; "
                    "import more texts."
                )
            )
        return
    _require_fitting(method, task)
    if method == MARKS:
        if not any(counts.spans_by_label.values()):
            raise KnownError(tr("Training needs marked passages; so far no text has one."))
        return
    by_label = counts.by_label
    used = [label for label in task.labels if by_label.get(label.id)]
    if len(used) >= 2:
        return
    if not used:
        raise KnownError(
            tr("Training needs labelled texts of at least two labels; so far no text has a label.")
        )
    raise KnownError(
        tr(
            'Training needs labelled texts of at least two labels; so far only "{label}" has '
            "labelled texts.",
            label=used[0].name,
        )
    )


def _require_fitting(method: str, task: TaskInfo) -> None:
    if task.kind == "spans" and method != MARKS:
        raise KnownError(
            tr(
                'The method "{method}" learns labels of whole texts, and this task marks passages '
                'in them; train it with the method "{other}".',
                method=method,
                other=MARKS,
            )
        )
    if task.kind != "spans" and method == MARKS:
        raise KnownError(
            tr(
                'The method "{method}" learns from marked passages, and this task labels whole '
                "texts; choose another method.",
                method=MARKS,
            )
        )


def base_to_train(session: Session, name_or_folder: str) -> tuple[BaseModel, int | None]:
    """Return the encoder of this name or folder, and its id if it is a model of this project.

    A name of the project's own comes before one of the machine's library.

    Raises:
        KnownError: if there is none, or its folder cannot be used.
    """
    from engine.project.models import list_models
    from engine.registry.base_models import find_base_model

    project = session.project
    for model in list_models(project.connection, project.models_folder):
        if model.method in BASES and name_or_folder in (model.name, model.folder):
            return replace(find_base_model(str(Path(model.folder))), name=model.name), model.id
    return find_base_model(name_or_folder), None


def material_slices(
    connection: sqlite3.Connection, task_id: int, method: str
) -> Iterator[list[SnapshotRow]]:
    """Yield what a method learns from, in slices and in the order of the texts' ids.

    That is the labelled texts; continued pretraining reads all texts but those of the test part.
    """
    from engine.project.snapshot import snapshot_slice

    after = 0
    while rows := snapshot_slice(connection, task_id, after, TEXTS_A_SLICE):
        after = rows[-1].text_id
        if method in BASES:
            yield [row for row in rows if row.split != "test"]
        else:
            yield [row for row in rows if row.labelled]


class Seen:
    """Notes what a snapshot offers to learn from while it is written."""

    def __init__(self, method: str) -> None:
        self._method = method
        self._labels: set[tuple[int, ...]] = set()
        self._groups: set[int] = set()
        self._passages = False

    def add(self, rows: Sequence[SnapshotRow]) -> None:
        """Look at some rows."""
        self._labels.update(row.labels for row in rows if row.split == "train")
        self._groups.update(row.group for row in rows)
        self._passages |= any(row.spans for row in rows if row.split == "train")

    def require_enough(self) -> None:
        """Raise KnownError if training could not begin with what was seen."""
        if self._method in BASES:
            if len(self._groups) < 2:
                raise KnownError(
                    tr(
                        "Continued pretraining needs texts of at least two documents outside of "
                        "the test part; import more texts."
                    )
                )
        elif self._method == MARKS:
            if not self._passages:
                raise KnownError(
                    tr(
                        "Training needs marked passages in the training part; mark more texts, or "
                        "import them without a split."
                    )
                )
        elif len(self._labels) < 2:
            raise KnownError(
                tr(
                    "Training needs texts of at least two labels in the training part; label more "
                    "texts, or import them without a split."
                )
            )
