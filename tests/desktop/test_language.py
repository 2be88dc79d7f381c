"""The window speaks the language of the person, all of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from desktop.app import Desktop
from desktop.language import CHOICES, language_of, store_choice, stored_choice
from desktop.widgets.elided_label import ElidedLabel
from engine.api import CreateProject, Engine

WAIT = 15_000  # milliseconds
SHOWN = Path(__file__).with_name("shown_texts.py")


def shown_message(desktop: Desktop) -> str:
    return desktop.window.strip.findChild(ElidedLabel, "strip.message").text()


def texts_shown(language: str, *projects: Path, folder: Path) -> list[dict[str, str]]:
    """Start a window in a process of its own and return what stands in it and cannot be ours."""
    result = subprocess.run(
        [sys.executable, str(SHOWN), language, *map(str, projects)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={
            **os.environ,
            "PYTHONUTF8": "1",
            "PYTHONPATH": os.pathsep.join(sys.path),
            "GLOSSATOR_CONFIG_DIR": str(folder / "config"),
        },
        timeout=240,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-4000:]
    shown: list[dict[str, str]] = json.loads(result.stdout.splitlines()[-1])
    return shown


@pytest.mark.parametrize(
    ("choice", "system", "language"),
    [
        ("system", ["de-AT", "en-US"], "de"),
        ("system", ["fr-FR", "de-DE"], "de"),
        ("system", ["fr_FR"], "en"),
        ("system", [], "en"),
        ("system", ["C"], "en"),
        ("en", ["de-DE"], "en"),
        ("de", ["en-US"], "de"),
    ],
)
def test_the_choice_goes_before_the_system(choice: str, system: list[str], language: str) -> None:
    assert language_of(choice, system) == language


def test_the_choice_is_remembered(settings: QSettings) -> None:
    assert stored_choice(settings) == "system"
    for choice in CHOICES:
        store_choice(settings, choice)
        assert stored_choice(settings) == choice
    settings.setValue("language", "tlh")
    assert stored_choice(settings) == "system"
    with pytest.raises(ValueError, match="no such language"):
        store_choice(settings, "tlh")


def test_a_command_chooses_and_says_from_when_on(desktop: Desktop) -> None:
    desktop.window.actions_.trigger("language.de")
    assert stored_choice(desktop.settings) == "de"
    assert shown_message(desktop) == "The window speaks Deutsch when it is opened again."
    desktop.window.actions_.trigger("language.en")
    assert shown_message(desktop) == "The language stays English."


def test_every_word_of_the_window_goes_through_the_translation(
    make_project: Callable[..., Path], tmp_path: Path
) -> None:
    """In a made-up language that puts every text in brackets, nothing stands without them."""
    passages = tmp_path / "passages.glossator"
    with Engine(suggestions=False) as engine:
        command = CreateProject(str(passages), ("PERSON", "DATE"), kind="spans")
        engine.submit(command).result(WAIT / 1000)
    shown = texts_shown("brackets", make_project(), passages, folder=tmp_path)
    assert len(shown) > 300
    assert [entry for entry in shown if "⟦" not in entry["text"]] == []


def test_the_window_speaks_german(make_project: Callable[..., Path], tmp_path: Path) -> None:
    words = {entry["text"] for entry in texts_shown("de", make_project(), folder=tmp_path)}
    assert {"Annotieren", "Trainieren", "Prüfen", "Modelle", "Texte"} <= words
    assert not {"Annotate", "Train", "Inspect", "Models", "Texts", "Cancel", "Close"} & words
