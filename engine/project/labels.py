"""The rules for labels: names, keys and colours, and which are next when nobody chose."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.project.rows import IDENTIFIERS, LabelInfo

LONGEST_NAME = 80

RESERVED_KEYS = frozenset("acfgklz")
"""Letters that the Annotate view uses for itself; no label can have them."""

KEYS = "123456789" + "".join(c for c in "qwertyuiopasdfghjklzxcvbnm" if c not in RESERVED_KEYS)
"""Keys a label can have, in the order they are given out."""

COLORS = (
    # Okabe and Ito, "Color Universal Design": told apart with any kind of colour vision.
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
    "#000000",
    # Tableau 10
    "#4E79A7",
    "#F28E2B",
    "#E15759",
    "#76B7B2",
    "#59A14F",
    "#EDC948",
    "#B07AA1",
    "#FF9DA7",
    "#9C755F",
    "#BAB0AC",
)
"""Colours in the order they are given out."""


def checked_name(name: str, others: Iterable[LabelInfo]) -> str:
    """Return the name without space around it.

    Raises:
        KnownError: if it is empty, too long, or differs from another label only by case.
    """
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not name:
        raise KnownError(tr("A label needs a name; nothing was changed."))
    if len(name) > LONGEST_NAME:
        raise KnownError(
            tr(
                "The label name “{start}…” has {length} characters; {allowed} are allowed.",
                start=name[:20],
                length=len(name),
                allowed=LONGEST_NAME,
            )
        )
    for other in others:
        if other.name.casefold() == name.casefold():
            raise KnownError(
                tr("There is already a label “{other}”; choose another name.", other=other.name)
            )
    return name


def checked_key(key: str, others: Iterable[LabelInfo]) -> str:
    """Return the key in lower case; "" stays "" (a label without a key).

    Raises:
        KnownError: if the program uses the key itself, another label has it, or it is no key.
    """
    key = key.strip().lower()
    if not key:
        return ""
    if key in RESERVED_KEYS:
        raise KnownError(
            tr(
                "The key “{key}” is one that the program uses itself; choose a digit from 1 to 9 "
                "or one of the letters {letters}.",
                key=key,
                letters=" ".join(KEYS[9:]),
            )
        )
    if key not in KEYS or len(key) != 1:
        raise KnownError(
            tr(
                "“{key}” cannot be the key of a label; choose a digit from 1 to 9 or one of the "
                "letters {letters}.",
                key=key,
                letters=" ".join(KEYS[9:]),
            )
        )
    for other in others:
        if other.key == key:
            raise KnownError(
                tr(
                    "The key “{key}” belongs to the label “{other}” already.",
                    key=key,
                    other=other.name,
                )
            )
    return key


def checked_color(color: str) -> str:
    """Return the colour as ``#RRGGBB`` in capitals.

    Raises:
        KnownError: if it is not such a colour.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise KnownError(
            tr(
                "“{color}” is not a colour; write it like {example}.",
                color=color,
                example=COLORS[0],
            )
        )
    return color.upper()


def checked_identifier(identifier: str) -> str:
    """Return what the passages of a label give away, one of rows.IDENTIFIERS.

    Raises:
        KnownError: if it is none of them.
    """
    if identifier not in IDENTIFIERS:
        raise KnownError(
            tr(
                "“{identifier}” is no kind of identifier; it is one of {kinds}.",
                identifier=identifier,
                kinds=", ".join(IDENTIFIERS),
            )
        )
    return identifier


def next_key(others: Iterable[LabelInfo]) -> str:
    """Return the first key that is free, or "" if all are taken."""
    taken = {other.key for other in others}
    return next((key for key in KEYS if key not in taken), "")


def next_color(others: Iterable[LabelInfo]) -> str:
    """Return the first colour that is free; once all are taken, they start over."""
    used = [other.color for other in others]
    return min(COLORS, key=used.count)
