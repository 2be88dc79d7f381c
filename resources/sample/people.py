"""Invented people and the particulars by which they could be found.

Towns, streets and postcode areas do not exist; telephone numbers come from the ranges that the
British regulator keeps free for fiction; e-mail domains are the reserved example domains.
"""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

_POSTCODE_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_PHONE_RANGES = ("01632 960{:03d}", "07700 900{:03d}", "020 7946 0{:03d}", "0808 157 0{:03d}")
_DOMAINS = ("example.org", "example.com", "example.net")


@dataclass(frozen=True)
class Person:
    """Somebody in a case. `title` is what a letter would call them; `woman` chooses pronouns."""

    given: str
    family: str
    title: str
    woman: bool

    @property
    def full(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def initial(self) -> str:
        return f"{self.given[0]}. {self.family}"


def invent_person(rng: Random) -> Person:
    woman = rng.random() < 0.5
    title = rng.choice(("Mrs", "Ms", "Ms", "Dr") if woman else ("Mr", "Mr", "Mr", "Dr"))
    given = rng.choice(_names()["women" if woman else "men"])
    return Person(given, rng.choice(_names()["families"]), title, woman)


def invent_family_name(rng: Random, *, other_than: str) -> str:
    return rng.choice([name for name in _names()["families"] if name != other_than])


def invent_address(rng: Random) -> str:
    """One line: house, street, town, postcode."""
    house = str(rng.randint(1, 148))
    if rng.random() < 0.2:
        house = rng.choice((f"Flat {rng.randint(1, 9)}, {house}", f"{house}{rng.choice('abc')}"))
    letters = "".join(rng.choice(_POSTCODE_LETTERS) for _ in range(2))
    area = rng.choice(_names()["postcode_areas"])
    postcode = f"{area}{rng.randint(1, 19)} {rng.randint(1, 9)}{letters}"
    return f"{house} {rng.choice(_names()['streets'])}, {rng.choice(_names()['towns'])} {postcode}"


def invent_phone(rng: Random) -> str:
    return rng.choice(_PHONE_RANGES).format(rng.randint(0, 999))


def invent_email(rng: Random, person: Person) -> str:
    given, family = _ascii(person.given), _ascii(person.family)
    local = rng.choice(
        (f"{given}.{family}", f"{given[0]}{family}", f"{family}{rng.randint(2, 89)}")
    )
    return f"{local}@{rng.choice(_DOMAINS)}"


@cache
def _names() -> dict[str, list[str]]:
    return tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))


def _ascii(name: str) -> str:
    spelled = name.lower().replace("ß", "ss").replace("ø", "o").replace("ł", "l").replace("ı", "i")
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return "".join(character for character in plain if character.isalnum())
