"""The catalogue of base models in German: every sentence is there, and nothing else differs."""

from __future__ import annotations

import string
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import resources
from engine.registry.known_models import KnownBaseModel, known_models_in

SENTENCES = ("about", "limits", "languages")
ROOT = Path(resources.__path__[0])
ENGLISH = tomllib.loads((ROOT / "base_models.toml").read_text(encoding="utf-8"))
GERMAN = tomllib.loads((ROOT / "translations/de/base_models.toml").read_text(encoding="utf-8"))
PAIRS = tuple(zip(known_models_in("en"), known_models_in("de"), strict=True))


def rows(catalogue: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["hub_name"]: row for row in catalogue["model"]}


def test_there_are_the_same_models_each_with_its_sentences() -> None:
    english, german = rows(ENGLISH), rows(GERMAN)
    assert list(german) == list(english)
    assert len(german) == len(GERMAN["model"])
    for name, row in english.items():
        wanted = {"hub_name", *(field for field in SENTENCES if row.get(field))}
        assert set(german[name]) == wanted, name


@pytest.mark.parametrize(("english", "german"), PAIRS, ids=lambda model: model.name)
def test_only_what_is_said_differs(english: KnownBaseModel, german: KnownBaseModel) -> None:
    for field in fields(KnownBaseModel):
        before, after = getattr(english, field.name), getattr(german, field.name)
        if field.name in (*SENTENCES, "steps"):
            assert bool(after) == bool(before), field.name
            assert not after or after != before, field.name
        else:
            assert after == before, field.name


@pytest.mark.parametrize("weights", sorted(ENGLISH["bring"]))
def test_the_steps_are_as_many_and_what_is_typed_is_the_same(weights: str) -> None:
    english, german = ENGLISH["bring"][weights], GERMAN["bring"][weights]
    assert set(GERMAN["bring"]) == set(ENGLISH["bring"])
    for before, after in zip(english, german, strict=True):
        assert after.strip().partition("\n")[2] == before.strip().partition("\n")[2]
        assert _names(after) == _names(before)


def _names(step: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(step) if name}


def test_what_a_language_does_not_say_is_said_in_english() -> None:
    assert known_models_in("xx") == known_models_in("en")
