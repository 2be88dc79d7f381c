"""How many layers should I train? A sweep as a job, its points, and the slider that follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTableWidget, QTabWidget
from pytestqt.qtbot import QtBot

from desktop.train.layer_slider import LayerSlider
from desktop.train.sweep_chart import SweepChart
from desktop.train.sweep_panel import SweepPanel
from desktop.train.sweeps import Sweeps
from desktop.train.view import SWEEP, TrainView
from desktop.window import MainWindow
from engine.api import CancelJob, JobInfo, JobProgressed, SweepInfo, SweepPoint

WAIT = 15_000
SCORES = {"head": (0.62, 1.0), 1: (0.78, 11.0), 0: (0.80, 19.0)}


@pytest.fixture
def view(
    make_project: Callable[..., Path], open_window: Callable[[Path], MainWindow], qtbot: QtBot
) -> TrainView:
    window = open_window(make_project(texts=60, labelled=50))
    window.open_view("train", method="fine-tune")
    found = window.findChild(TrainView)
    assert isinstance(found, TrainView)
    return found


def part(view: TrainView, kind: type[Any], name: str = "") -> Any:
    found = view.findChild(kind, name) if name else view.findChild(kind)
    assert isinstance(found, kind)
    return found


def swept(status: str = "done", known: int = 3, message: str = "") -> SweepInfo:
    """A sweep of an encoder of two layers."""
    job = JobInfo(7, "sweep", "fine-tune", "sweep", status, "", "", "", message, None)
    points = tuple(SweepPoint(value, 42, f1, f1, time) for value, (f1, time) in SCORES.items())
    return SweepInfo(job, "frozen_blocks", tuple(SCORES), (42,), "tiny", 2, points[:known])


def words(view: TrainView) -> str:
    label = part(view, QLabel, "train.sweep.words")
    return label.text() if not label.isHidden() else ""


def test_the_button_beside_the_slider_asks_first_and_then_starts_a_job(
    view: TrainView, qtbot: QtBot
) -> None:
    pages, sweeps = part(view, QTabWidget, "train.pages"), part(view, Sweeps)
    button = part(view, LayerSlider).findChild(QPushButton, "button.train.sweep")
    assert isinstance(button, QPushButton)
    qtbot.waitUntil(button.isEnabled, timeout=WAIT)
    button.click()
    assert pages.currentIndex() == SWEEP
    assert sweeps.sweep is None, "what it does is said first"

    view.context.actions.trigger("train.sweep")
    qtbot.waitUntil(lambda: sweeps.sweep is not None, timeout=WAIT)
    assert sweeps.sweep is not None
    assert sweeps.sweep.values == ("head", 5, 4, 3, 2, 1, 0), "the starter has six layers"
    assert not button.isEnabled(), "one at a time"
    assert words(view)
    view.context.bridge.send(CancelJob(sweeps.sweep.job.id))
    qtbot.waitUntil(lambda: words(view).startswith("It was cancelled"), timeout=WAIT)
    qtbot.waitUntil(button.isEnabled, timeout=WAIT)


def test_a_row_or_a_point_sets_the_slider(view: TrainView, qtbot: QtBot) -> None:
    panel, slider = part(view, SweepPanel), part(view, LayerSlider)
    slider.set_layers(2)
    panel.show_sweep(swept())
    table, chart = part(view, QTableWidget, "train.sweep.table"), part(view, SweepChart)
    shown = [[table.item(row, at).text() for at in range(3)] for row in range(3)]
    assert shown == [
        ["only the head", "0.620", "1.0"],
        ["the last one", "0.780", "11.0"],
        ["all 2", "0.800", "19.0"],
    ]
    assert "the last one: F1 0.780, 11 s." in chart.accessibleDescription()

    table.setCurrentCell(1, 0)
    table.cellActivated.emit(1, 0)  # what the return key does
    assert slider.settings() == {"frozen_blocks": 1}
    chart.chosen.emit(0)
    assert slider.settings() == {"train": "head"}
    assert table.selectedItems()[0].row() == 0
    chart.chosen.emit(2)
    assert slider.settings() == {}


def test_a_sweep_of_the_command_line_stands_in_the_order_of_the_slider(view: TrainView) -> None:
    theirs = replace(swept(), values=(0, 1, 2, "head"))
    part(view, SweepPanel).show_sweep(theirs)
    table = part(view, QTableWidget, "train.sweep.table")
    names = [table.item(row, 0).text() for row in range(table.rowCount())]
    assert names == ["only the head", "the last one", "all 2"]


def test_a_click_on_a_point_chooses_it(view: TrainView, qtbot: QtBot) -> None:
    panel, chart = part(view, SweepPanel), part(view, SweepChart)
    part(view, QTabWidget, "train.pages").setCurrentIndex(SWEEP)
    panel.show_sweep(swept())
    qtbot.waitUntil(lambda: chart.isVisible() and chart.height() > 200, timeout=WAIT)
    plot = part(view, pg.PlotWidget, "train.sweep.plot")
    at = plot.mapFromScene(plot.getPlotItem().vb.mapViewToScene(QPointF(1, 0.78)))
    with qtbot.waitSignal(chart.chosen, timeout=WAIT) as chosen:
        qtbot.mouseMove(plot.viewport(), at)
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert chosen.args == [1]


def test_every_state_has_its_words(view: TrainView) -> None:
    panel = part(view, SweepPanel)
    button = panel.findChild(QPushButton, "button.train.sweep")
    assert isinstance(button, QPushButton)
    panel.show_sweep(None)
    assert (words(view), button.text()) == ("", "How many layers should I train?")
    assert part(view, SweepChart).isHidden()
    panel.show_sweep(swept("running", 1))
    assert words(view).startswith("1 of 3 are tried")
    panel.show_progress(JobProgressed(7, "sweep", 2, 3, 75.0))
    assert words(view).startswith("2 of 3 are tried, 1:15 left")
    panel.show_progress(JobProgressed(7, "warm-up", 300, 1200, None))
    assert "300 of 1,200 texts" in words(view)
    panel.show_sweep(swept("failed", 0, "The disk is full."))
    assert words(view) == "The disk is full."
    assert part(view, QLabel, "train.sweep.words").property("role") == "danger"
    panel.show_sweep(swept("paused", 2))
    assert button.text() == "Go on with it"
    assert words(view).startswith("It was paused behind 2 of 3")
    stopped = swept("interrupted", 2, "The program ended; it can go on from step 3 of 9.")
    panel.show_sweep(replace(stopped, job=replace(stopped.job, checkpoint={"checkpoint": 4})))
    assert button.text() == "Go on with it"
