"""A process speaks one language, chosen before its first word."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from engine.core.language import LANGUAGES, choose_language, chosen_language, number_text, tr, trn


def said_in_a_fresh_process(code: str) -> list[str]:
    result = subprocess.run(
        [sys.executable, "-c", f"from engine.core.language import *\n{code}"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=60,
        check=True,
    )
    return result.stdout.splitlines()


def test_english_is_what_stands_in_the_source() -> None:
    assert chosen_language() == "en"
    assert tr("{n:,} of {part:.1%}", n=12345, part=0.5) == "12,345 of 50.0%"
    assert tr("Braces {stay} where nothing is filled in") == (
        "Braces {stay} where nothing is filled in"
    )


def test_a_number_picks_its_form() -> None:
    assert [trn("one text", "{n:,} texts", number) for number in (0, 1, 2000)] == [
        "0 texts",
        "one text",
        "2,000 texts",
    ]


def test_another_language_speaks_by_its_catalogue_and_writes_its_own_numbers() -> None:
    said = said_in_a_fresh_process(
        "choose_language('de')\n"
        "print(tr('Cancel'))\n"
        "print(tr('{n:,} {share:.1%} {name}', n=12345.5, share=0.25, name='1,2.txt'))\n"
        "print(number_text(1234), number_text(0.5, '.2f'), number_text(7, '03d'))"
    )
    assert said == ["Abbrechen", "12.345,5 25,0\N{NO-BREAK SPACE}% 1,2.txt", "1.234 0,50 007"]


def test_what_no_catalogue_knows_is_said_in_english() -> None:
    said = said_in_a_fresh_process(
        "choose_language('de')\n"
        "print(tr('A sentence that {nobody} wrote', nobody='nobody'))\n"
        "print(repr(tr('')))"
    )
    assert said == ["A sentence that nobody wrote", "''"]


def test_a_language_without_a_catalogue_is_english() -> None:
    assert said_in_a_fresh_process("choose_language('tlh')\nprint(tr('Cancel'))") == ["Cancel"]


def test_the_language_does_not_change_after_the_first_word() -> None:
    assert tr("Cancel") == "Cancel"
    with pytest.raises(RuntimeError, match="before the first text"):
        choose_language("de")
    assert (tr("Cancel"), chosen_language()) == ("Cancel", "en")
    choose_language("en")


def test_the_engine_says_nothing_before_it_is_asked() -> None:
    """Constants of the engine are loaded before the language is chosen."""
    code = (
        "import importlib, pkgutil, engine\n"
        "import engine.api, engine.cli.main\n"
        "for room in ('cli', 'core', 'deidentify', 'interchange', 'jobs', 'project', 'registry',"
        " 'service'):\n"
        "    package = importlib.import_module(f'engine.{room}')\n"
        "    for module in pkgutil.walk_packages(package.__path__, f'engine.{room}.'):\n"
        "        if not module.name.endswith('__main__'):\n"
        "            importlib.import_module(module.name)\n"
        "choose_language('de')\n"
        "print(tr('Cancel'))"
    )
    assert said_in_a_fresh_process(code) == ["Abbrechen"]


def test_a_worker_speaks_as_the_one_who_started_it() -> None:
    said = said_in_a_fresh_process(
        "choose_language('de')\n"
        "from engine.jobs.launch import worker_environment\n"
        "print(worker_environment()['GLOSSATOR_LANGUAGE'])"
    )
    assert said == ["de"]


def test_numbers_follow_python_in_english() -> None:
    assert number_text(1234.5, ",.2f") == "1,234.50"
    assert set(LANGUAGES) == {"en", "de"}
