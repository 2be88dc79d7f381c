"""JSON, one object a line, or one array of objects; read without ever holding the whole file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import mark, tr
from engine.interchange.raw_row import RawRow
from engine.interchange.text_stream import LONGEST_LINE, TextStream

_CHUNK = 1 << 16  # characters
_SPACE = re.compile(r"[ \t\r\n]*")
# NaN and Infinity are not JSON, but Python writes them; nothing downstream could store them.
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)


class JsonLinesReader:
    """The rows of a JSON Lines file; see `RowReader`. A broken line is a row with a problem."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._stream = TextStream(path, encoding, newline="\n")

    @property
    def position(self) -> int:
        """Bytes of the file read so far."""
        return self._stream.position

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def __iter__(self) -> Iterator[RawRow]:
        """Yield the rows; blank lines do not count."""
        number = 0
        for line in self._stream:
            stripped = line.strip(" \t\r\n\ufeff")
            if not stripped:
                continue
            number += 1
            at = self._stream.line
            if len(line) == LONGEST_LINE:
                problem = tr(
                    "line {line} is longer than {most:,} characters", line=at, most=LONGEST_LINE
                )
                yield RawRow(number, problem=problem)
                continue
            try:
                value = _DECODER.decode(stripped)
            except RecursionError:
                yield RawRow(number, problem=tr("line {line} is nested too deeply", line=at))
            except ValueError as error:
                problem = tr(
                    "line {line} is not valid JSON ({reason})", line=at, reason=_reason(error)
                )
                yield RawRow(number, problem=problem)
            else:
                yield _row(number, value, mark("line {n} is not a JSON object"), at)


class JsonArrayReader:
    """The rows of a file that is one JSON array; see `RowReader`."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._stream = TextStream(path, encoding, newline="")
        self._name = path.name
        self._buffer = ""
        self._at = 0
        self._lines_before = 1  # the line on which the buffer begins
        self._at_end = False

    @property
    def position(self) -> int:
        """Bytes of the file read so far."""
        return self._stream.position

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def __iter__(self) -> Iterator[RawRow]:
        """Yield the rows.

        Raises:
            KnownError: where the array is broken; what follows could not be told apart.
        """
        if self._next_character() == "\ufeff":
            self._at += 1
        if self._next_character() != "[":
            raise self._broken(tr("it does not begin with “[”"))
        self._at += 1
        if self._next_character() == "]":
            return
        number = 0
        while True:
            number += 1
            yield _row(number, self._value(), mark("item {n} is not a JSON object"), number)
            follows = self._next_character()
            if follows == "]":
                return
            if follows != ",":
                raise self._broken(
                    tr("a comma or “]” is missing") if follows else tr("it ends too early")
                )
            self._at += 1

    def _next_character(self) -> str:
        while True:
            match = _SPACE.match(self._buffer, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._fill(_CHUNK):
                return ""

    def _value(self) -> Any:
        self._next_character()
        wanted = _CHUNK
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except RecursionError:
                raise self._broken(tr("it is nested too deeply")) from None
            except ValueError as error:
                # Either the text is wrong, or the buffer ends inside the value.
                inside = isinstance(error, json.JSONDecodeError) and (
                    error.msg.startswith("Unterminated") or error.pos > len(self._buffer) - 16
                )
                if not inside or self._at_end or wanted > LONGEST_LINE:
                    raise self._broken(_reason(error)) from None
            else:
                # A number at the buffer's end may go on in the next chunk.
                if end < len(self._buffer) or self._at_end:
                    self._at = end
                    return value
            self._fill(wanted)
            wanted *= 2

    def _fill(self, characters: int) -> bool:
        more = self._stream.read(characters)
        self._at_end = not more
        self._lines_before += self._buffer.count("\n", 0, self._at)
        self._buffer = self._buffer[self._at :] + more
        self._at = 0
        return bool(more)

    def _broken(self, reason: str) -> KnownError:
        line = self._lines_before + self._buffer.count("\n", 0, self._at)
        return KnownError(
            tr(
                "{file} is not valid JSON from line {line} on ({reason}), so nothing was imported; "
                "repair the file, or write one object a line as JSON Lines.",
                file=self._name,
                line=line,
                reason=reason,
            )
        )


def _row(number: int, value: Any, otherwise: str, at: int) -> RawRow:
    """Return a row; `otherwise` says of the place `at` in the file that it is none."""
    if isinstance(value, dict):
        return RawRow(number, value)
    if isinstance(value, str):
        return RawRow(number, {"text": value})
    return RawRow(number, problem=tr(otherwise, n=at))


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return tr("{error} at character {place}", error=error.msg, place=error.pos + 1)
    return str(error)
