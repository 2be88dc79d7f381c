"""Importing a file into a task, in slices short enough that nobody waits for one.

The file is read twice where its labels could be unknown to the task: the first pass only collects
them, so that an import that has to stop stops before it has changed anything.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from engine.core.errors import KnownError
from engine.core.language import tr, trn
from engine.interchange.columns import choose_columns
from engine.interchange.detect import DetectedFile, detect_file
from engine.interchange.interpret import InterpretedRow, RowInterpreter
from engine.interchange.label_values import LabelMatcher, RefusedRowError, plain_label
from engine.interchange.preview import columns_of, read_sample
from engine.interchange.span_values import NamedSpan
from engine.project.project import ProjectFile
from engine.project.rows import SPLITS, ImportProblem, ImportReport, TaskInfo
from engine.project.tasks import read_task
from engine.project.texts import ImportedRow, TextImport, begin_import

_SLICE = 0.025  # seconds of reading, and as many of writing
_SHOWN_PROBLEMS = 1000
_MOST_NEW_LABELS = 500


class ImportRequest(Protocol):
    """What to import: the fields of the `ImportTexts` command, which says what they mean."""

    @property
    def path(self) -> str: ...
    @property
    def task_id(self) -> int: ...
    @property
    def format(self) -> str | None: ...
    @property
    def text_column(self) -> str | None: ...
    @property
    def label_column(self) -> str | None: ...
    @property
    def split(self) -> str | None: ...
    @property
    def split_column(self) -> str | None: ...
    @property
    def unknown_labels(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """An import has taken `rows` rows; `done` of `total` bytes of work are behind it."""

    rows: int
    done: int
    total: int


Slices = Generator[ImportProgress, None, ImportReport]


def import_texts(project: ProjectFile, request: ImportRequest) -> Slices:
    """Import a file; each `next` does one slice of the work, and the report is the return value.

    A slice takes about 50 ms. Closing the generator, or an error in it, takes back what was
    imported.

    Raises:
        KnownError: if the file cannot be read, a column is missing, or it has labels that the
            task has not and `unknown_labels` is "stop"; nothing was imported then.
    """
    if request.split is not None and request.split not in SPLITS:
        raise KnownError(
            tr("“{name}” is not a split: {names}.", name=request.split, names=", ".join(SPLITS))
        )
    if request.unknown_labels not in ("stop", "add", "drop"):
        raise KnownError(tr("“{name}” is not one of stop, add, drop.", name=request.unknown_labels))
    task = read_task(project.connection, request.task_id)
    asked = (request.text_column, request.label_column, request.split_column)
    detected = yield from _detected(
        Path(request.path), request.format, tuple(name for name in asked if name)
    )
    sample = read_sample(detected)
    choice = choose_columns(
        detected.path.name,
        columns_of(detected, sample),
        [row.fields for row in sample if not row.problem],
        text=request.text_column,
        label=request.label_column,
        split="" if request.split else request.split_column,
        spans=task.kind == "spans",
    )
    matcher = LabelMatcher(
        ((label.name, label.id) for label in task.labels), multi_label=task.multi_label
    )
    interpreter = RowInterpreter(choice, matcher, request.split, spans=task.kind == "spans")
    unknown: Counter[str] = Counter()
    passes = 1
    if choice.label and request.unknown_labels != "drop":
        passes = 2
        unknown = yield from _unknown_labels(detected, interpreter)
        _check_unknown(detected.path.name, choice.label, unknown, request.unknown_labels, task)
    importer = _Importer(project, task, detected, interpreter, passes)
    return (yield from importer.run(sorted(unknown, key=lambda name: -unknown[name])))


def _detected(
    path: Path, format: str | None, asked: tuple[str, ...]
) -> Generator[ImportProgress, None, DetectedFile]:
    detection = detect_file(path, format, asked=asked)
    while True:
        try:
            done = next(detection)
        except StopIteration as end:
            detected: DetectedFile = end.value
            return detected
        # Finding the encoding takes a hundredth of what follows, so it does not move the bar.
        yield ImportProgress(0, 0, max(done, 1))


def _unknown_labels(
    detected: DetectedFile, interpreter: RowInterpreter
) -> Generator[ImportProgress, None, Counter[str]]:
    unknown: Counter[str] = Counter()
    first_spelling: dict[str, str] = {}
    due = time.perf_counter() + 2 * _SLICE
    with closing(detected.open()) as reader:
        for raw in reader:
            with suppress(RefusedRowError):
                for name in interpreter.interpret(raw).unknown_labels:
                    unknown[first_spelling.setdefault(plain_label(name), name)] += 1
            if time.perf_counter() > due:
                yield ImportProgress(0, reader.position // 2, detected.size)
                due = time.perf_counter() + 2 * _SLICE
    return unknown


def _check_unknown(
    name: str, column: str, unknown: Counter[str], what_to_do: str, task: TaskInfo
) -> None:
    if not unknown:
        return
    shown = ", ".join(
        tr("“{label}” ({n:,})", label=label, n=count) for label, count in unknown.most_common(5)
    )
    if len(unknown) > _MOST_NEW_LABELS:
        raise KnownError(
            tr(
                "The column “{column}” of {file} has {n:,} different values that the task has not "
                "as labels ({labels} …), which is too many for labels; nothing was imported.",
                column=column,
                file=name,
                n=len(unknown),
                labels=shown,
            )
        )
    if what_to_do == "stop":
        if len(unknown) > 5:
            shown = tr("{labels} and {n} more", labels=shown, n=len(unknown) - 5)
        raise KnownError(
            trn(
                "{file} has a label that the task “{task}” has not: {labels}; nothing was "
                "imported, and importing again with “Add these labels” (--add-labels) adds it.",
                "{file} has {n} labels that the task “{task}” has not: {labels}; nothing was "
                "imported, and importing again with “Add these labels” (--add-labels) adds them.",
                len(unknown),
                file=name,
                task=task.name,
                labels=shown,
            )
        )


class _Importer:
    """The second pass: stores the rows slice by slice and keeps the account."""

    def __init__(
        self,
        project: ProjectFile,
        task: TaskInfo,
        detected: DetectedFile,
        interpreter: RowInterpreter,
        passes: int,
    ) -> None:
        self._project = project
        self._task = task
        self._detected = detected
        self._interpreter = interpreter
        self._passes = passes
        self._read = self._refused = self._imported = self._duplicates = self._repaired = 0
        self._problems: list[ImportProblem] = []
        self._problems_total = 0
        self._new_labels: dict[str, int] = {}

    def run(self, new_labels: list[str]) -> Slices:
        session = begin_import(self._project, self._detected.path.name, self._task.id)
        try:
            for name in new_labels:
                self._new_labels[plain_label(name)] = session.add_label(name)
            yield from self._store_rows(session)
            finishing = session.finish_in_slices()
            while True:
                try:
                    next(finishing)
                except StopIteration as end:
                    summary = end.value
                    break
                yield ImportProgress(self._read, self._detected.size, self._detected.size)
        except BaseException:  # a closed generator too must leave nothing behind
            session.abandon()
            raise
        return ImportReport(
            source=self._detected.path.name,
            read=self._read,
            imported=self._imported,
            repaired=self._repaired,
            refused=self._refused,
            duplicates=self._duplicates,
            problems=tuple(self._problems),
            problems_total=self._problems_total,
            labelled=summary.labelled,
            labels_added=summary.labels_added,
            near_duplicates=summary.near_duplicates,
            split_leaks=summary.split_leaks,
            encoding=self._detected.encoding_name,
        )

    def _store_rows(self, session: TextImport) -> Generator[ImportProgress, None, None]:
        batch: list[InterpretedRow] = []
        size = 100
        with closing(self._detected.open()) as reader:
            due = time.perf_counter() + _SLICE
            for raw in reader:
                self._read += 1
                try:
                    batch.append(self._interpreter.interpret(raw))
                except RefusedRowError as refusal:
                    self._refused += 1
                    self._note(raw.row, str(refusal), "refused")
                if len(batch) >= size or time.perf_counter() > due:
                    seconds = self._store(session, batch)
                    if batch:
                        size = min(2000, max(50, int(len(batch) * _SLICE / seconds)))
                    batch = []
                    yield self._progress(reader.position)
                    due = time.perf_counter() + _SLICE
            self._store(session, batch)
            yield self._progress(reader.position)

    def _store(self, session: TextImport, batch: list[InterpretedRow]) -> float:
        started = time.perf_counter()
        if batch:
            outcome = session.add([self._to_import(row) for row in batch])
            self._imported += outcome.imported
            self._duplicates += outcome.duplicates
            again = set(outcome.duplicate_rows)
            for row in batch:
                if row.repairs and row.row not in again:
                    self._repaired += 1
                    self._note(row.row, "; ".join(row.repairs), "repaired")
        return max(time.perf_counter() - started, 1e-6)

    def _to_import(self, row: InterpretedRow) -> ImportedRow:
        label_ids: tuple[int, ...] | None = None
        if row.labels is not None:
            new = (self._new_labels.get(plain_label(name)) for name in row.labels.unknown)
            label_ids = (*row.labels.ids, *(label_id for label_id in new if label_id is not None))
            if row.labels.unknown and not label_ids:
                label_ids = None  # all its labels were dropped, so nobody has labelled it
        return ImportedRow(
            row=row.row,
            content=row.content,
            meta=row.meta,
            document=row.document,
            split=row.split,
            label_ids=label_ids,
            **({} if row.spans is None else self._spans_of(row.spans)),
        )

    def _spans_of(self, spans: tuple[NamedSpan, ...]) -> dict[str, Any]:
        """Return the passages whose labels are known, and what those mean that say so."""
        known = {
            (span.start, span.end, label_id): span.entity
            for span in spans
            for label_id in [span.label_id or self._new_labels.get(plain_label(span.name))]
            if label_id is not None
        }
        # Where the labels of all passages were dropped, nobody has labelled the text.
        return {
            "spans": tuple(known) if known or not spans else None,
            "entities": {span: entity for span, entity in known.items() if entity},
        }

    def _note(self, row: int, reason: str, kind: str) -> None:
        self._problems_total += 1
        if len(self._problems) < _SHOWN_PROBLEMS:
            self._problems.append(ImportProblem(row, reason, kind))

    def _progress(self, position: int) -> ImportProgress:
        size = self._detected.size
        done = position if self._passes == 1 else (size + position) // 2
        return ImportProgress(self._read, min(done, size), size)
