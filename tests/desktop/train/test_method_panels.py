"""Each method's settings: presets in plain words, fields that give what the engine takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QRadioButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.method_words import METHOD_WORDS, methods_for
from desktop.train.form import PANELS
from desktop.train.method_cards import MethodCards
from desktop.train.method_panel import MethodPanel
from engine.api import METHODS, PRESETS, TaskInfo
from engine.training.method_settings import parse_method_settings

CLASSIFYING = TaskInfo(1, "Topic", "classification", False, "", ())
MARKING = replace(CLASSIFYING, kind="spans")

Panel = Callable[[str], MethodPanel]


@pytest.fixture
def panel(qtbot: QtBot) -> Panel:
    """Make the panel of a method."""
    parent = QWidget()
    qtbot.addWidget(parent)

    def make(method: str) -> MethodPanel:
        made = PANELS[method](parent)
        parent.show()
        return made

    return make


def preset(panel: MethodPanel, name: str) -> QPushButton:
    found = panel.findChild(QPushButton, f"train.{panel.method}.preset.{name}")
    assert isinstance(found, QPushButton)
    return found


def test_every_method_has_words_and_settings() -> None:
    assert set(METHODS) <= set(METHOD_WORDS) == set(PANELS)


def test_only_methods_that_fit_the_task_are_offered() -> None:
    assert "ner" not in methods_for(CLASSIFYING)
    assert not {"fine-tune", "setfit"} & set(methods_for(MARKING))


@pytest.mark.parametrize("method", METHODS)
def test_every_preset_is_settings_that_the_engine_takes(method: str, panel: Panel) -> None:
    shown = panel(method)
    shown.set_texts(120)
    assert preset(shown, "balanced").isChecked(), "what the engine would choose itself"
    assert shown.settings() == {}
    for name in PRESETS:
        preset(shown, name).click()
        assert preset(shown, name).isChecked(), name
        parse_method_settings(method, shown.settings())
    assert shown.settings(), "thorough differs from the usual"


def test_a_setting_of_ones_own_belongs_to_no_preset_and_a_preset_keeps_the_others(
    panel: Panel, qtbot: QtBot
) -> None:
    shown = panel("fine-tune")
    seed = shown.more.findChild(QSpinBox, "train.fine-tune.seed")
    epochs = shown.findChild(QSpinBox, "train.fine-tune.epochs")
    assert isinstance(seed, QSpinBox)
    assert isinstance(epochs, QSpinBox)
    seed.setValue(7)
    with qtbot.waitSignal(shown.edited):
        epochs.setValue(9)
    assert not any(preset(shown, name).isChecked() for name in PRESETS)
    assert "Your own settings." in [label.text() for label in shown.findChildren(QLabel)]
    preset(shown, "balanced").click()
    assert shown.settings() == {"seed": 7}


def test_thorough_follows_the_number_of_texts(panel: Panel) -> None:
    shown = panel("fine-tune")
    preset(shown, "thorough").click()
    shown.set_texts(100)
    few = shown.settings()["epochs"]
    shown.set_texts(5000)
    assert preset(shown, "thorough").isChecked()
    assert shown.settings()["epochs"] < few


def test_settings_come_back_as_they_were(panel: Panel) -> None:
    earlier = {
        "setfit": {"shots": 8, "mode": "exact", "head": "linear", "learning_rate": 2e-5},
        "mlm": {"epochs": 2, "whole_word": False, "preview": "A [MASK] day.\nNo [MASK]."},
        "ner": {"epochs": 4, "max_length": 128, "threads": 1},
    }
    for method, settings in earlier.items():
        shown = panel(method)
        shown.set_settings(settings)
        assert shown.settings() == settings


def test_a_click_anywhere_on_a_card_chooses_its_method(qtbot: QtBot) -> None:
    cards = MethodCards()
    qtbot.addWidget(cards)
    cards.set_methods(("setfit", "fine-tune"))
    cards.show()
    assert cards.method() == "setfit"
    card = cards.findChild(QRadioButton, "train.method.fine-tune").parentWidget()
    with qtbot.waitSignal(cards.chosen) as chosen:
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert chosen.args == ["fine-tune"]
    assert cards.method() == "fine-tune"
    cards.suggest("setfit")
    assert cards.findChild(QLabel, "train.suggested.setfit").isVisible()
    assert not cards.findChild(QLabel, "train.suggested.fine-tune").isVisible()
