"""Commands that bring texts in and out, in slices."""

from __future__ import annotations

import time
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from engine.service import commands as c
from engine.service.events import (
    FileWritten,
    ImportProgressed,
    TasksChanged,
    TextsChanged,
    TextsImported,
)
from engine.service.slices import SlicedWork

if TYPE_CHECKING:
    from engine.service.session import Session

PROGRESS_INTERVAL = 0.1
"""Seconds between two progress events."""


def import_texts(session: Session, command: c.ImportTexts) -> SlicedWork:
    """Import a file."""
    from engine.interchange.importing import import_texts as import_slices

    next_progress = 0.0
    with closing(import_slices(session.project, command)) as work:
        while True:
            try:
                progress = next(work)
            except StopIteration as end:
                report = end.value
                break
            if time.monotonic() >= next_progress:
                next_progress = time.monotonic() + PROGRESS_INTERVAL
                session.emit(
                    ImportProgressed(
                        command.path,
                        progress.rows,
                        progress.done,
                        progress.total,
                        asked_by=command.asked_by,
                    )
                )
            yield
    info = session.refresh()
    if report.labels_added:
        session.emit(TasksChanged(info, asked_by=command.asked_by))
    session.emit(TextsChanged(info.texts, asked_by=command.asked_by))
    session.emit(TextsImported(report, asked_by=command.asked_by))
    session.tell_change(command.asked_by)
    session.suggestions.look_again()
    session.embedding.look_again()
    return report


def export_texts(session: Session, command: c.ExportTexts) -> SlicedWork:
    """Write texts and labels to a file."""
    from engine.interchange.exporting import export_texts as export_slices

    rows = yield from export_slices(session.project, command)
    session.emit(FileWritten(str(Path(command.path)), rows, asked_by=command.asked_by))
    return rows


def embed_texts(session: Session, command: c.EmbedTexts) -> Future[int]:
    """Make every text searchable by meaning."""
    _ = session.project  # refused here where none is open
    return session.meaning.embed_all(command.encoder, command.quantised)


def stop_embedding(session: Session, command: c.StopEmbedding) -> None:
    """Leave it at the texts that can be searched by now."""
    session.embedding.stop()
