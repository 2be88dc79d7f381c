"""One text as it would be handed out, and what the policy makes of passages of this project."""

from __future__ import annotations

import json
import sqlite3

from engine.deidentify.pseudonyms import kind_of
from engine.deidentify.records import Found
from engine.project.redaction import read_policies
from engine.project.rows import LabelInfo, TaskInfo
from engine.service.redaction.material import Finders, TextMaterial, material_of_texts
from engine.service.redaction.records import LabelRedaction, RedactionPreview
from engine.service.redaction.redacting import ProjectRedactor

LONGEST_EXAMPLE = 60
"""Characters; a longer passage would say less than its beginning and end."""


def preview_redaction(
    connection: sqlite3.Connection, task: TaskInfo, text_id: int, finders: Finders
) -> RedactionPreview | None:
    """Return a text as it would be handed out, or None if there is no such text."""
    texts = material_of_texts(connection, task, (text_id,), finders)
    if not texts:
        return None
    text = texts[0]
    redacted = ProjectRedactor(connection, task).redact(text)
    return RedactionPreview(
        text_id=text.text_id,
        content=text.content,
        redacted=redacted.text,
        replacements=redacted.replacements,
        found_by=text.found_by,
        decisions=text.decisions,
    )


def list_policy(
    connection: sqlite3.Connection, task: TaskInfo, model_id: int | None = None
) -> tuple[LabelRedaction, ...]:
    """Return what is done with the passages of each label, with an example from the project."""
    policies = read_policies(connection, task)
    redactor = ProjectRedactor(connection, task)
    listed = []
    for label in task.labels:
        policy = policies[label.id]
        example = _marked(connection, task, label) or _predicted(connection, label, model_id)
        listed.append(
            LabelRedaction(
                label_id=label.id,
                operator=policy.operator,
                settings=policy.settings,
                chosen=policy.chosen,
                example=example,
                example_result=_result(redactor, label, example) if example else "",
                kind=kind_of(label.name, policy.settings),
            )
        )
    return tuple(listed)


def _result(redactor: ProjectRedactor, label: LabelInfo, example: str) -> str:
    passage = Found(0, len(example), label.name, source="person")
    return redactor.redact(TextMaterial(0, example, "", (passage,), "person")).text


def _marked(connection: sqlite3.Connection, task: TaskInfo, label: LabelInfo) -> str:
    """Return the first marked passage of a label that is short enough to be shown."""
    found = connection.execute(
        'SELECT substr(t.content, x.start + 1, x."end" - x.start) FROM spans x '
        'CROSS JOIN texts t ON t.id = x.text_id WHERE x.label_id = ? AND x."end" - x.start <= ? '
        "ORDER BY x.text_id, x.start LIMIT 1",
        (label.id, LONGEST_EXAMPLE),
    ).fetchone()
    return "" if found is None else " ".join(found[0].split())


def _predicted(connection: sqlite3.Connection, label: LabelInfo, model_id: int | None) -> str:
    """Return a passage that the model found for a label, among the first texts it has read."""
    if model_id is None:
        return ""
    model = connection.execute("SELECT label_ids FROM models WHERE id = ?", (model_id,)).fetchone()
    positions = json.loads(model[0]) if model else []
    if label.id not in positions:
        return ""
    wanted = positions.index(label.id)
    for stored, content in connection.execute(
        "SELECT x.spans, t.content FROM span_predictions x CROSS JOIN texts t ON t.id = x.text_id "
        "WHERE x.model_id = ? AND x.fold = -1 LIMIT 200",
        (model_id,),
    ).fetchall():
        for start, end, position, _ in json.loads(stored):
            if position == wanted and end - start <= LONGEST_EXAMPLE:
                return " ".join(content[start:end].split())
    return ""
