"""What happens when the window meets an error of its own: a report, a sentence, and it goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType

from desktop.widgets.view import Strip
from engine.api import KnownError, tr, write_report

WENT_WRONG = tr("Something went wrong in the window; everything you did is on disk.")

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


def report_errors_to(strip: Strip) -> Hook:
    """Have uncaught errors reported and told in the strip; return the hook that was there."""

    def hook(
        kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        if not isinstance(error, Exception):
            sys.__excepthook__(kind, error, traceback)
            return
        try:
            path = write_report(error.with_traceback(traceback), doing="window")
        except KnownError as unwritten:
            strip.show_message(f"{WENT_WRONG} {unwritten.message}", repr(error), "error")
        else:
            written = tr("A report was written.")
            strip.show_message(f"{WENT_WRONG} {written}", str(path), "error")

    before = sys.excepthook
    sys.excepthook = hook
    return before
