"""The two kinds of error, told apart by who has to act.

A `KnownError` is the world's fault: a full disk, a broken file, a missing column. Its message is
one sentence a person can act on, and nothing was lost. A `BugError` is ours: it is written to a
report file, and the project stays intact. The distinction follows qutebrowser's ``misc/sql.py``.
"""

from __future__ import annotations


class GlossatorError(Exception):
    """Base of every error that Glossator raises on purpose."""


class KnownError(GlossatorError):
    """Something outside the program went wrong; the message says what, where, and what to do.

    `details` holds what helps a technician (a traceback, a path) and is shown only when asked for.
    """

    def __init__(self, message: str, *, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class BugError(GlossatorError):
    """The program broke one of its own promises; `report` is the file that describes it."""

    def __init__(self, message: str, *, report: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.report = report
