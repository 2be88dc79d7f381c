"""What happens when the window meets an error of its own: a report, a sentence, and it goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType

from desktop.widgets.view import Strip
from engine.api import write_report

SENTENCE = (
    "Something went wrong in the window; everything you did is on disk. A report was written."
)

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


def report_errors_to(strip: Strip) -> Hook:
    """Have uncaught errors reported and told in the strip; return the hook that was there."""

    def hook(
        kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        if not isinstance(error, Exception):
            sys.__excepthook__(kind, error, traceback)
            return
        path = write_report(error.with_traceback(traceback), doing="window")
        strip.show_message(SENTENCE, str(path), "error")

    before = sys.excepthook
    sys.excepthook = hook
    return before
