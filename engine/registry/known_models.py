"""The catalogue of base models that people bring: ``resources/base_models.toml``.

It knows what a folder from the hub may not say: how the tokens of an encoder become one vector, and
the words that it wants before a text. What it says in sentences stands in other languages in
``resources/translations/<language>/base_models.toml``, in English where it is missing there.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from engine.core.language import chosen_language
from engine.registry.base_models import name_of_added

_HUB_CACHE = "models--"
"""How the download tools of the hub call the folder of a model: models--intfloat--e5-base-v2."""


@dataclass(frozen=True, slots=True)
class KnownBaseModel:
    """A base model of the catalogue.

    `parameters` are millions and `megabytes` those of the weights, both rounded, 0 where unknown;
    `max_length` is in tokens, 0 where unknown. `good_for` are methods of `engine.jobs.spec.METHODS`
    and "search". `pooling` is one of `engine.inference.pooling.MODES`, or "" for an encoder that
    was not trained to make vectors. `query_prefix` and `passage_prefix` stand before what is looked
    for and what is found, `prefix` before a text where nothing is looked for. `works` is false
    where Glossator refuses it, and `limits` says in a sentence what works and what does not.
    `cased` says that capital letters matter although the page's tokenizer does not say so. `steps`
    are sentences: how it comes to a machine without internet; what follows the end of a line in one
    of them is to be typed.
    """

    hub_name: str
    family: str
    about: str
    good_for: tuple[str, ...]
    steps: tuple[str, ...]
    weights: str
    licence: str = ""
    languages: str = ""
    parameters: int = 0
    megabytes: int = 0
    max_length: int = 0
    pooling: str = ""
    normalize: bool = False
    query_prefix: str = ""
    passage_prefix: str = ""
    prefix: str = ""
    cased: bool = False
    works: bool = True
    limits: str = ""

    @property
    def name(self) -> str:
        """The name without that of its makers: "e5-base-v2"."""
        return self.hub_name.rsplit("/", 1)[-1]

    @property
    def page(self) -> str:
        """The address of its page, for a browser."""
        return f"https://huggingface.co/{self.hub_name}"


def list_known_models() -> tuple[KnownBaseModel, ...]:
    """Return the catalogue in its own order: encoders for labels first, then sentence encoders,
    and last what is refused."""
    return known_models_in(chosen_language())


@cache
def known_models_in(language: str) -> tuple[KnownBaseModel, ...]:
    """Return the catalogue with its sentences in a language of `engine.core.language.LANGUAGES`."""
    content, said = _read("base_models.toml"), _read(f"translations/{language}/base_models.toml")
    sentences = {table["hub_name"]: table for table in said.get("model", ())}
    bring = {**content["bring"], **said.get("bring", {})}
    return tuple(
        _model({**table, **sentences.get(table["hub_name"], {})}, bring)
        for table in content["model"]
    )


def _read(name: str) -> dict[str, Any]:
    """Return what a file of the resources says; nothing where there is none."""
    import resources

    path = Path(resources.__path__[0]) / name
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def find_known_model(folder: Path) -> KnownBaseModel | None:
    """Return what the catalogue knows of the model in a folder, recognised by name.

    The name is the one that it was added under, or the folder's: short, with its makers' folder
    above it, or as the hub's own cache has it.
    """
    called = {name.casefold() for name in (name_of_added(folder), *_names(folder)) if name}
    for model in list_known_models():
        if {model.hub_name.casefold(), model.name.casefold()} & called:
            return model
    return None


def find_by_name(hub_name: str) -> KnownBaseModel | None:
    """Return what the catalogue knows of the model with this name on the hub."""
    wanted = hub_name.casefold()
    return next((one for one in list_known_models() if one.hub_name.casefold() == wanted), None)


def _names(folder: Path) -> list[str]:
    # In the hub's cache the folder is models--<makers>--<name>/snapshots/<hash>.
    cached = [part.name for part in folder.parents if part.name.startswith(_HUB_CACHE)]
    spelt = [name.removeprefix(_HUB_CACHE).replace("--", "/") for name in cached]
    return [folder.name, folder.name.replace("--", "/"), *spelt]


def _model(table: dict[str, Any], bring: dict[str, list[str]]) -> KnownBaseModel:
    words = {
        "hub_name": table["hub_name"],
        "short_name": table["hub_name"].rsplit("/", 1)[-1],
        # The part that guesses words comes along where it was trained.
        "loader": "AutoModelForMaskedLM" if "mlm" in table["good_for"] else "AutoModel",
        # Or transformers would write a tokenizer that reads everything in lower case.
        "case": ", do_lower_case=False" if table.get("cased") else "",
    }
    steps = tuple(step.format(**words).strip() for step in bring[table["weights"]])
    return KnownBaseModel(
        **{
            **table,
            "good_for": tuple(table["good_for"]),
            "steps": steps if table.get("works", True) else (),
        }
    )
