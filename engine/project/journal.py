"""The journal: every change with what was before it, append-only; and undo and redo from it.

A step stores an image of each text it changed, before and after (`images`), and the rows of tasks
and labels it changed. An import stores nothing but its id, since undoing it shelves its rows
(`shelf`). Undo and redo append entries of their own, so that the journal tells the whole story;
`undo_stack` says which steps stand and which are taken back at present. A new step after an undo
takes the undone ones off the stack: they can no longer be redone, but stay in the journal.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.core.times import utc_now
from engine.project import counters, images, shelf
from engine.project.rows import JournalStep, Step

if TYPE_CHECKING:
    from engine.project.project import ProjectFile


class Record:
    """What the step in the making changes beside texts; `step` is there after the block."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, str | None, str | None]] = []
        self.step = Step(0, "", ())

    def row(
        self, place: str, row_id: int, before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> None:
        """Note that a row of "tasks" or "labels" changed; None: it was not there, or is gone."""
        images_of_row = [None if row is None else json.dumps(row) for row in (before, after)]
        self.rows.append((place, row_id, images_of_row[0], images_of_row[1]))


@contextlib.contextmanager
def recording(
    project: ProjectFile,
    task_id: int,
    words: Callable[[int], str],
    *,
    import_id: int | None = None,
) -> Iterator[Record]:
    """Make the block one step of the journal, inside the caller's transaction.

    The block may change what a task says of the texts in ``temp.touched``, and rows of tasks and
    labels that it notes in the record. `words` gets the number of texts that changed. If nothing
    changed, no step is made. With `import_id` the texts appear by the block, and only
    their number is kept.
    """
    connection = project.connection
    if import_id is None:
        counters.leave(connection)
        images.take_before(connection, task_id)
    record = Record()
    yield record
    counters.enter(connection)
    step_id = _append(project, "do", "", 0, import_id=import_id)
    if import_id is None:
        texts = images.keep_changes(connection, step_id, task_id)
    else:
        (texts,) = connection.execute("SELECT count(*) FROM temp.touched").fetchone()
    if not texts and not record.rows and import_id is None:
        connection.execute("DELETE FROM journal WHERE id = ?", (step_id,))
        return
    connection.executemany(
        "INSERT INTO journal_rows (step_id, place, row_id, before, after) VALUES (?, ?, ?, ?, ?)",
        ((step_id, *row) for row in record.rows),
    )
    said = words(texts)
    connection.execute(
        "UPDATE journal SET words = ?, texts = ? WHERE id = ?", (said, texts, step_id)
    )
    connection.execute("DELETE FROM undo_stack WHERE undone = 1")
    connection.execute("INSERT INTO undo_stack (step_id, undone) VALUES (?, 0)", (step_id,))
    record.step = _step(connection, step_id, step_id, said)


def undo(project: ProjectFile) -> Step:
    """Take the last step back and return what that changed.

    Raises:
        KnownError: if there is nothing to undo.
    """
    with project.transaction() as connection:
        row = connection.execute("SELECT max(step_id) FROM undo_stack WHERE undone = 0").fetchone()
        if row[0] is None:
            raise KnownError(tr("There is nothing to undo."))
        return _turn(project, row[0], "undo")


def redo(project: ProjectFile) -> Step:
    """Do the step that was undone last again and return what that changed.

    Raises:
        KnownError: if there is nothing to redo.
    """
    with project.transaction() as connection:
        row = connection.execute("SELECT min(step_id) FROM undo_stack WHERE undone = 1").fetchone()
        if row[0] is None:
            raise KnownError(tr("There is nothing to redo."))
        return _turn(project, row[0], "redo")


def undo_words(connection: sqlite3.Connection) -> tuple[str, str]:
    """Return the words of the step that undo would take back, and that redo would do again."""
    found = []
    for query in (
        "SELECT max(step_id) FROM undo_stack WHERE undone = 0",
        "SELECT min(step_id) FROM undo_stack WHERE undone = 1",
    ):
        row = connection.execute(f"SELECT words FROM journal WHERE id = ({query})").fetchone()
        found.append(row[0] if row else "")
    return found[0], found[1]


def history(connection: sqlite3.Connection, limit: int = 200) -> list[JournalStep]:
    """Return the project's steps, newest first; undone ones are among them and say so."""
    rows = connection.execute(
        """SELECT j.id, j.at, j.annotator, j.words, j.texts, s.step_id IS NULL OR s.undone
           FROM journal j LEFT JOIN undo_stack s ON s.step_id = j.id
           WHERE j.kind = 'do' ORDER BY j.id DESC LIMIT ?""",
        (limit,),
    )
    return [
        JournalStep(step_id, at, annotator, words, texts, bool(undone))
        for step_id, at, annotator, words, texts, undone in rows.fetchall()
    ]


def _turn(project: ProjectFile, step_id: int, kind: str) -> Step:
    """Undo or redo a step inside the caller's transaction."""
    connection = project.connection
    words, import_id = connection.execute(
        "SELECT words, import_id FROM journal WHERE id = ?", (step_id,)
    ).fetchone()
    side = "before" if kind == "undo" else "after"
    # Rows first come, texts then change, rows last go: a label is there while texts refer to it.
    _put_rows_back(project, step_id, side, coming=True)
    if import_id is None:
        text_ids = connection.execute(
            "SELECT text_id FROM journal_texts WHERE step_id = ?", (step_id,)
        ).fetchall()
        images.touch(connection, (text_id for (text_id,) in text_ids))
        counters.leave(connection)
        images.put_back(connection, step_id, side)
        counters.enter(connection)
    elif kind == "undo":
        shelf.touch_import(connection, import_id)
        counters.leave(connection)
        shelf.shelve(connection, import_id)
    else:
        shelf.place(connection, import_id)
        counters.enter(connection)
    _put_rows_back(project, step_id, side, coming=False)
    connection.execute(
        "UPDATE undo_stack SET undone = ? WHERE step_id = ?", (kind == "undo", step_id)
    )
    entry = _append(project, kind, words, step_id)
    said = tr("Undid: {step}", step=words) if kind == "undo" else tr("Redid: {step}", step=words)
    return _step(connection, entry, step_id, said)


def _put_rows_back(project: ProjectFile, step_id: int, side: str, *, coming: bool) -> None:
    rows = project.connection.execute(
        f"SELECT place, row_id, {side} FROM journal_rows WHERE step_id = ?", (step_id,)
    ).fetchall()
    for place, row_id, image in rows:
        if image is not None and coming:
            project.database.table(place).upsert(json.loads(image), pk="id")
        elif image is None and not coming:
            project.connection.execute(f"DELETE FROM {place} WHERE id = ?", (row_id,))


def _append(
    project: ProjectFile, kind: str, words: str, of_step: int, *, import_id: int | None = None
) -> int:
    connection = project.connection
    entry = connection.execute(
        "INSERT INTO journal (at, annotator, kind, step_id, words, texts, import_id) "
        "VALUES (?, ?, ?, ?, ?, coalesce((SELECT texts FROM journal WHERE id = ?), 0), ?)",
        (utc_now(), project.annotator, kind, of_step or None, words, of_step, import_id),
    ).lastrowid
    assert entry is not None
    return entry


def _step(connection: sqlite3.Connection, entry: int, step_id: int, words: str) -> Step:
    text_ids = connection.execute(
        "SELECT text_id FROM journal_texts WHERE step_id = ? ORDER BY text_id", (step_id,)
    ).fetchall()
    (rows,) = connection.execute(
        "SELECT count(*) FROM journal_rows WHERE step_id = ?", (step_id,)
    ).fetchone()
    (import_id,) = connection.execute(
        "SELECT import_id FROM journal WHERE id = ?", (step_id,)
    ).fetchone()
    return Step(
        id=entry,
        words=words,
        text_ids=tuple(text_id for (text_id,) in text_ids),
        tasks_changed=rows > 0,
        texts_changed=import_id is not None,
    )
