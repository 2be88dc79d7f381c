"""Reads the phrases, which are kept as data in the folder `phrases`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Incident:
    """One kind of loss: clauses for what happened, noun phrases for the matter and the cost.

    `months` are those in which it can happen, 1 to 12.
    """

    event: tuple[str, ...]
    detail: tuple[str, ...]
    thing: tuple[str, ...]
    loss: tuple[str, ...]
    proof: str
    months: tuple[int, ...]


@dataclass(frozen=True)
class Product:
    """A kind of insurance, what people ask about it, and why they no longer need it."""

    name: str
    topic: tuple[str, ...]
    moot: tuple[str, ...]


class PhraseBook:
    """All phrases by file, voice, move and situation."""

    def __init__(self, tables: dict[str, dict[str, Any]], products: dict[str, Any]) -> None:
        self._tables = tables
        self.products = {
            key: Product(entry["name"], tuple(entry["topic"]), tuple(entry["moot"]))
            for key, entry in products.items()
        }
        self.incidents = {
            key: tuple(
                Incident(
                    tuple(incident["event"]),
                    tuple(incident["detail"]),
                    tuple(incident["thing"]),
                    tuple(incident["loss"]),
                    incident["proof"],
                    tuple(incident.get("months", range(1, 13))),
                )
                for incident in entry["incidents"]
            )
            for key, entry in products.items()
        }

    def phrases(self, file: str, voice: str, move: str, situation: str = "any") -> list[str]:
        """The templates for a move, those for any situation included; empty where none is kept."""
        table = self._tables[file].get(voice, {}).get(move, {})
        return [
            template
            for key, templates in table.items()
            if key == "any" or situation in key.split("+")
            for template in templates
        ]

    def every_phrase(self) -> list[tuple[str, str, str, str, str]]:
        """(file, voice, move, situations, template) for each phrase of the book."""
        return [
            (file, voice, move, situations, template)
            for file, voices in self._tables.items()
            for voice, moves in voices.items()
            for move, table in moves.items()
            for situations, templates in table.items()
            for template in templates
        ]


@cache
def load_phrase_book() -> PhraseBook:
    tables: dict[str, dict[str, Any]] = {}
    products: dict[str, Any] = {}
    folder = files(__package__) / "phrases"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.startswith("product_"):
            key = entry.name.removeprefix("product_").removesuffix(".toml")
            products[key] = tomllib.loads(entry.read_text(encoding="utf-8"))
        elif entry.name.endswith(".toml"):
            key = entry.name.removesuffix(".toml")
            tables[key] = tomllib.loads(entry.read_text(encoding="utf-8"))
    return PhraseBook(tables, products)
