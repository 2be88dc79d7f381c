"""What de-identification keeps in a project: its secret, the policy of each label, and the aliases.

None of it can be undone step by step: a secret or an alias that changed would give the same person
two names in the documents that are out already, and a policy is set anew by choosing again.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.project.rows import TaskInfo

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

SECRET_BYTES = 32
_SAFEST = {"direct": "redact", "quasi": "redact", "none": "keep"}


@dataclass(frozen=True, slots=True)
class LabelPolicy:
    """What is done with the passages of a label: an operator and its settings.

    `chosen` is false while nobody decided, so that what the label gives away decides.
    """

    label_id: int
    operator: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """What stands for a person or thing in every document; `entity` is what it is known by."""

    label: str
    entity: str
    original: str
    alias: str


def read_secret(connection: sqlite3.Connection) -> bytes | None:
    """Return the project's secret, or None while it has none.

    As long as nobody set a policy there may be none: what is done by default needs no secret.
    """
    found = connection.execute("SELECT secret FROM redaction WHERE id = 1").fetchone()
    return None if found is None else bytes(found[0])


def secret_of(project: ProjectFile) -> bytes:
    """Return the project's secret of 32 bytes, which is drawn on first use and never changes."""
    found = read_secret(project.connection)
    if found is not None:
        return found
    with project.transaction() as connection:
        _draw_secret(connection)
    made = read_secret(project.connection)
    assert made is not None
    return made


def read_policies(connection: sqlite3.Connection, task: TaskInfo) -> dict[int, LabelPolicy]:
    """Return what is done with the passages of each label of a task, by the label's id.

    Where nobody chose, passages that identify somebody, directly or with others, are redacted, and
    those that do not are kept.
    """
    chosen = {
        label_id: LabelPolicy(label_id, operator, json.loads(settings), chosen=True)
        for label_id, operator, settings in connection.execute(
            "SELECT label_id, operator, settings FROM policies"
        ).fetchall()
    }
    return {
        label.id: chosen.get(label.id, LabelPolicy(label.id, _SAFEST[label.identifier]))
        for label in task.labels
    }


def set_policy(
    project: ProjectFile, label_id: int, operator: str, settings: Mapping[str, Any]
) -> LabelPolicy:
    """Choose what is done with the passages of a label; the project has a secret from then on.

    `operator` and `settings` are kept as they are: the room that applies them knows which there
    are.

    Raises:
        KnownError: if there is no such label.
    """
    with project.transaction() as connection:
        known = connection.execute("SELECT 1 FROM labels WHERE id = ?", (label_id,)).fetchone()
        if known is None:
            raise KnownError(tr("That label is not in this project any more; nothing was changed."))
        _draw_secret(connection)
        connection.execute(
            "INSERT INTO policies (label_id, operator, settings) VALUES (?, ?, ?) "
            "ON CONFLICT (label_id) DO UPDATE SET operator = excluded.operator, "
            "settings = excluded.settings",
            (label_id, operator, json.dumps(dict(settings), sort_keys=True)),
        )
    return LabelPolicy(label_id, operator, dict(settings), chosen=True)


def read_aliases(connection: sqlite3.Connection) -> list[Alias]:
    """Return the alias table, by label and then by what stands there in the originals."""
    return [
        Alias(*row)
        for row in connection.execute(
            "SELECT label, entity, original, alias FROM aliases ORDER BY label, original, entity"
        ).fetchall()
    ]


def store_aliases(project: ProjectFile, aliases: Iterable[Alias]) -> int:
    """Keep new aliases in one transaction and return how many were new.

    An entity that has an alias keeps it, so that no document contradicts an earlier one.
    """
    with project.transaction() as connection:
        _draw_secret(connection)
        stored = connection.executemany(
            "INSERT INTO aliases (label, entity, original, alias) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (label, entity) DO NOTHING",
            [(each.label, each.entity, each.original, each.alias) for each in aliases],
        )
        return max(stored.rowcount, 0)


def _draw_secret(connection: sqlite3.Connection) -> None:
    """Draw the secret inside the caller's transaction, unless there is one."""
    connection.execute(
        "INSERT INTO redaction (id, secret) VALUES (1, ?) ON CONFLICT (id) DO NOTHING",
        (secrets.token_bytes(SECRET_BYTES),),
    )
