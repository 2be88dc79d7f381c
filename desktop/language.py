"""The language of the window: the one that was chosen, or the system's where there is a catalogue.

Chosen before any module that shows something is imported, and for as long as the program runs.
"""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QSettings, QTranslator

from engine.api import LANGUAGES, choose_language, chosen_language

SYSTEM = "system"
CHOICES = (SYSTEM, *LANGUAGES)


def stored_choice(settings: QSettings) -> str:
    """Return what the person chose: a code of `LANGUAGES`, or "system"."""
    stored = str(settings.value("language", SYSTEM))
    return stored if stored in CHOICES else SYSTEM


def store_choice(settings: QSettings, choice: str) -> None:
    """Speak this language from the next start on (ValueError if there is none of that code)."""
    if choice not in CHOICES:
        raise ValueError(f"no such language: {choice!r}")
    settings.setValue("language", choice)


def language_of(choice: str, system: list[str] | None = None) -> str:
    """Return the code that a choice comes to.

    `system` are the languages of the system, the one it prefers first, such as "de-AT"; English
    where there is no catalogue of any of them.
    """
    if choice in LANGUAGES:
        return choice
    wanted = QLocale.system().uiLanguages() if system is None else system
    codes = (name.replace("_", "-").partition("-")[0].lower() for name in wanted)
    return next((code for code in codes if code in LANGUAGES), "en")


def choose_for_window(settings: QSettings) -> None:
    """Let this process speak as the settings say; ``GLOSSATOR_LANGUAGE`` overrides them."""
    override = os.environ.get("GLOSSATOR_LANGUAGE", "")
    choose_language(language_of(override if override in LANGUAGES else stored_choice(settings)))


def teach_qt(application: QCoreApplication) -> None:
    """Let Qt's own dialogs speak the language chosen, and its fields write numbers as it does."""
    code = chosen_language()
    QLocale.setDefault(QLocale(code))
    if code == "en":
        return
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{code}", folder):
        application.installTranslator(translator)
