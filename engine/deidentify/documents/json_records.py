"""Records in JSON: one a line, or a list of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.files import atomic_write
from engine.core.language import tr, trn
from engine.deidentify.documents.document import (
    Edits,
    as_text,
    check_edits,
    check_target,
    edited,
    on_one_line,
)
from engine.deidentify.documents.encoded_text import EncodedText
from engine.deidentify.documents.json_strings import JsonString, strings_of, written
from engine.interchange.detect import DetectedFile

_LINE = re.compile(r"[^\n]+")
_STRING_OR_LONG_NUMBER = re.compile(r'"(?:[^"\\]++|\\.)*+"|(\d{7,})', re.DOTALL)
_BROKEN = "\n"  # the field of a line that is no JSON; no name of a field can be this by chance


class JsonDocument:
    """A file in JSON Lines, or one list of records in JSON; see `Document`.

    The texts are the strings in `field`, or with `field` None every string that is a value: names
    of fields and numbers are none. A line that is not JSON is a text as a whole, so that nothing in
    it is passed over. All else stays as it is written, byte for byte.

    Raises:
        KnownError: if the file cannot be read, or is meant to be a list and is not valid JSON.
    """

    def __init__(self, detected: DetectedFile, field: str | None) -> None:
        self.path = detected.path
        self._source = EncodedText(detected)
        strings = self._array() if detected.format == "json" else self._lines()
        found = list(strings)
        kept = (field, _BROKEN, "")
        self._strings = [one for one in found if field is None or one.field in kept]
        self._passed_over = len(found) - len(self._strings)
        self._field = field
        self.texts = tuple(as_text(one.value) for one in self._strings)

    def write(
        self, target: Path, edits: Sequence[Edits], *, overwrite: bool = False
    ) -> tuple[str, ...]:
        """Write the records with their edits: see `Document.write`."""
        check_target(self.path, target, overwrite=overwrite)
        check_edits(self.texts, edits)
        rewritten = []
        for one, changes in zip(self._strings, edits, strict=True):
            if changes:
                if one.field == _BROKEN:
                    new = edited(one.value, on_one_line(changes))
                else:
                    new = written(one, self._source.raw, edited(one.value, changes))
                rewritten.append((one.start, one.end, new))
        data, sentences = self._source.patched(rewritten)
        with atomic_write(target, "wb") as file:
            file.write(data)
        if self._passed_over:
            sentences += (
                tr(
                    "Only the field “{field}” was looked into; all others are as they were.",
                    field=self._field,
                ),
            )
        elif numbers := sum(
            bool(token[1]) for token in _STRING_OR_LONG_NUMBER.finditer(self._source.raw)
        ):
            sentences += (
                trn(
                    "{name} has {n:,} number of seven digits or more outside of its texts; numbers "
                    "are as they were.",
                    "{name} has {n:,} numbers of seven digits or more outside of its texts; "
                    "numbers are as they were.",
                    numbers,
                    name=self.path.name,
                ),
            )
        return sentences

    def _lines(self) -> Iterator[JsonString]:
        source = self._source.raw
        for line in _LINE.finditer(source):
            if not line[0].strip():
                continue
            try:
                json.loads(line[0].strip(" \t\r\ufeff"))
            except (ValueError, RecursionError):
                yield JsonString(line.start(), line.end(), line[0], _BROKEN)
            else:
                yield from strings_of(source, line.start(), line.end())

    def _array(self) -> Iterator[JsonString]:
        source = self._source.raw
        try:
            json.loads(source)
        except (ValueError, RecursionError) as error:
            raise KnownError(
                tr(
                    "{name} is not valid JSON ({error}), so nothing in it can be replaced; repair "
                    "the file, or write one object a line as JSON Lines.",
                    name=self.path.name,
                    error=error,
                )
            ) from None
        yield from strings_of(source, 0, len(source), depth=1)
