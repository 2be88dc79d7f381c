"""What people decided about single passages before a text is handed out: a log that only grows.

The latest decision about a range of a text is the one that holds; "withdrawn" takes it back, and
stays in the log like all others.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.core.times import utc_now
from engine.project.spans import content_of, span_fault, task_of_spans

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

DECISIONS = ("mask", "keep", "withdrawn")
_COLUMNS = 'd.id, d.at, d.annotator, d.text_id, d.start, d."end", d.label_id, d.decision, d.reason'


@dataclass(frozen=True, slots=True)
class RedactionDecision:
    """A decision about a range of a text (code points, the end exclusive).

    "mask" replaces it as a passage of `label_id`, "keep" lets it stand whatever a model or a rule
    says, "withdrawn" leaves it to them again.
    """

    id: int
    at: str
    annotator: str
    text_id: int
    start: int
    end: int
    label_id: int | None
    decision: str
    reason: str


def decide(
    project: ProjectFile,
    task_id: int,
    text_id: int,
    start: int,
    end: int,
    *,
    label_id: int | None,
    decision: str,
    reason: str = "",
) -> RedactionDecision:
    """Write a decision into the log.

    Raises:
        KnownError: if there is no such decision, text or label, the range is empty or lies outside
            the text, a passage is to be masked as no label, or there is nothing to withdraw.
    """
    if decision not in DECISIONS:
        raise KnownError(
            tr(
                "“{decision}” is no decision about a passage; there are {decisions}.",
                decision=decision,
                decisions=", ".join(DECISIONS),
            )
        )
    with project.transaction() as connection:
        task = task_of_spans(connection, task_id)
        fault = span_fault(start, end, len(content_of(connection, text_id)))
        if fault:
            raise KnownError(
                tr(
                    "Nothing was decided about the passage {start}–{end}: {fault}.",
                    start=start,
                    end=end,
                    fault=fault,
                )
            )
        if decision == "mask" and label_id is None:
            raise KnownError(
                tr("Say as which label the passage is to be masked; nothing was decided.")
            )
        if label_id is not None and all(label.id != label_id for label in task.labels):
            raise KnownError(tr("That label is not in this task any more; nothing was decided."))
        if decision == "withdrawn":
            standing = standing_decisions(connection, (text_id,)).get(text_id, ())
            if all((each.start, each.end) != (start, end) for each in standing):
                raise KnownError(
                    tr("About that passage nothing is decided that could be withdrawn.")
                )
        values = (utc_now(), project.annotator, text_id, start, end, label_id, decision, reason)
        row_id = connection.execute(
            "INSERT INTO redaction_decisions "
            '(at, annotator, text_id, start, "end", label_id, decision, reason) '
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        ).lastrowid
        assert row_id is not None
    return RedactionDecision(row_id, *values)


def standing_decisions(
    connection: sqlite3.Connection, text_ids: Sequence[int]
) -> dict[int, tuple[RedactionDecision, ...]]:
    """Return what holds now for those of some texts about which something is decided.

    The decisions of a text are in the order of the text.
    """
    found: dict[int, list[RedactionDecision]] = {}
    for row in connection.execute(
        f"SELECT {_COLUMNS} FROM json_each(?) j "
        "CROSS JOIN redaction_decisions d ON d.text_id = j.value "
        "WHERE d.decision <> 'withdrawn' AND NOT EXISTS (SELECT 1 FROM redaction_decisions later "
        'WHERE later.text_id = d.text_id AND later.start = d.start AND later."end" = d."end" '
        'AND later.id > d.id) ORDER BY j.id, d.start, d."end"',
        (json.dumps(list(text_ids)),),
    ).fetchall():
        found.setdefault(row[3], []).append(RedactionDecision(*row))
    return {text_id: tuple(decisions) for text_id, decisions in found.items()}


def decision_log(connection: sqlite3.Connection, limit: int = 1000) -> list[RedactionDecision]:
    """Return the decisions as they were taken, the newest first, at most `limit`."""
    return [
        RedactionDecision(*row)
        for row in connection.execute(
            f"SELECT {_COLUMNS} FROM redaction_decisions d ORDER BY d.id DESC LIMIT ?", (limit,)
        ).fetchall()
    ]
