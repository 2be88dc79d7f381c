"""The language that people read: English as it stands in the source, or another by a catalogue.

Whoever starts a process chooses its language before anything is said, once; the command line and a
notebook choose none and read English. Catalogues are gettext's, written by
``packaging/translations.py`` from ``resources/translations/<language>/glossator.po``.

A text in the source is whole, with a name in braces where a value goes: never put together from
pieces, since the order of words is another in every language.
"""

from __future__ import annotations

import gettext
import string
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

ENGLISH = "en"
ENVIRONMENT = "GLOSSATOR_LANGUAGE"
"""The variable that tells a worker process the language of the one that started it."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language in its own words, and how it writes numbers."""

    name: str
    group: str
    decimal: str
    percent: str


LANGUAGES: Mapping[str, Language] = {
    ENGLISH: Language("English", group=",", decimal=".", percent="%"),
    "de": Language("Deutsch", group=".", decimal=",", percent="\N{NO-BREAK SPACE}%"),
}
"""By their ISO 639-1 codes."""


class _Spoken:
    """The choice of this process."""

    def __init__(self) -> None:
        self.code = ENGLISH
        self.catalogue: gettext.NullTranslations | None = None
        self.said_something = False


_spoken = _Spoken()


def choose_language(code: str) -> None:
    """Speak this language from now on; one that there is no catalogue of is English.

    Raises:
        RuntimeError: if something was said already in another language; a window half in one
            language and half in the other helps nobody.
    """
    code = code if code in LANGUAGES else ENGLISH
    if code == _spoken.code:
        return
    use_catalogue(code, _catalogue(code))


def use_catalogue(code: str, catalogue: gettext.NullTranslations | None) -> None:
    """Speak by a catalogue that the caller brings, and write numbers as `code` does.

    Raises:
        RuntimeError: as `choose_language`.
    """
    if _spoken.said_something:
        raise RuntimeError("the language is chosen before the first text is asked for")
    _spoken.code = code
    _spoken.catalogue = catalogue


def _catalogue(code: str) -> gettext.NullTranslations | None:
    if code == ENGLISH:
        return None
    path = files("resources").joinpath("translations", code, "glossator.mo")
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def chosen_language() -> str:
    """Return the code of the language that this process speaks."""
    return _spoken.code


def tr(text: str, /, **values: Any) -> str:
    """Return a text in the language chosen, with `values` where their names stand in braces.

    `text` is a literal, so that it is found for the catalogue. Numbers among the values are written
    as the language does: ``tr("{n:,} texts", n=1234)`` is "1,234 texts" or "1.234 Texte".
    """
    _spoken.said_something = True
    if _spoken.catalogue is not None and text:
        text = _spoken.catalogue.gettext(text)
    return _filled(text, values) if values else text


def trn(one: str, many: str, number: int, /, **values: Any) -> str:
    """Return the text that goes with a number, which stands in it as ``{n}``: as `tr`."""
    _spoken.said_something = True
    if _spoken.catalogue is not None:
        text = _spoken.catalogue.ngettext(one, many, number)
    else:
        text = one if number == 1 else many
    return _filled(text, {"n": number, **values})


def trc(context: str, text: str, /) -> str:
    """Return a word that means different things in different places: `context` says which.

    ``trc("a view", "Train")`` and ``trc("a part of the texts", "train")``.
    """
    _spoken.said_something = True
    return text if _spoken.catalogue is None else _spoken.catalogue.pgettext(context, text)


def mark(text: str, /) -> str:
    """Return `text` as it is: a constant that is translated by `tr` where it is said."""
    return text


def number_text(value: float, spec: str = ",") -> str:
    """Return a number as the language writes it; `spec` is Python's, such as ",", ".2f", ".0%"."""
    return _numbers.format_field(value, spec)


class _Numbers(string.Formatter):
    """Fills in values, with the signs in numbers that the language has."""

    def format_field(self, value: Any, format_spec: str) -> str:
        written = str(format(value, format_spec))
        language = LANGUAGES.get(_spoken.code)
        if language is None or _spoken.code == ENGLISH or not isinstance(value, (int, float)):
            return written
        signs = {",": language.group, ".": language.decimal, "%": language.percent}
        return "".join(signs.get(sign, sign) for sign in written)


_numbers = _Numbers()


def _filled(text: str, values: Mapping[str, Any]) -> str:
    # The same for English, and five times as fast.
    return text.format(**values) if _spoken.code == ENGLISH else _numbers.vformat(text, (), values)
