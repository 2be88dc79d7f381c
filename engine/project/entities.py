"""What is said of passages beside their marks: what they mean, and which suggestions were left out.

Each function is one transaction and one undoable step.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr, trn
from engine.project.images import touch
from engine.project.journal import recording
from engine.project.rows import Step
from engine.project.spans import Span, content_of, read_spans, span_fault, task_of_spans

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

LONGEST_ENTITY = 80


def set_entity(
    project: ProjectFile, task_id: int, text_id: int, spans: Sequence[Span], entity: str
) -> Step:
    """Give marked passages of a text the same meaning: a name such as "person-1".

    "" leaves it to label and words again.

    Raises:
        KnownError: if one of the passages is not marked so, the name is too long, or the text is
            gone; nothing was changed.
    """
    entity = " ".join(entity.split())
    if len(entity) > LONGEST_ENTITY:
        raise KnownError(
            tr(
                "The name “{start}…” has {length} characters; {allowed} are allowed.",
                start=entity[:20],
                length=len(entity),
                allowed=LONGEST_ENTITY,
            )
        )
    if entity:
        words = trn(
            "Said that {n:,} passage means {entity}",
            "Said that {n:,} passages mean {entity}",
            len(spans),
            entity=entity,
        )
    else:
        words = trn(
            "Took the meaning off {n:,} passage",
            "Took the meaning off {n:,} passages",
            len(spans),
        )
    with project.transaction() as connection:
        task_of_spans(connection, task_id)
        content_of(connection, text_id)
        found = read_spans(connection, task_id, (text_id,)).get(text_id, ())
        marked = {(span.start, span.end, span.label_id) for span in found}
        if not marked.issuperset(spans):
            raise KnownError(tr("That passage is not marked so any more; nothing was changed."))
        touch(connection, (text_id,))
        with recording(project, task_id, lambda _: words) as record:
            connection.executemany(
                "UPDATE spans SET entity = ? WHERE task_id = ? AND text_id = ? AND start = ? "
                'AND "end" = ? AND label_id = ?',
                ((entity, task_id, text_id, *span) for span in spans),
            )
    return record.step


def dismiss_spans(project: ProjectFile, task_id: int, text_id: int, spans: Sequence[Span]) -> Step:
    """Leave suggested passages of a text out, so that nobody suggests them again.

    Raises:
        KnownError: if a passage cannot be in the text, or the text is gone; nothing was changed.
    """
    words = trn("Left out a suggestion", "Left out {n:,} suggestions", len(spans))
    with project.transaction() as connection:
        task_of_spans(connection, task_id)
        content = content_of(connection, text_id)
        for start, end, _ in spans:
            if fault := span_fault(start, end, len(content)):
                raise KnownError(
                    tr(
                        "The passage {start}–{end} was not left out: {fault}.",
                        start=start,
                        end=end,
                        fault=fault,
                    )
                )
        touch(connection, (text_id,))
        with recording(project, task_id, lambda _: words) as record:
            connection.executemany(
                'INSERT OR IGNORE INTO dismissed_spans (task_id, text_id, start, "end", label_id) '
                "VALUES (?, ?, ?, ?, ?)",
                ((task_id, text_id, *span) for span in spans),
            )
    return record.step


def read_dismissed(connection: sqlite3.Connection, task_id: int, text_id: int) -> set[Span]:
    """Return the suggested passages of a text that were left out."""
    return set(
        connection.execute(
            'SELECT start, "end", label_id FROM dismissed_spans WHERE task_id = ? AND text_id = ?',
            (task_id, text_id),
        ).fetchall()
    )
