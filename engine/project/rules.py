"""The rules that say what passages of a label look like, to suggest them without a model.

A rule whose label was removed stays where it is: it counts again when undo brings the label back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.project.rows import RULE_KINDS, Rule
from engine.project.spans import task_of_spans

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

LONGEST_RULE = 1000
MOST_RULES = 50_000


def set_rules(project: ProjectFile, label_id: int, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Make these the rules of a label, in place of all it had; return them as they are stored.

    The same rule twice is one. The label of each rule is `label_id`, whatever it says itself.
    White space around the entry of a list, and more than one space in it, is not kept.

    Raises:
        KnownError: if there is no such label, its task labels whole texts, or a rule is empty, too
            long or of no known kind; nothing was changed.
    """
    kept = dict.fromkeys((rule.kind, _checked_value(rule)) for rule in rules)
    if len(kept) > MOST_RULES:
        raise KnownError(
            tr(
                "A label can have {allowed:,} rules, and these are {rules:,}; nothing was changed.",
                allowed=MOST_RULES,
                rules=len(kept),
            )
        )
    with project.transaction() as connection:
        found = connection.execute("SELECT task_id FROM labels WHERE id = ?", (label_id,))
        row = found.fetchone()
        if row is None:
            raise KnownError(tr("That label is not in this project any more; nothing was changed."))
        task_of_spans(connection, row[0])
        connection.execute("DELETE FROM rules WHERE label_id = ?", (label_id,))
        connection.executemany(
            "INSERT INTO rules (label_id, kind, value) VALUES (?, ?, ?)",
            ((label_id, *rule) for rule in kept),
        )
    return tuple(Rule(label_id, *rule) for rule in kept)


def list_rules(connection: sqlite3.Connection, task_id: int) -> tuple[Rule, ...]:
    """Return the rules of a task, label by label, each in the order they were given."""
    rows = connection.execute(
        "SELECT r.label_id, r.kind, r.value FROM rules r JOIN labels l ON l.id = r.label_id "
        "WHERE l.task_id = ? ORDER BY l.position, l.id, r.id",
        (task_id,),
    ).fetchall()
    return tuple(Rule(*row) for row in rows)


def version_of_rules(connection: sqlite3.Connection, task_id: int) -> tuple[int, ...]:
    """Return numbers that are others as soon as the task has other rules.

    No two rules ever had the same id, and giving a label rules gives all of them new ones.
    """
    (*numbers,) = connection.execute(
        "SELECT l.task_id, count(*), max(r.id), sum(r.id) FROM rules r "
        "JOIN labels l ON l.id = r.label_id WHERE l.task_id = ?",
        (task_id,),
    ).fetchone()
    return tuple(numbers)


def longest_text(connection: sqlite3.Connection) -> str:
    """Return the longest text of the project, "" if it has none."""
    found = connection.execute(
        "SELECT t.content FROM placements p JOIN texts t ON t.id = p.text_id "
        "ORDER BY p.length DESC LIMIT 1"
    ).fetchone()
    return "" if found is None else str(found[0])


def _checked_value(rule: Rule) -> str:
    if rule.kind not in RULE_KINDS:
        raise KnownError(
            tr(
                "“{kind}” is no kind of rule; it is one of {kinds}.",
                kind=rule.kind,
                kinds=", ".join(RULE_KINDS),
            )
        )
    # Halves of characters, which a window can send, are nothing that a text could hold.
    value = rule.value.encode("utf-8", "replace").decode("utf-8")
    if rule.kind == "list":
        value = " ".join(value.split())
    if not value.strip():
        raise KnownError(tr("A rule needs something to look for; nothing was changed."))
    if len(value) > LONGEST_RULE:
        raise KnownError(
            tr(
                "The rule “{start}…” has {length:,} characters; {allowed:,} are allowed, and "
                "nothing was changed.",
                start=value[:20],
                length=len(value),
                allowed=LONGEST_RULE,
            )
        )
    return value
