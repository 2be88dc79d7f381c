"""Who looks for passages in the texts of a project: the chosen model, and the rules."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from engine.assist.rule_finding import patterns_of
from engine.deidentify.patterns import recognise
from engine.deidentify.records import Found
from engine.project.rows import TaskInfo
from engine.project.rules import list_rules
from engine.service.redaction.material import Finders, Rules, finders_of


def project_finders(
    connection: sqlite3.Connection, task: TaskInfo, model_id: int | None, *, patterns: bool
) -> Finders:
    """Return who looks for passages where nobody has marked any.

    Raises:
        KnownError: if there is no such model, or it was trained for another task.
    """
    rules = project_rules(connection, task) if patterns else None
    return finders_of(connection, task, model_id, rules)


def project_rules(connection: sqlite3.Connection, task: TaskInfo) -> Rules | None:
    """Return what the rules of a task find in a text, or None where it has no rules.

    An expression that takes too long for a text is not passed over, as it is where passages are
    only suggested: what it would have found must not be handed out.
    """
    names = {label.id: label.name for label in task.labels}
    patterns = [
        replace(pattern, label=names[label_id])
        for label_id, _, pattern in patterns_of(list_rules(connection, task.id))
    ]
    if not patterns:
        return None

    def find(text: str) -> Sequence[Found]:
        return recognise(text, patterns)

    return find
