"""What can be put in the place of a passage without knowing any other passage."""

# Why not presidio-anonymizer: its mask writes one character for each that it covers, and so tells
# how long a name is; its hash has no key of the project (it is a plain digest, with at most a salt
# beside the text), so that names and telephone numbers can be found by trying them all; its
# pseudonyms need Faker and live only as long as the object; and it installs `cryptography` for an
# operator, encryption, that we do not have.

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import phonenumbers
import regex

from engine.core.errors import KnownError
from engine.core.language import tr, trc
from engine.deidentify.keyed import Keyed, normalised
from engine.deidentify.records import OPERATORS, OperatorChoice, Policy

MASK_CHARACTER = "█"
MASK_LENGTH = 5
HASH_LENGTH = 12
"""Characters of base32, 5 bits each: among a million strings two share a hash once in two
million projects."""

KINDS = ("person", "date", "phone", "email", "address", "shape")
"""What a passage is to the operator pseudonymise; shape is any number or code."""

_SETTINGS: dict[str, tuple[str, ...]] = {
    "redact": ("text",),
    "mask": ("character", "length", "keep_length", "keep_last"),
    "hash": ("length",),
    "pseudonymise": ("kind", "month_first", "region"),
    "keep": (),
}
_LONGEST_HASH = 52
_GRAPHEME = regex.compile(r"\X")


def redact(label: str, settings: Mapping[str, Any]) -> str:
    """The label in square brackets, or the setting `text` with {label} filled in."""
    return str(settings.get("text", "[{label}]")).replace("{label}", label)


def mask(string: str, settings: Mapping[str, Any]) -> str:
    """A row of one `character`, five unless `length` says otherwise, whatever it stands for.

    With `keep_length` the row is as long as the string, counted in graphemes. `keep_last` lets as
    many graphemes at the end stand, but only of a string more than twice as long.
    """
    character = str(settings.get("character", MASK_CHARACTER))
    kept = int(settings.get("keep_last", 0))
    graphemes = _GRAPHEME.findall(string)
    if len(graphemes) <= 2 * kept:
        kept = 0
    length = int(settings.get("length", MASK_LENGTH))
    if settings.get("keep_length", False):
        length = len(graphemes) - kept
    return character * length + "".join(graphemes[len(graphemes) - kept :])


def hashed(string: str, label: str, keyed: Keyed, settings: Mapping[str, Any]) -> str:
    """The label and a keyed hash of the string in base32, for example ``PERSON-mzxw6ytboi4d``.

    Strings that differ in case, white space or the form of their Unicode characters have the same
    hash. Nobody without the secret can tell whether a hash is that of a given string.
    """
    digest = base64.b32encode(keyed.digest("hash", normalised(string))).decode().lower()
    return f"{label}-{digest[: int(settings.get('length', HASH_LENGTH))]}"


def check_policy(policy: Policy) -> None:
    """Raise a KnownError if an operator or one of its settings is not known or makes no sense."""
    _check_choice(tr("every other label"), policy.default)
    for label, choice in policy.by_label.items():
        _check_choice(tr("the label “{label}”", label=label), choice)


def _check_choice(where: str, choice: OperatorChoice) -> None:
    if choice.operator not in OPERATORS:
        raise KnownError(
            tr(
                "The policy for {where} asks for “{operator}”, which is not an operator; choose "
                "one of {operators}.",
                where=where,
                operator=choice.operator,
                operators=", ".join(OPERATORS),
            )
        )
    for name, value in choice.settings.items():
        if name not in _SETTINGS[choice.operator]:
            known = ", ".join(_SETTINGS[choice.operator]) or trc("settings", "none")
            raise KnownError(
                tr(
                    "The policy for {where} has the setting “{name}”, which {operator} does not "
                    "know; its settings are: {known}.",
                    where=where,
                    name=name,
                    operator=choice.operator,
                    known=known,
                )
            )
        wrong = _what_is_wrong(choice.operator, name, value)
        if wrong:
            raise KnownError(
                tr(
                    "The policy for {where} has a {name} of {value}; {wrong}.",
                    where=where,
                    name=name,
                    value=repr(value),
                    wrong=wrong,
                )
            )


def _what_is_wrong(operator: str, name: str, value: object) -> str:
    if name in ("length", "keep_last"):
        least, most = (6, _LONGEST_HASH) if operator == "hash" else (int(name == "length"), 100)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            return tr("it must be a whole number from {least} to {most}", least=least, most=most)
    elif name in ("keep_length", "month_first"):
        if not isinstance(value, bool):
            return tr("it must be true or false")
    elif not isinstance(value, str):
        return tr("it must be a text")
    elif name == "character" and len(value) != 1:
        return tr("it must be one character")
    elif name == "region" and value not in phonenumbers.SUPPORTED_REGIONS:
        return tr("it must be two capital letters such as GB or DE")
    elif name == "kind" and value not in KINDS:
        return tr("it must be one of {kinds}", kinds=", ".join(KINDS))
    return ""
