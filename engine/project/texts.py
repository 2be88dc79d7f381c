"""Texts come into the project: slice by slice on the shelf, then all at once as one step.

While an import runs, nothing else sees its rows, so that labelling goes on undisturbed between
its slices. It is complete or it never was: a failure, a cancel or a crash takes it back.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.core.hashing import text_sha256
from engine.core.language import trn
from engine.core.near_duplicates import fingerprints, words_of
from engine.core.times import utc_now
from engine.project import shelf
from engine.project.grouping import Grouping, NewText, Place
from engine.project.journal import recording
from engine.project.labels import checked_name
from engine.project.rows import SPLITS, Step
from engine.project.shelved_labels import settle_labels, shelve_labels
from engine.project.spans import span_fault
from engine.project.tasks import read_task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.project.project import ProjectFile

_SLICE = 5000
# Shorter texts of different documents are not taken for duplicates of each other: every "Yes, I
# agree." would chain its document to all others, and the chain would be one group.
_WORDS_BEYOND_DOCUMENT = 5


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row that an importer read.

    `row` counts data rows from 1. `document` names what the text is a part of. `split` is one of
    rows.SPLITS, None leaves it to the seeded hash. `label_ids` None: nothing is known; empty, in a
    multi-label task: labelled with none of the labels. In a task of spans, `spans` says what is
    marked instead, as (start, end, label id): None for nothing known, empty for nothing to mark;
    `entities` says what some of them mean.
    """

    row: int
    content: str
    meta: dict[str, Any] = field(default_factory=dict)
    document: str | None = None
    split: str | None = None
    label_ids: tuple[int, ...] | None = None
    spans: tuple[tuple[int, int, int], ...] | None = None
    entities: dict[tuple[int, int, int], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SliceOutcome:
    """What became of a slice of rows; `duplicate_rows` are the numbers of those skipped."""

    imported: int
    duplicates: int
    duplicate_rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What became of an import; the numbers mean what they mean in rows.ImportReport."""

    imported: int
    duplicates: int
    labelled: int
    near_duplicates: int
    split_leaks: int
    labels_added: tuple[str, ...]
    step: Step


class TextImport:
    """An import that is running; `finish` makes it part of the project, `abandon` takes it back."""

    def __init__(self, project: ProjectFile, source: str, task_id: int) -> None:
        self._project = project
        self._source = source
        self._texts: list[NewText] = []
        self._keys: list[NDArray[np.uint64]] = []
        self._imported = self._duplicates = self._labelled = 0
        self._new_labels: dict[str, int] = {}  # name -> placeholder id, which is negative
        with project.transaction() as connection:
            self._task = read_task(connection, task_id)
            connection.execute("INSERT OR IGNORE INTO sources (name) VALUES (?)", (source,))
            (self._source_id,) = connection.execute(
                "SELECT id FROM sources WHERE name = ?", (source,)
            ).fetchone()
            import_id = connection.execute(
                "INSERT INTO imports (source_id, task_id, started, status) "
                "VALUES (?, ?, ?, 'running')",
                (self._source_id, task_id, utc_now()),
            ).lastrowid
            assert import_id is not None
            self._import_id = import_id

    def add_label(self, name: str) -> int:
        """Return a placeholder for a label that the task does not have yet.

        It stands for the label in this import's rows. The label itself appears when the import is
        finished, and undoing the import removes it again.

        Raises:
            KnownError: if the name is empty or too long.
        """
        name = checked_name(name, ())
        return self._new_labels.setdefault(name, -1 - len(self._new_labels))

    def add(self, rows: Sequence[ImportedRow]) -> SliceOutcome:
        """Write a slice of rows to the shelf, in one transaction.

        A row that is in the project already (same source, same row, same content) is a duplicate
        and skipped.

        Raises:
            KnownError: if the disk is full; the import can only be abandoned then.
            ValueError: if a row has a split or labels that there are not.
        """
        for row in rows:
            self._check(row)
        with self._project.transaction() as connection:
            hashes = [text_sha256(row.content) for row in rows]
            known = self._known_rows(connection, rows)
            new = [
                (row, sha256)
                for row, sha256 in zip(rows, hashes, strict=True)
                if (row.row, sha256) not in known
            ]
            if new:
                self._write(connection, new)
        taken = {row.row for row, _ in new}
        skipped = tuple(row.row for row in rows if row.row not in taken)
        outcome = SliceOutcome(len(new), len(skipped), skipped)
        self._imported += outcome.imported
        self._duplicates += outcome.duplicates
        return outcome

    def finish(self) -> ImportSummary:
        """Group the texts, settle their splits, and place them all as one undoable step.

        Raises:
            KnownError: if the disk is full; the import can be abandoned then.
        """
        work = self.finish_in_slices()
        while True:
            try:
                next(work)
            except StopIteration as stop:
                summary: ImportSummary = stop.value
                return summary

    def finish_in_slices(self) -> Generator[None, None, ImportSummary]:
        """Do what `finish` does, pausing after each slice; the generator's value is the summary."""
        import numpy as np

        near_duplicates = split_leaks = 0
        if self._texts:
            grouping = Grouping(self._project.connection, self._texts, np.concatenate(self._keys))
            yield from grouping.run()
            for start in range(0, len(grouping.places), _SLICE):
                self._write_places(grouping.places[start : start + _SLICE])
                yield
            near_duplicates, split_leaks = grouping.near_duplicates, grouping.split_leaks
        step, labels_added = self._place()
        return ImportSummary(
            imported=self._imported,
            duplicates=self._duplicates,
            labelled=self._labelled,
            near_duplicates=near_duplicates,
            split_leaks=split_leaks,
            labels_added=labels_added,
            step=step,
        )

    def abandon(self) -> None:
        """Take everything back, as if the import had never begun."""
        shelf.discard(self._project, self._import_id)

    def _check(self, row: ImportedRow) -> None:
        if row.split is not None and row.split not in SPLITS:
            raise ValueError(f"split is one of {SPLITS}, not {row.split!r}")
        known = {label.id for label in self._task.labels} | set(self._new_labels.values())
        used = {*(row.label_ids or ()), *(label_id for _, _, label_id in row.spans or ())}
        if not known.issuperset(used):
            raise ValueError(f"row {row.row} has a label that the task has not")
        if (row.label_ids if self._task.kind == "spans" else row.spans) is not None:
            raise ValueError(f"row {row.row} has what belongs to a task of another kind")
        for start, end, _ in row.spans or ():
            if fault := span_fault(start, end, len(row.content)):
                raise ValueError(f"row {row.row} has a span {start}–{end}, but {fault}")
        if not self._task.multi_label and len(set(row.label_ids or ())) > 1:
            raise ValueError(f"row {row.row} has several labels, and the task takes one")

    def _known_rows(
        self, connection: sqlite3.Connection, rows: Sequence[ImportedRow]
    ) -> set[tuple[int, bytes]]:
        return set(
            connection.execute(
                """SELECT t.source_row, t.sha256 FROM json_each(?) j
                   CROSS JOIN texts t ON t.source_id = ? AND t.source_row = j.value
                   JOIN placements p ON p.text_id = t.id""",
                (json.dumps([row.row for row in rows]), self._source_id),
            ).fetchall()
        )

    def _write(
        self, connection: sqlite3.Connection, new: Sequence[tuple[ImportedRow, bytes]]
    ) -> None:
        (last,) = connection.execute(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'texts'"
        ).fetchone()
        numbered = [(last + 1 + index, row, sha256) for index, (row, sha256) in enumerate(new)]
        connection.executemany(
            "INSERT INTO texts (id, source_id, source_row, sha256, document, meta, content) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    text_id,
                    self._source_id,
                    row.row,
                    sha256,
                    row.document,
                    json.dumps(row.meta, ensure_ascii=False),
                    row.content,
                )
                for text_id, row, sha256 in numbered
            ),
        )
        connection.execute(
            "INSERT INTO texts_fts (rowid, content) SELECT id, content FROM texts WHERE id > ?",
            (last,),
        )
        connection.executemany(
            "INSERT INTO shelved_placements (text_id, split, length, import_id) "
            "VALUES (?, ?, ?, ?)",
            (
                (text_id, row.split, len(row.content), self._import_id)
                for text_id, row, _ in numbered
            ),
        )
        self._labelled += shelve_labels(
            connection, self._task, [(text_id, row) for text_id, row, _ in numbered]
        )
        self._write_fingerprints(connection, [(text_id, row) for text_id, row, _ in numbered])

    def _write_fingerprints(
        self, connection: sqlite3.Connection, rows: Sequence[tuple[int, ImportedRow]]
    ) -> None:
        keys = fingerprints([row.content for _, row in rows])
        for index, (text_id, row) in enumerate(rows):
            key = int(keys[index, 0])
            if row.document is not None and (
                len(words_of(row.content[:200])) < _WORDS_BEYOND_DOCUMENT
            ):
                keys[index] = 0
            self._texts.append(NewText(text_id, key, row.document, row.split))
        connection.executemany(
            "INSERT INTO fingerprints (text_id, keys) VALUES (?, ?)",
            (
                (text_id, keys[index].astype("<u8").tobytes())
                for index, (text_id, _) in enumerate(rows)
            ),
        )
        self._keys.append(keys)

    def _write_places(self, places: Sequence[Place]) -> None:
        with self._project.transaction() as connection:
            connection.executemany(
                "UPDATE shelved_placements SET split = ?, group_id = ? WHERE text_id = ?",
                ((place.split, place.group_id, place.text_id) for place in places),
            )

    def _place(self) -> tuple[Step, tuple[str, ...]]:
        """Make the import part of the project; an import without texts leaves no step."""
        with self._project.transaction() as connection:
            connection.execute(
                "UPDATE imports SET status = 'done', finished = ? WHERE id = ?",
                (utc_now(), self._import_id),
            )
            if not self._texts:
                return Step(0, "", ()), ()
            with recording(
                self._project,
                self._task.id,
                lambda n: trn(
                    "Imported {n:,} text from {source}",
                    "Imported {n:,} texts from {source}",
                    n,
                    source=self._source,
                ),
                import_id=self._import_id,
            ) as record:
                added, unlabelled = settle_labels(
                    connection, self._task.id, self._import_id, self._new_labels
                )
                self._labelled -= unlabelled
                for label_id, image in added.items():
                    record.row("labels", label_id, None, image)
                shelf.place(connection, self._import_id)
        return record.step, tuple(str(image["name"]) for image in added.values())


def begin_import(project: ProjectFile, source: str, task_id: int) -> TextImport:
    """Begin an import of texts from `source` (a file's name) into a task.

    Raises:
        KnownError: if there is no such task, or the disk is full.
    """
    return TextImport(project, source, task_id)
