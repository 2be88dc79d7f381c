"""Where the strings of a JSON text lie, so that one can change and all else stay as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class JsonString:
    """A string's place, quotation marks included (code points of the file), and its value.

    `field` is the name of the record's field in which it stands, "" for a record that is nothing
    but a string.
    """

    start: int
    end: int
    value: str
    field: str


def strings_of(source: str, start: int, end: int, *, depth: int = 0) -> Iterator[JsonString]:
    """Yield every string value between two places of a valid JSON text; names are no values.

    Args:
        source: the text.
        start: where to begin, in code points.
        end: where to stop.
        depth: how many arrays the records stand in: 0 for a record itself, 1 for a list of them.
    """
    opened: list[str] = []
    field = ""
    name = False  # whether the next string is one
    for token in _TOKEN.finditer(source, start, end):
        sign = token[0]
        if sign in "{[":
            opened.append(sign)
            name = sign == "{"
        elif sign in "}]":
            opened.pop()
            name = False
            if len(opened) <= depth:
                field = ""
        elif sign == ",":
            name = opened[-1:] == ["{"]
        elif sign == ":":
            name = False
        elif not name:
            yield JsonString(token.start(), token.end(), json.loads(sign), field)
        elif len(opened) == depth + 1:
            field = json.loads(sign)


def written(string: JsonString, source: str, value: str) -> str:
    """Return a string as JSON, with characters escaped where `source` has them so."""
    literal = source[string.start : string.end]
    return json.dumps(value, ensure_ascii=literal.isascii())
