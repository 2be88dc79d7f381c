"""From a score to the texts behind it, and the label put right, in the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTabWidget
from pytestqt.qtbot import QtBot

from desktop.inspect.confusion_matrix import ConfusionMatrix
from desktop.inspect.inspection import Inspection
from desktop.inspect.label_table import LabelTable
from desktop.inspect.row_list import RowList
from desktop.inspect.view import InspectView
from desktop.window import MainWindow
from engine.api import GetText, TextDetail

T = TypeVar("T")
Open = Callable[..., InspectView]
WAIT = 15_000


def part(view: InspectView, kind: type[T], name: str = "") -> T:
    found = view.findChild(kind, name) if name else view.findChild(kind)
    assert isinstance(found, kind)
    return found


def cell(inspection: Inspection, gold: int, predicted: int) -> int:
    assert inspection.evaluation is not None
    return inspection.evaluation.confusion[gold][predicted]


@pytest.fixture
def view(make_predicted: Callable[..., Path], open_inspect: Open) -> InspectView:
    return open_inspect(make_predicted())


def choose_cell(view: InspectView, qtbot: QtBot, gold: int, predicted: int) -> None:
    matrix, inspection = part(view, ConfusionMatrix), part(view, Inspection)
    with qtbot.waitSignal(inspection.rows_changed, timeout=WAIT):
        where = matrix.cell_rect(gold, predicted).center()
        qtbot.mouseClick(matrix.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_a_click_on_a_cell_lists_exactly_its_texts(view: InspectView, qtbot: QtBot) -> None:
    inspection = part(view, Inspection)
    gold, predicted = (label.id for label in inspection.project.task.labels[:2])
    choose_cell(view, qtbot, 0, 1)
    assert len(inspection.rows) == cell(inspection, 0, 1) > 0
    assert all((row.gold, row.predicted) == ((gold,), (predicted,)) for row in inspection.rows)
    assert "gold new claim, predicted claim status" in part(view, QLabel, "inspect.caption").text()


def test_the_matrix_is_walked_and_chosen_by_keyboard(view: InspectView, qtbot: QtBot) -> None:
    matrix, inspection = part(view, ConfusionMatrix), part(view, Inspection)
    matrix.setFocus()
    qtbot.keyClick(matrix, Qt.Key.Key_Right)
    assert "were taken for claim status" in matrix.accessibleDescription()
    with qtbot.waitSignal(inspection.rows_changed, timeout=WAIT):
        qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert matrix.chosen == (0, 1)
    with qtbot.waitSignal(inspection.rows_changed, timeout=WAIT):
        qtbot.keyClick(matrix, Qt.Key.Key_Escape)
    assert matrix.chosen is None
    assert inspection.scope.kind == "mistakes"


def test_mistakes_are_listed_the_surest_first(view: InspectView) -> None:
    confidences = [row.confidence for row in part(view, Inspection).rows]
    assert confidences == sorted(confidences, reverse=True)


def test_a_label_key_corrects_the_text_and_every_figure_follows(
    view: InspectView, qtbot: QtBot
) -> None:
    inspection, rows = part(view, Inspection), part(view, RowList)
    choose_cell(view, qtbot, 0, 1)
    before, mistakes = cell(inspection, 0, 1), len(inspection.rows)
    corrected = rows.current()
    qtbot.keyClick(rows, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: cell(inspection, 0, 1) == before - 1, timeout=WAIT)
    qtbot.waitUntil(lambda: len(inspection.rows) == mistakes - 1, timeout=WAIT)
    assert corrected.text_id not in [row.text_id for row in inspection.rows]
    qtbot.keyClick(rows, Qt.Key.Key_Z)
    qtbot.waitUntil(lambda: cell(inspection, 0, 1) == before, timeout=WAIT)


def test_keeping_a_label_goes_on_and_changes_nothing(view: InspectView, qtbot: QtBot) -> None:
    inspection, rows = part(view, Inspection), part(view, RowList)
    first, second = inspection.rows[:2]
    assert rows.current() == first
    qtbot.keyClick(rows, Qt.Key.Key_K)
    assert rows.current() == second
    assert inspection.rows[0] == first


def test_an_ambiguous_text_is_flagged(view: InspectView, qtbot: QtBot) -> None:
    inspection, rows = part(view, Inspection), part(view, RowList)
    first = inspection.rows[0].text_id
    qtbot.keyClick(rows, Qt.Key.Key_A)
    qtbot.waitUntil(
        lambda: any(row.text_id == first and row.flagged for row in inspection.rows), timeout=WAIT
    )


def test_a_comparison_lists_the_texts_won_and_lost(view: InspectView, qtbot: QtBot) -> None:
    inspection = part(view, Inspection)
    other = next(model for model in inspection.models if model is not inspection.model)
    inspection.choose_against(other.id)
    qtbot.waitUntil(lambda: inspection.comparison is not None, timeout=WAIT)
    assert inspection.comparison.won
    assert inspection.comparison.lost
    qtbot.mouseClick(part(view, QPushButton, "inspect.lost"), Qt.MouseButton.LeftButton)
    assert inspection.rows == list(inspection.comparison.lost)
    words = part(view, QLabel, "inspect.comparison_words").text()
    assert f"{len(inspection.comparison.won)} are right only with second" in words


def test_a_correction_is_a_persons_label(view: InspectView, qtbot: QtBot) -> None:
    inspection, rows = part(view, Inspection), part(view, RowList)
    task, corrected = inspection.project.task, inspection.rows[0]
    wanted = task.label(corrected.predicted[0])
    mistakes = len(inspection.rows)
    qtbot.keyClick(rows, wanted.key)
    qtbot.waitUntil(lambda: len(inspection.rows) == mistakes - 1, timeout=WAIT)
    answers: list[TextDetail] = []
    view.context.bridge.ask(GetText(task.id, corrected.text_id), answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT)
    assert answers[0].row.label_ids == (wanted.id,)
    assert answers[0].origin == "person"


def test_several_labels_have_no_matrix_but_lists_by_label(
    make_predicted: Callable[..., Path], open_inspect: Open, qtbot: QtBot
) -> None:
    view = open_inspect(make_predicted(multi_label=True))
    inspection, tabs = part(view, Inspection), part(view, QTabWidget, "inspect.tabs")
    assert not tabs.isTabVisible(0)
    label = inspection.project.task.labels[0]
    with qtbot.waitSignal(inspection.rows_changed, timeout=WAIT):
        part(view, LabelTable, "inspect.by_label").chosen.emit(label.id, False)
    assert inspection.rows
    assert all(label.id in row.gold for row in inspection.rows)


def test_without_a_model_the_view_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    window.open_view("inspect")
    view = window.findChild(InspectView)
    inspection = part(view, Inspection)
    qtbot.waitUntil(lambda: inspection.loaded, timeout=WAIT)
    shown = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert "There is no model to look at yet." in shown
    button = next(b for b in view.findChildren(QPushButton) if b.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.view.name == "train"
