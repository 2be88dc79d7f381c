"""Every translation is whole: each text of the program, each page of the help."""

from __future__ import annotations

import gettext
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from engine.core.language import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "resources"
TRANSLATED = sorted(set(LANGUAGES) - {"en"})
PAGES = sorted(path.name for path in (RESOURCES / "help").glob("*.md"))


def test_every_language_has_a_catalogue() -> None:
    folders = {path.name for path in (RESOURCES / "translations").iterdir() if path.is_dir()}
    assert folders == set(TRANSLATED)


def test_every_text_has_a_translation_with_the_same_values_in_it() -> None:
    result = subprocess.run(
        [sys.executable, "packaging/translations.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert (result.stderr, result.returncode) == ("", 0)


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_help_names_the_same_keys_commands_and_pages(
    language: str, page: str
) -> None:
    english = (RESOURCES / "help" / page).read_text("utf-8")
    translated = (RESOURCES / "help" / language / page).read_text("utf-8")
    assert Counter(re.findall(r"`([^`]+)`", translated)) == Counter(
        re.findall(r"`([^`]+)`", english)
    )
    assert Counter(re.findall(r"\]\(([^)]+)\)", translated)) == Counter(
        re.findall(r"\]\(([^)]+)\)", english)
    )
    assert translated.count("\n#") == english.count("\n#")


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_help_uses_the_words_of_the_window(language: str, page: str) -> None:
    with (RESOURCES / "translations" / language / "glossator.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    english, translated = (
        re.findall(r"\*\*([^*]+)\*\*", path.read_text("utf-8"))
        for path in (RESOURCES / "help" / page, RESOURCES / "help" / language / page)
    )
    assert len(translated) == len(english)
    in_the_window = {word: catalogue.gettext(word) for word in english}
    assert {
        word: said
        for word, said in in_the_window.items()
        if said != word and said not in translated
    } == {}
