"""Who looks for passages in the texts of a project: the chosen model, and the rules."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from engine.deidentify.patterns import EXPRESSION, LIST, recognise
from engine.deidentify.patterns import Rule as Pattern
from engine.deidentify.records import Found
from engine.project.rows import Rule, TaskInfo
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
    """Return what the rules of a task find in a text, or None where it has no rules."""
    patterns = _patterns(list_rules(connection, task.id), task)
    if not patterns:
        return None

    def find(text: str) -> Sequence[Found]:
        return recognise(text, patterns)

    return find


def _patterns(rules: Iterable[Rule], task: TaskInfo) -> list[Pattern]:
    """Return the rules as they are looked for; the strings of a label's list are one rule."""
    names = {label.id: label.name for label in task.labels}
    lists: dict[str, list[str]] = {}
    patterns = []
    for rule in rules:
        label = names[rule.label_id]
        match rule.kind:
            case "list":
                lists.setdefault(label, []).append(rule.value)
            case "expression":
                patterns.append(Pattern(EXPRESSION, label, pattern=rule.value))
            case _:
                patterns.append(Pattern(rule.value, label))
    patterns += [Pattern(LIST, label, entries=tuple(each)) for label, each in lists.items()]
    return patterns
