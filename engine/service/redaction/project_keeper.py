"""A project as the keeper of secret and aliases, for whoever redacts files without an engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.deidentify.records import Policy

if TYPE_CHECKING:
    from engine.deidentify.alias_book import AliasRow


class ProjectKeeper:
    """Opens the project for as long as each answer takes, and only then.

    Every method raises KnownError if the project cannot be opened, such as while a window holds it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = 0

    def policy(self) -> Policy:
        """Return what the project does with the passages of each label; others are redacted."""
        from engine.project.project import open_project
        from engine.service.redaction.redacting import policy_of

        with open_project(self._path) as project:
            return policy_of(project.connection, project.info().task)

    def secret(self) -> bytes:
        """Return the project's secret, which is drawn on first use."""
        from engine.project.project import open_project
        from engine.project.redaction import secret_of

        with open_project(self._path) as project:
            return secret_of(project)

    def aliases(self) -> Sequence[AliasRow]:
        """Return the aliases of the project."""
        from engine.deidentify.alias_book import AliasRow
        from engine.project.project import open_project
        from engine.project.redaction import read_aliases

        with open_project(self._path) as project:
            rows = read_aliases(project.connection)
        self._known = len(rows)
        return [AliasRow(row.label, row.entity, row.original, row.alias) for row in rows]

    def store_aliases(self, rows: Sequence[AliasRow]) -> None:
        """Keep those aliases that are new; an entity that has one keeps it."""
        from engine.project.project import open_project
        from engine.project.redaction import Alias, store_aliases

        if len(rows) > self._known:
            with open_project(self._path) as project:
                store_aliases(
                    project, [Alias(row.label, row.key, row.original, row.alias) for row in rows]
                )
