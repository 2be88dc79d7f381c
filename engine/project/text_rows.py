"""Texts as lines of a list, and one text whole with everything that is known of it."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from engine.project.rows import SpanInfo, Suggestion, TextDetail, TextRow
from engine.project.spans import read_spans

EXCERPT = 300
_MOST_NEIGHBOURS = 50


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the queries over a set of texts found, to be put together text by text."""

    row: TextRow
    content: str
    meta: str
    document: str
    origin: str
    annotator: str
    labelled_at: str
    group_id: int


def get_text_rows(
    connection: sqlite3.Connection, task_id: int, text_ids: Sequence[int]
) -> list[TextRow]:
    """Return a line for each of the texts, in their order; unknown ids are left out."""
    return [facts.row for facts in _facts(connection, task_id, text_ids)]


def get_texts(
    connection: sqlite3.Connection, task_id: int, text_ids: Sequence[int]
) -> list[TextDetail]:
    """Return the texts whole, in their order, without suggestions and near-duplicates."""
    spans = read_spans(connection, task_id, text_ids)
    return [
        _detail(facts, spans=spans.get(facts.row.id, ()))
        for facts in _facts(connection, task_id, text_ids)
    ]


def get_text(connection: sqlite3.Connection, task_id: int, text_id: int) -> TextDetail | None:
    """Return one text with everything that is known of it, or None if there is no such text.

    A labelled text has no suggestion: nobody is to be talked out of a decision.
    """
    found = _facts(connection, task_id, (text_id,))
    if not found:
        return None
    facts = found[0]
    neighbours = connection.execute(
        "SELECT text_id FROM placements WHERE group_id = ? AND text_id <> ? "
        "ORDER BY text_id LIMIT ?",
        (facts.group_id, text_id, _MOST_NEIGHBOURS),
    ).fetchall()
    suggestion = None if facts.row.labelled else _suggestion(connection, text_id)
    spans = read_spans(connection, task_id, (text_id,)).get(text_id, ())
    return _detail(facts, suggestion, tuple(neighbour for (neighbour,) in neighbours), spans)


def excerpt_of(start: str) -> str:
    """Return the beginning of a text on one line."""
    return " ".join(start[:EXCERPT].split())


def _detail(
    facts: _Facts,
    suggestion: Suggestion | None = None,
    near_duplicates: tuple[int, ...] = (),
    spans: tuple[SpanInfo, ...] = (),
) -> TextDetail:
    return TextDetail(
        id=facts.row.id,
        content=facts.content,
        meta=json.loads(facts.meta),
        document=facts.document,
        row=facts.row,
        origin=facts.origin,
        annotator=facts.annotator,
        labelled_at=facts.labelled_at,
        suggestion=suggestion,
        near_duplicates=near_duplicates,
        spans=spans,
    )


def _facts(connection: sqlite3.Connection, task_id: int, text_ids: Sequence[int]) -> list[_Facts]:
    """Return what is known of the texts, in three queries however many they are."""
    wanted = json.dumps(list(text_ids))
    label_ids: dict[int, list[int]] = defaultdict(list)
    for text_id, label_id in connection.execute(
        """SELECT al.text_id, al.label_id FROM json_each(?) j
           CROSS JOIN annotation_labels al ON al.text_id = j.value AND al.task_id = ?
           JOIN labels l ON l.id = al.label_id ORDER BY l.position, l.id""",
        (wanted, task_id),
    ).fetchall():
        label_ids[text_id].append(label_id)
    rows = connection.execute(
        """SELECT j.value, t.content, t.meta, coalesce(t.document, ''), p.length, p.split,
               p.group_id, o.name, t.source_row, a.text_id IS NOT NULL, coalesce(a.origin, ''),
               coalesce(a.annotator, ''), coalesce(a.at, ''), coalesce(s.skipped, 0),
               coalesce(s.flagged, 0), coalesce(s.comment, '')
           FROM json_each(:wanted) j
           CROSS JOIN placements p ON p.text_id = j.value
           CROSS JOIN texts t ON t.id = j.value
           CROSS JOIN sources o ON o.id = t.source_id
           LEFT JOIN annotations a ON a.text_id = j.value AND a.task_id = :task_id
           LEFT JOIN states s ON s.text_id = j.value AND s.task_id = :task_id
           ORDER BY j.id""",
        {"wanted": wanted, "task_id": task_id},
    ).fetchall()
    sizes = _group_sizes(connection, {row[6] for row in rows})
    return [
        _Facts(
            row=TextRow(
                id=text_id,
                excerpt=excerpt_of(content),
                length=length,
                label_ids=tuple(dict.fromkeys(label_ids[text_id])),
                labelled=bool(labelled),
                skipped=bool(skipped),
                flagged=bool(flagged),
                comment=comment,
                split=split,
                source=source,
                source_row=source_row,
                group_size=sizes[group_id],
            ),
            content=content,
            meta=meta,
            document=document,
            origin=origin,
            annotator=annotator,
            labelled_at=at,
            group_id=group_id,
        )
        for (
            text_id,
            content,
            meta,
            document,
            length,
            split,
            group_id,
            source,
            source_row,
            labelled,
            origin,
            annotator,
            at,
            skipped,
            flagged,
            comment,
        ) in rows
    ]


def _group_sizes(connection: sqlite3.Connection, group_ids: set[int]) -> dict[int, int]:
    return dict(
        connection.execute(
            "SELECT group_id, count(*) FROM placements "
            "WHERE group_id IN (SELECT value FROM json_each(?)) GROUP BY group_id",
            (json.dumps(sorted(group_ids)),),
        ).fetchall()
    )


def _suggestion(connection: sqlite3.Connection, text_id: int) -> Suggestion | None:
    """Return what the project's suggestion model says of a text, largest probability first."""
    found = connection.execute(
        """SELECT m.id, m.label_ids, x.probabilities FROM project
           JOIN models m ON m.id = project.suggestion_model_id
           JOIN predictions x ON x.model_id = m.id AND x.text_id = ? AND x.fold = -1""",
        (text_id,),
    ).fetchone()
    if found is None:
        return None
    model_id, label_ids, blob = found
    probabilities: array[float] = array("f")
    probabilities.frombytes(blob)
    today = {label_id for (label_id,) in connection.execute("SELECT id FROM labels").fetchall()}
    ranked = sorted(
        (
            (probability, label_id)
            for label_id, probability in zip(json.loads(label_ids), probabilities, strict=True)
            if label_id in today
        ),
        key=lambda pair: -pair[0],
    )
    return Suggestion(
        text_id=text_id,
        model_id=model_id,
        label_ids=tuple(label_id for _, label_id in ranked),
        probabilities=tuple(probability for probability, _ in ranked),
    )
