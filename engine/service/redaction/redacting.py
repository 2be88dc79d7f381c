"""The policy, the secret and the aliases of a project at work on its texts."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from engine.deidentify.alias_book import AliasBook, AliasRow
from engine.deidentify.apply import Redactor
from engine.deidentify.records import OperatorChoice, Policy, Redacted
from engine.project.redaction import (
    SECRET_BYTES,
    Alias,
    LabelPolicy,
    read_aliases,
    read_policies,
    read_secret,
    store_aliases,
)
from engine.project.rows import TaskInfo
from engine.service.redaction.material import TextMaterial

if TYPE_CHECKING:
    from engine.project.project import ProjectFile


class ProjectRedactor:
    """Replaces what is found in the texts of a project.

    Any connection will do: aliases that are new are only kept in memory, until `store_aliases` is
    called with the project's writer.
    """

    def __init__(self, connection: sqlite3.Connection, task: TaskInfo) -> None:
        self._stored = read_aliases(connection)
        self._book = AliasBook(AliasRow(*_values(alias)) for alias in self._stored)
        # Without a policy that somebody set there may be no secret, and nothing that needs one.
        secret = read_secret(connection) or secrets.token_bytes(SECRET_BYTES)
        policy = policy_of(connection, task)
        self._operators = {choice.operator for choice in policy.by_label.values()}
        self._redactor = Redactor(policy, secret, self._book)

    @property
    def pseudonymises(self) -> bool:
        """Whether any label gets aliases."""
        return "pseudonymise" in self._operators

    def expect(self, text: TextMaterial) -> None:
        """Tell of a text that will be redacted, so that no alias is somebody's name in it."""
        self._redactor.expect(text.content, text.found)

    def redact(self, text: TextMaterial) -> Redacted:
        """Replace what is found in a text, as the policy says.

        The texts of one document are taken to be about the same people, so that their dates move
        by the same number of days.
        """
        person = f"document {text.document}" if text.document else f"text {text.text_id}"
        return self._redactor.redact(text.content, text.found, person_key=person)

    def store_aliases(self, project: ProjectFile) -> int:
        """Keep the aliases that were given since, and return how many."""
        rows = self._book.rows()
        new = [Alias(row.label, row.key, row.original, row.alias) for row in rows]
        return store_aliases(project, new[len(self._stored) :])


def policy_of(connection: sqlite3.Connection, task: TaskInfo) -> Policy:
    """Return what is done with the passages of a task; what has no label of its is redacted."""
    return named_policy(read_policies(connection, task), task)


def named_policy(policies: Mapping[int, LabelPolicy], task: TaskInfo) -> Policy:
    """Return the same by the names of the labels."""
    return Policy(
        {
            label.name: OperatorChoice(
                policies[label.id].operator, dict(policies[label.id].settings)
            )
            for label in task.labels
        },
        OperatorChoice("redact"),
    )


def _values(alias: Alias) -> Iterable[str]:
    return alias.label, alias.entity, alias.original, alias.alias
