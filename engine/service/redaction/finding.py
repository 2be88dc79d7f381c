"""Who looks for passages in the texts of a project: the chosen model, and the rules."""

from __future__ import annotations

import sqlite3

from engine.project.rows import TaskInfo
from engine.service.redaction.material import Finders, finders_of


def project_finders(
    connection: sqlite3.Connection, task: TaskInfo, model_id: int | None, *, patterns: bool
) -> Finders:
    """Return who looks for passages where nobody has marked any.

    Raises:
        KnownError: if there is no such model, or it was trained for another task.
    """
    return finders_of(connection, task, model_id, None)
