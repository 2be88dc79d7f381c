"""Lines of a text file, one at a time, with the place in the file for progress."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.interchange.encoding import ERRORS

LONGEST_LINE = 16_000_000  # characters; what is longer is not a line of anybody's texts


class TextStream:
    """An open text file that never raises for a broken byte and never holds more than a line.

    Args:
        path: the file.
        encoding: as `find_encoding` names it.
        newline: as for `open`; "" ends lines at any of ``\\n``, ``\\r`` and ``\\r\\n``.

    Raises:
        KnownError: here and while reading, if the file is gone or cannot be read.
    """

    def __init__(self, path: Path, encoding: str, newline: str) -> None:
        self._path = path
        try:
            self._bytes = path.open("rb")
        except OSError as error:
            raise self._unreadable(error) from error
        self._text = io.TextIOWrapper(
            self._bytes, encoding=encoding, errors=ERRORS, newline=newline
        )
        self.line = 0  # the number of the line read last, from 1

    @property
    def position(self) -> int:
        """Bytes read so far, a few kilobytes ahead of the line in hand."""
        return self._bytes.tell()

    def read(self, characters: int) -> str:
        """Return the next characters, or "" at the end."""
        try:
            return self._text.read(characters)
        except OSError as error:
            raise self._unreadable(error) from error

    def __iter__(self) -> Iterator[str]:
        """Yield the lines with their ends; a longer one than `LONGEST_LINE` is cut there."""
        while True:
            try:
                line = self._text.readline(LONGEST_LINE)
                if len(line) == LONGEST_LINE:
                    self._skip_rest(line)
            except OSError as error:
                raise self._unreadable(error) from error
            if not line:
                return
            self.line += 1
            yield line

    def _skip_rest(self, line: str) -> None:
        while line and not line.endswith(("\n", "\r")):
            line = self._text.readline(LONGEST_LINE)

    def _unreadable(self, error: OSError) -> KnownError:
        reason = error.strerror or str(error)
        return KnownError(
            tr(
                "{file} could not be read to its end: {reason}.",
                file=self._path.name,
                reason=reason,
            )
        )

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
