"""Reads the invented names and the lists of words, which are kept as data beside the code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def invented(name: str) -> tuple[str, ...]:
    """A list of names.toml."""
    return tuple(_table("names.toml")[name])


@cache
def words(name: str) -> frozenset[str]:
    """A list of words.toml, in small letters."""
    return frozenset(_table("words.toml")[name])


@cache
def kinds() -> dict[str, str]:
    """What the passages of a label are to the operator pseudonymise, by words of its name."""
    table: dict[str, list[str]] = _table("words.toml")["kinds"]
    return {word: kind for kind, words_of_kind in table.items() for word in words_of_kind}


@cache
def _table(file: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / file).read_text(encoding="utf-8"))
