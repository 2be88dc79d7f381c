"""The table of commands is whole and without contradiction."""

from __future__ import annotations

from collections import Counter

import pytest
import qtawesome
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from desktop.actions import ACTIONS, BY_ID, MENUS, PLACES, RESERVED_KEYS
from engine.api import RESERVED_KEYS as RESERVED_BY_THE_ENGINE


def test_every_command_has_words_of_its_own() -> None:
    words = Counter(action.words.removesuffix("…") for action in ACTIONS)
    assert [word for word, times in words.items() if times > 1] == []
    assert len(BY_ID) == len(ACTIONS)


def test_every_command_has_a_sentence_of_help() -> None:
    for action in ACTIONS:
        assert action.help.endswith("."), action.id
        assert action.menu in MENUS, action.id


@pytest.mark.parametrize("place", PLACES)
def test_no_key_means_two_things_in_one_place(place: str) -> None:
    keys = Counter(QKeySequence(key).toString() for action in ACTIONS for key in action.keys(place))
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_key_is_one_that_qt_knows() -> None:
    for action in ACTIONS:
        for place in PLACES:
            assert all(QKeySequence(key).toString() for key in action.keys(place)), action.id


def test_labels_never_get_a_key_that_the_program_uses() -> None:
    letters = {
        key
        for action in ACTIONS
        for place in PLACES
        for key in action.keys(place)
        if len(key) == 1 or key == "Space"
    }
    assert letters <= set(RESERVED_KEYS)
    assert {key.lower() for key in RESERVED_KEYS if key.isalpha() and len(key) == 1} == set(
        RESERVED_BY_THE_ENGINE
    )


def test_every_icon_exists(qapp: QApplication) -> None:
    for action in ACTIONS:
        if action.icon:
            assert not qtawesome.icon(f"mdi6.{action.icon}").isNull(), action.id
