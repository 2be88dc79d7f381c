"""The help names only keys, commands and words that the program has."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QTextBrowser
from pytestqt.qtbot import QtBot

from desktop.actions import ACTIONS, PLACES, VIEWS, lies_in
from desktop.frame.help import PAGES, HelpPanel, page_source, with_keys_as_here
from desktop.frame.key_sheet import keys_of
from desktop.theme.theme import Theme
from engine.cli.main import glossator

NAMES = [name for name, _ in PAGES]
NOT_KEYS = {".models", "start", "end", "label", "mlm", "ner"}
BOLD_TERMS = {  # of the scores and of the Train form, explained where they stand
    "Accuracy", "Precision", "Recall", "F1", "Macro F1", "F1 of passages", "Perplexity",
    "Start from", "How thoroughly", "How many layers may change", "Passes over your texts",
    "Texts of each label.", "How pairs are learned.", "What decides on the label.", "Steps.",
    "Guessed words", "Mistakes", "Wrong borders", "Wrong label", "Wrong borders and label",
    "Missed", "Found too much", "Layers that may change.",
    "Passes (epochs).", "Learning rate.", "Batch size.", "Longest text.", "Rare labels.", "Seed.",
}  # fmt: skip


def code_spans(name: str) -> list[str]:
    return re.findall(r"`([^`]+)`", page_source(name))


def key_names(name: str) -> list[str]:
    return [
        span
        for span in code_spans(name)
        if not span.startswith(("glossator", "--")) and span not in NOT_KEYS
    ]


def test_there_is_a_page_for_every_view() -> None:
    assert set(VIEWS) <= set(NAMES)
    assert len(NAMES) == 14


@pytest.mark.parametrize("name", NAMES)
def test_every_key_it_names_works(name: str) -> None:
    own_view = name if name in VIEWS else None
    for span in ", ".join(key_names(name)).split(", ") if key_names(name) else ():
        key = QKeySequence(span).toString()
        assert key, span
        places = [place for place in PLACES if lies_in(place, own_view or "")]
        known = {
            QKeySequence(known).toString()
            for action in ACTIONS
            for place in places
            for known in action.keys(place)
        }
        assert key in known, f"{span} does nothing in {own_view or 'any view'}"


@pytest.mark.parametrize("name", NAMES)
def test_every_command_it_names_in_bold_is_one(name: str) -> None:
    words = {action.words for action in ACTIONS} | BOLD_TERMS
    assert [
        bold for bold in re.findall(r"\*\*([^*]+)\*\*", page_source(name)) if bold not in words
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_command_line_it_shows_can_be_parsed(name: str) -> None:
    for span in code_spans(name):
        words = shlex.split(span)
        if words[0] != "glossator" or words[1].endswith(".glossator"):
            continue
        context = click.Context(glossator)
        command = glossator.get_command(context, words[1])
        assert command is not None, span
        options = {name for parameter in command.params for name in parameter.opts}
        if not isinstance(command, click.Group):
            assert {word for word in words if word.startswith("--")} <= options, span


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_to_a_page(name: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", page_source(name))
    assert {link.removesuffix(".md") for link in links} <= set(NAMES)


def test_the_page_of_keys_has_every_key() -> None:
    page = page_source("keys")
    for action in ACTIONS:
        view = action.view or "annotate"
        keys = keys_of(action, view)
        if keys:
            assert f"- `{keys}` {action.words}" in page, action.id


def test_the_panel_shows_a_page_and_follows_its_links(theme: Theme, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    qtbot.addWidget(window)
    panel = HelpPanel(theme, window)
    panel.show_page("annotate")
    text = panel.findChild(QTextBrowser, "help.text")
    assert text.toPlainText().startswith("Annotate")
    panel.show_page("getting-started")
    text.anchorClicked.emit("texts.md")
    assert text.toPlainText().startswith("Texts")


def test_keys_are_shown_as_the_system_names_them_and_commands_as_they_are_typed() -> None:
    german = QTranslator()
    assert german.load("qtbase_de", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    QCoreApplication.installTranslator(german)
    try:
        page = with_keys_as_here("`Ctrl+K` `Space` `Z` `/` `end` `glossator check` `--json`")
    finally:
        QCoreApplication.removeTranslator(german)
    assert page == "`Strg+K` `Leertaste` `Z` `/` `end` `glossator check` `--json`"
