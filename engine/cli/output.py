"""Where the command line writes: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TextIO

_QUIET = 3.0  # seconds between two lines of progress where there is no terminal to draw on
_BAR = 24  # characters


def prepare_streams() -> None:
    """Make both streams able to write every character; a windowed program may have none."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


class Output:
    """The two streams of one command.

    With `as_json`, `result` writes its data as the last line of standard output and keeps its
    words to itself; without, it writes the words.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._progress = ProgressLine(sys.stderr)

    def say(self, words: str) -> None:
        """Write a line for people, on standard error."""
        self._progress.clear()
        _write(sys.stderr, words)

    def progress(
        self, words: str, done: int = 0, total: int = 0, left: float | None = None
    ) -> None:
        """Show how far the work has come: `done` of `total`, with `left` seconds to go."""
        self._progress.show(words, done, total, left)

    def line(self, words: str) -> None:
        """Write a line of the result for people; nothing with --json."""
        self._progress.clear()
        if not self.as_json:
            _write(sys.stdout, words)

    def result(self, data: Mapping[str, Any], *words: str) -> None:
        """Write the result: the data as one JSON object, or the words a line each."""
        self._progress.clear()
        if self.as_json:
            _write(sys.stdout, json.dumps(data, ensure_ascii=False))
        else:
            for line in words:
                _write(sys.stdout, line)

    def close(self) -> None:
        """Wipe the progress line."""
        self._progress.clear()


class ProgressLine:
    """One line that is drawn over on a terminal, and a line now and then elsewhere."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._terminal = stream is not None and stream.isatty()
        self._drawn = 0
        self._due = 0.0
        self._words = ""

    def show(self, words: str, done: int, total: int, left: float | None) -> None:
        """Show a state of the work."""
        now = time.monotonic()
        text = words
        if total > 0:
            share = min(done / total, 1.0)
            filled = round(share * _BAR)
            bar = f"[{'#' * filled}{'.' * (_BAR - filled)}] " if self._terminal else ""
            text = f"{words}: {bar}{share:.0%}"
        if left is not None:
            text += f", {duration(left)} left"
        if self._terminal and self._stream is not None:
            _write(self._stream, "\r" + text.ljust(self._drawn), end="")
            self._drawn = len(text)
        elif words != self._words or now >= self._due:
            _write(self._stream, text)
            self._due = now + _QUIET
        self._words = words

    def clear(self) -> None:
        """Wipe the line off the terminal."""
        if self._drawn and self._stream is not None:
            _write(self._stream, "\r" + " " * self._drawn + "\r", end="")
            self._drawn = 0


def duration(seconds: float) -> str:
    """Return seconds as people say them: "8 s", "2 min 5 s", "1 h 10 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 text", "2,000 texts"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _write(stream: TextIO | None, text: str, end: str = "\n") -> None:
    if stream is None:
        return
    try:
        stream.write(text + end)
        stream.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough; the work itself goes on, and what is still
        # written, also by the interpreter on its way out, goes nowhere.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
