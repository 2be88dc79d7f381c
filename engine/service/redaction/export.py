"""Writing a project's texts as they may be handed out, in slices."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.files import atomic_write, explain_os_error, sync_folder
from engine.core.language import tr
from engine.project.reading import list_text_ids
from engine.project.spans import task_of_spans
from engine.service.redaction.commands import REDACTED_FORMATS, ExportRedacted
from engine.service.redaction.material import Finders, TextMaterial, material_of_texts
from engine.service.redaction.records import RedactionSummary
from engine.service.redaction.redacting import ProjectRedactor
from engine.service.slices import SlicedWork

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

_SLICE = 20
"""Texts that are replaced in one slice: some 20 ms."""

Write = Callable[[str, dict[str, Any] | None], None]
"""Writes one text, with its metadata where they were asked for."""


def check_export(project: ProjectFile, command: ExportRedacted) -> Path:
    """Return where the texts go.

    Raises:
        KnownError: if the format is unknown, or the place is the project's or taken.
    """
    if command.format not in REDACTED_FORMATS:
        raise KnownError(
            tr(
                "“{format}” is no format for redacted texts: {formats}.",
                format=command.format,
                formats=", ".join(REDACTED_FORMATS),
            )
        )
    path = Path(command.path)
    if path.resolve() == project.path.resolve():
        raise KnownError(
            tr("{file} is the project itself; choose another name for the export.", file=path.name)
        )
    if command.format == "txt" and path.exists():
        raise KnownError(
            tr("{path} is already there; name a folder that does not exist yet.", path=path)
        )
    if command.format != "txt" and path.is_dir():
        raise KnownError(tr("{path} is a folder; name a file in it.", path=path))
    return path


def export_redacted(project: ProjectFile, command: ExportRedacted, finders: Finders) -> SlicedWork:
    """Write the texts; the return value is a RedactionSummary.

    The file, or the folder, appears when it is whole. The aliases are stored before it does, so
    that nothing is ever handed out under an alias that the project does not know.
    """
    path = check_export(project, command)
    connection = project.connection
    task = task_of_spans(connection, command.task_id)
    redactor = ProjectRedactor(connection, task)
    ids = list_text_ids(connection, task.id, command.filter)
    counts: Counter[str] = Counter()
    if redactor.pseudonymises:
        for start in range(0, len(ids), _SLICE):
            for text in material_of_texts(connection, task, ids[start : start + _SLICE], finders):
                redactor.expect(text)
            yield
    with _writer(path, command.format, meta=command.meta) as write:
        for start in range(0, len(ids), _SLICE):
            texts = material_of_texts(connection, task, ids[start : start + _SLICE], finders)
            for text in texts:
                if text.found_by == "nobody":
                    counts["left out"] += 1
                    continue
                _write_one(text, redactor, write, counts, meta=command.meta)
            yield
        redactor.store_aliases(project)
    return RedactionSummary(
        path=str(path),
        texts=counts["texts"],
        replaced=counts["replaced"],
        kept=counts["keep"],
        left_out=counts["left out"],
    )


def _write_one(
    text: TextMaterial,
    redactor: ProjectRedactor,
    write: Write,
    counts: Counter[str],
    *,
    meta: bool,
) -> None:
    redacted = redactor.redact(text)
    for replacement in redacted.replacements:
        counts["keep" if replacement.operator == "keep" else "replaced"] += 1
    write(redacted.text, json.loads(text.meta) if meta else None)
    counts["texts"] += 1


@contextlib.contextmanager
def _writer(path: Path, format: str, *, meta: bool) -> Iterator[Write]:
    if format == "txt":
        with _folder_writer(path) as write:
            yield write
        return
    # Spreadsheet programs take a CSV file for UTF-8 only when it begins with a byte order mark.
    encoding = "utf-8-sig" if format == "csv" else "utf-8"
    with atomic_write(path, encoding=encoding) as file:
        if format == "jsonl":

            def write(text: str, values: dict[str, Any] | None) -> None:
                record = {"text": text} if values is None else {"text": text, "meta": values}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        else:
            rows = csv.writer(file)
            rows.writerow(["text", "meta"] if meta else ["text"])

            def write(text: str, values: dict[str, Any] | None) -> None:
                cells = [] if values is None else [json.dumps(values, ensure_ascii=False)]
                rows.writerow([text, *cells])

        yield write


@contextlib.contextmanager
def _folder_writer(path: Path) -> Iterator[Write]:
    """Write each text into a file of its own, in a folder that appears when it is whole.

    The files are numbered in the order of the export, so that not even an id is handed out.
    """
    what = tr("{file} could not be written to {folder}", file=path.name, folder=path.parent)
    partial = path.with_name(f".{path.name}.partial")
    number = 0

    def write(text: str, values: dict[str, Any] | None) -> None:
        nonlocal number
        number += 1
        _write_through(partial / f"{number:06}.txt", text)
        if values is not None:
            _write_through(partial / f"{number:06}.json", json.dumps(values, ensure_ascii=False))

    try:
        shutil.rmtree(partial, ignore_errors=True)  # of an export that was interrupted
        partial.mkdir()
        yield write
        partial.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise explain_os_error(error, what) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_through(path: Path, text: str) -> None:
    """Write a file whose bytes are on disk before the folder takes its name."""
    with path.open("x", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
