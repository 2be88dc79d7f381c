"""Exporting texts with their labels, in slices, to a file that can be imported again.

What comes back on import is the texts with the same labels, splits and metadata; CoNLL, which is
for programs that want nothing else, holds the words and passages of the labelled texts. Cells are
written as they are: a text that begins with “=” stays what it is, because a changed text would no
longer be the text that was labelled; a spreadsheet that is to open a CSV of untrusted texts
should import its columns as text.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from engine.core.errors import KnownError
from engine.core.files import atomic_write
from engine.core.language import tr
from engine.interchange.conll_writing import conll_lines
from engine.project.project import ProjectFile
from engine.project.reading import list_text_ids
from engine.project.rows import TaskInfo, TextDetail, TextFilter
from engine.project.tasks import read_task
from engine.project.text_rows import get_texts

EXPORT_FORMATS = ("jsonl", "csv", "conll")
_SLICE = 250  # texts: some 20 ms


class ExportRequest(Protocol):
    """What to export: the fields of the `ExportTexts` command, which says what they mean."""

    @property
    def path(self) -> str: ...
    @property
    def task_id(self) -> int: ...
    @property
    def format(self) -> str: ...
    @property
    def filter(self) -> TextFilter: ...


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """So many of the texts are written."""

    rows: int
    total: int


def export_texts(
    project: ProjectFile, request: ExportRequest
) -> Generator[ExportProgress, None, int]:
    """Write texts with their labels to a file; each `next` does one slice.

    The return value is the number of texts. The file appears when it is whole; closing the
    generator, or an error in it, leaves what was there before.

    Raises:
        KnownError: if the format is unknown or cannot hold what the task has, or the file cannot be
            written.
    """
    if request.format not in EXPORT_FORMATS:
        raise KnownError(
            tr(
                "“{format}” is not a format this program writes: {formats}.",
                format=request.format,
                formats=", ".join(EXPORT_FORMATS),
            )
        )
    path = Path(request.path)
    if path.resolve() == project.path.resolve():
        raise KnownError(
            tr(
                "{file} is the project itself; choose another name for the export.",
                file=path.name,
            )
        )
    task = read_task(project.connection, request.task_id)
    if request.format == "conll" and task.kind != "spans":
        raise KnownError(
            tr(
                "CoNLL holds passages, and in this task whole texts have labels; write csv or "
                "jsonl."
            )
        )
    ids = list_text_ids(project.connection, task.id, request.filter)
    # Spreadsheet programs take a CSV file for UTF-8 only when it begins with a byte order mark.
    encoding = "utf-8-sig" if request.format == "csv" else "utf-8"
    with atomic_write(path, encoding=encoding) as file:
        write = _writer(file, request.format, task)
        written = 0
        for start in range(0, len(ids), _SLICE):
            chunk = ids[start : start + _SLICE]
            for text in get_texts(project.connection, task.id, chunk):
                written += write(text)
            yield ExportProgress(start + len(chunk), len(ids))
    return written


def _writer(file: IO[str], format: str, task: TaskInfo) -> Callable[[TextDetail], bool]:
    """Return what writes a text, and says whether it did."""
    if format == "conll":
        return _conll_writer(file, task)
    write_record = _csv_writer(file) if format == "csv" else _jsonl_writer(file)

    def write(text: TextDetail) -> bool:
        write_record(_record(text, task))
        return True

    return write


def _record(text: TextDetail, task: TaskInfo) -> dict[str, Any]:
    return {
        "text": text.content,
        **_labels(text, task),
        "labelled": text.row.labelled,
        "split": text.row.split,
        "origin": text.origin or None,
        "annotator": text.annotator or None,
        "comment": text.row.comment or None,
        "flagged": text.row.flagged,
        "skipped": text.row.skipped,
        "document": text.document or None,
        "source": text.row.source,
        "row": text.row.source_row,
        "meta": text.meta,
    }


def _labels(text: TextDetail, task: TaskInfo) -> dict[str, Any]:
    if task.kind == "spans":
        return {
            "spans": [
                {
                    "start": span.start,
                    "end": span.end,
                    "label": task.label(span.label_id).name,
                    **({"entity": span.entity} if span.entity else {}),
                }
                for span in text.spans
            ]
        }
    names = [task.label(label_id).name for label_id in text.row.label_ids]
    return {"labels": names} if task.multi_label else {"label": names[0] if names else None}


def _conll_writer(file: IO[str], task: TaskInfo) -> Callable[[TextDetail], bool]:
    def write(text: TextDetail) -> bool:
        # A text that nobody has gone through would come back as one in which nothing is marked.
        if not text.row.labelled:
            return False
        passages = [(span.start, span.end, task.label(span.label_id).name) for span in text.spans]
        lines = conll_lines(text.content, passages)
        file.write("".join(f"{line}\n" for line in [*lines, ""]) if lines else "")
        return bool(lines)

    return write


def _jsonl_writer(file: IO[str]) -> Callable[[dict[str, Any]], None]:
    def write(record: dict[str, Any]) -> None:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")

    return write


def _csv_writer(file: IO[str]) -> Callable[[dict[str, Any]], None]:
    writer = csv.writer(file)
    header_to_come = True

    def write(record: dict[str, Any]) -> None:
        nonlocal header_to_come
        if header_to_come:
            writer.writerow(record)
            header_to_come = False
        for several in ("labels", "spans"):
            if several in record:
                # No separator is safe, since a label may contain any character.
                cell = json.dumps(record[several], ensure_ascii=False) if record["labelled"] else ""
                record[several] = cell
        record["meta"] = json.dumps(record["meta"], ensure_ascii=False) if record["meta"] else ""
        writer.writerow(map(_cell, record.values()))

    return write


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
