"""Days and times as the language writes them, on the clock of this machine.

`moment` is an ISO 8601 time everywhere, or "" where there is none, which stays "".
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale

from engine.api import chosen_language, tr


def day_words(moment: str) -> str:
    """Return the day: "21 Nov 2026"."""
    # Translators: a day as QDateTime.toString writes it; MMM is the month.
    return _written(moment, tr("d MMM yyyy"))


def long_day_words(moment: str) -> str:
    """Return the day in a sentence: "21 November 2026"."""
    return _written(moment, tr("d MMMM yyyy"))


def moment_words(moment: str) -> str:
    """Return the day and the time: "21 Nov 2026, 20:45"."""
    return _written(moment, tr("d MMM yyyy, HH:mm"))


def short_moment_words(moment: str) -> str:
    """Return the day and the time without the year: "21 Nov 20:45"."""
    return _written(moment, tr("d MMM HH:mm"))


def _written(moment: str, pattern: str) -> str:
    if not moment:
        return ""
    local = datetime.fromisoformat(moment).astimezone()
    day = QDateTime(local.year, local.month, local.day, local.hour, local.minute, local.second)
    # Not strftime: its months are those of the system's language, whatever ours is.
    return QLocale(chosen_language()).toString(day, pattern)
