"""Gather what the program says into the catalogues of its translations, and compile them.

Each language is a file ``resources/translations/<language>/glossator.po``, which translators edit
with any editor for gettext, and ``glossator.mo`` beside it, which the program reads. After a text
in the source has changed:

    .venv/bin/python packaging/translations.py

New texts appear in the .po without a translation and are shown in English until they have one;
those that nobody says any more are dropped. ``--check`` changes nothing and lists what is missing.
"""

from __future__ import annotations

import argparse
import io
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from engine.core.language import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "resources" / "translations"
SOURCES = ("desktop", "engine")
KEYWORDS = {"tr": None, "mark": None, "trn": (1, 2), "trc": ((1, "c"), 2)}
"""The functions of `engine.core.language`, and which of their arguments are texts."""
# A date would make every run's file another one.
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)


def gather(paths: Iterator[Path] | None = None) -> Catalog:
    """Return all that the source says, with the files that say it."""
    catalog = Catalog(project="Glossator", charset="utf-8", creation_date=UNDATED)
    for path in sorted(paths or (path for name in SOURCES for path in (ROOT / name).rglob("*.py"))):
        for _, message, comments, context in extract_from_file(
            "python", path, keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            place = (path.relative_to(ROOT).as_posix(), 0)  # files alone: lines change too often
            catalog.add(message, locations=[place], auto_comments=comments, context=context)
    return catalog


def languages() -> list[str]:
    """Return the codes of the languages that have a folder."""
    return sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir())


def read(language: str) -> Catalog:
    """Return a language's catalogue; an empty one where there is none yet."""
    path = TRANSLATIONS / language / "glossator.po"
    if not path.exists():
        return Catalog(locale=language, project="Glossator", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, said: Catalog) -> Catalog:
    """Return a language's catalogue with exactly the texts of `said`."""
    catalog = read(language)
    catalog.update(said, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = "# Distributed under the licence of Glossator, Apache-2.0."
    catalog.project, catalog.version = "Glossator", "translations"
    catalog.msgid_bugs_address = catalog.last_translator = "the developers of Glossator"
    catalog.language_team = LANGUAGES[language].name
    catalog.creation_date = catalog.revision_date = UNDATED
    return catalog


def po_bytes(catalog: Catalog) -> bytes:
    """Return the catalogue as translators edit it."""
    file = io.BytesIO()
    write_po(file, catalog, width=100, sort_output=True, include_lineno=False)
    return file.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """Return the catalogue as the program reads it."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def complaints(catalog: Catalog) -> list[str]:
    """Return what is wrong with a catalogue, a line each."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        said = [message.id] if isinstance(message.id, str) else list(message.id)
        heard = [message.string] if isinstance(message.string, str) else list(message.string or "")
        if not heard or not all(heard):
            found.append(f"no translation: {said[0]!r} ({_places(message)})")
            continue
        wanted = fields(said[-1])
        # The singular may leave the number out: "One text" for "{n} texts".
        if any(not fields(text) <= wanted for text in heard) or fields(heard[-1]) != wanted:
            found.append(f"other names in braces: {heard[-1]!r} for {said[-1]!r}")
    return found


def fields(text: str) -> set[str]:
    """Return the names that stand in braces in a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _places(message: Message) -> str:
    return ", ".join(place for place, _ in message.locations[:2])


def main() -> int:
    """Update or check; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, say what is missing")
    check = parser.parse_args().check
    said = gather()
    wrong = []
    for language in languages():
        catalog = updated(language, said)
        wrong += [f"{language}: {line}" for line in complaints(catalog)]
        for name, content in (
            ("glossator.po", po_bytes(catalog)),
            ("glossator.mo", mo_bytes(catalog)),
        ):
            path = TRANSLATIONS / language / name
            if check and (not path.exists() or path.read_bytes() != content):
                wrong.append(f"{language}: {name} is not up to date")
            elif not check:
                path.write_bytes(content)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
