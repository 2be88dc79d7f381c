"""Does learning the language pay? Both scores of each seed, a loss said like a gain."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QSpinBox, QTabWidget
from pytestqt.qtbot import QtBot

from desktop.train.payoff import Payoff
from desktop.train.payoff_panel import PayoffPanel, gain_words
from desktop.train.view import PAYOFF, TrainView
from desktop.window import MainWindow
from engine.api import ListJobs, PretrainingComparison, SeedScores

WAIT = 15_000


@pytest.fixture
def view(
    make_project: Callable[..., Path], open_window: Callable[[Path], MainWindow], qtbot: QtBot
) -> TrainView:
    window = open_window(make_project(texts=40, labelled=30))
    window.open_view("train")
    found = window.findChild(TrainView)
    assert isinstance(found, TrainView)
    pages = found.findChild(QTabWidget, "train.pages")
    assert isinstance(pages, QTabWidget)
    pages.setCurrentIndex(PAYOFF)
    return found


def test_a_comparison_is_put_into_the_queue_as_ordinary_trainings(
    view: TrainView, qtbot: QtBot
) -> None:
    panel, payoff = view.findChild(PayoffPanel), view.findChild(Payoff)
    assert isinstance(panel, PayoffPanel)
    assert isinstance(payoff, Payoff)
    methods = panel.findChild(QComboBox, "train.payoff.method")
    assert isinstance(methods, QComboBox)
    assert methods.findData("mlm") < 0, "the first step is always the same"
    methods.setCurrentIndex(methods.findData("fine-tune"))
    seeds = panel.findChild(QSpinBox, "train.payoff.seeds")
    assert isinstance(seeds, QSpinBox)
    seeds.setValue(2)
    button = view.findChild(QPushButton, "button.train.compare")
    assert isinstance(button, QPushButton)
    qtbot.waitUntil(button.isEnabled, timeout=WAIT)
    button.click()
    qtbot.waitUntil(lambda: payoff.comparison is not None, timeout=WAIT)
    assert payoff.comparison is not None
    assert [seed.seed for seed in payoff.comparison.seeds] == [42, 43]
    assert panel.findChild(QLabel, "train.payoff.words").text() == payoff.comparison.words
    jobs: list[list[object]] = []
    view.context.bridge.ask(ListJobs(), jobs.append)
    qtbot.waitUntil(lambda: bool(jobs), timeout=WAIT)
    assert len(jobs[0]) == 5, "the first step once, then two trainings a seed"


def test_a_loss_is_shown_like_a_gain(view: TrainView) -> None:
    panel = view.findChild(PayoffPanel)
    assert isinstance(panel, PayoffPanel)
    seeds = (SeedScores(42, 0.8, 0.82), SeedScores(43, 0.81, 0.78), SeedScores(44, 0.8, None))
    panel.show_comparison(
        PretrainingComparison("c", "fine-tune", (1,), True, seeds, -0.005, 30.0, 14.0, "Worse.")
    )
    roles = {
        label.text(): label.property("role") for label in panel.findChildren(QLabel) if label.text()
    }
    assert (roles["+0.020"], roles["−0.030"], roles["−0.005"]) == ("ok", "danger", "danger")
    assert "Worse." in roles


def test_a_difference_keeps_its_sign() -> None:
    assert [gain_words(gain) for gain in (0.0214, -0.013, 0.0, None)] == [
        "+0.021", "−0.013", "0.000", "–",
    ]  # fmt: skip
