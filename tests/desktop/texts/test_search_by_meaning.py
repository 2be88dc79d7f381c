"""Searching by meaning in the table of texts, with the starter model itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.preferences import search_encoder, set_search_encoder
from desktop.texts.model import Column
from desktop.texts.table import TextsTable
from desktop.widgets.reading_pane import ReadingPane
from desktop.window import MainWindow

# Loading a model takes long on a machine that is busy.
WAIT = 180_000
pytestmark = pytest.mark.timeout(400)
TEXTS = (
    "The cellar was flooded in March.",
    "Please end my contract at the end of the year.",
    "When is my claim paid?",
    "Water stood knee-deep in our basement.",
    "I want to cancel the policy.",
    "My bicycle was stolen at the station.",
)


@pytest.mark.slow
def test_a_search_by_meaning_and_texts_like_another(
    open_window: Callable[[Path], MainWindow], make_project: Callable[..., Path], qtbot: QtBot
) -> None:
    window = open_window(make_project(contents=TEXTS, labelled=0))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    window.open_view("texts")

    def part(kind: type[Any], name: str) -> Any:
        found = window.findChild(kind, name)
        assert found is not None, name
        return found

    table = part(TextsTable, "texts.table")
    model = table.model()

    def shown() -> list[str]:
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    def shows(condition: Callable[[list[str]], bool]) -> None:
        qtbot.waitUntil(lambda: "…" not in shown() and condition(shown()), timeout=WAIT)

    shows(lambda texts: texts == list(TEXTS))
    assert table.isColumnHidden(Column.LIKENESS)

    # The words need not occur; the first search has the texts read, and lists them as they come.
    window.actions_.trigger("texts.by_meaning")
    search = part(QLineEdit, "texts.search")
    assert search.hasFocus()
    assert search.placeholderText() == "Say in your own words what the texts are about"
    qtbot.keyClicks(search, "inundation below the house")
    shows(lambda texts: len(texts) == 6 and set(texts[:2]) == {TEXTS[0], TEXTS[3]})
    assert not table.isColumnHidden(Column.LIKENESS)
    likeness = [float(model.index(row, Column.LIKENESS).data()) for row in range(6)]
    assert likeness == sorted(likeness, reverse=True)
    assert part(QLabel, "texts.count").text() == "6 nearest"
    qtbot.waitUntil(
        lambda: window.findChild(QWidget, "strip.progress.embedding") is None, timeout=WAIT
    )

    # By both, the text with the word itself comes first; filters narrow as ever.
    window.actions_.trigger("texts.by_both")
    search.setText("cancel")
    shows(lambda texts: len(texts) == 6 and texts[0] == TEXTS[4])

    # A text finds those like it, without itself, until somebody wants something else.
    table.choose_row(0)
    table.setFocus()
    qtbot.keyClick(
        table, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    shows(lambda texts: len(texts) == 5 and texts[0] == TEXTS[1])
    like = part(QPushButton, "texts.like")
    assert like.text() == "like “I want to cancel the policy.”"
    assert search.text() == ""
    like.click()
    shows(lambda texts: texts == list(TEXTS))
    assert table.isColumnHidden(Column.LIKENESS)

    # The same from the text that is being labelled.
    window.open_view("annotate", text_id=model.text_id(3))
    pane = part(ReadingPane, "annotate.text")
    qtbot.waitUntil(lambda: pane.content() == TEXTS[3], timeout=WAIT)
    assert window.actions_.trigger("annotate.similar")
    shows(lambda texts: len(texts) == 5 and texts[0] == TEXTS[0])
    qtbot.keyClicks(search, "stolen")
    window.actions_.trigger("texts.by_words")
    shows(lambda texts: texts == [TEXTS[5]])


def test_an_encoder_that_is_gone_does_not_stand_in_the_way(
    open_window: Callable[[Path], MainWindow], make_project: Callable[..., Path], qtbot: QtBot
) -> None:
    window = open_window(make_project(contents=TEXTS, labelled=0))
    project = window.bridge.project
    assert project is not None
    set_search_encoder(window.settings, project.uuid, "gone-encoder")
    window.open_view("texts")
    window.actions_.trigger("texts.by_meaning")
    search = window.findChild(QLineEdit, "texts.search")
    assert search is not None
    qtbot.keyClicks(search, "flood")
    banner = window.strip.banner
    qtbot.waitUntil(lambda: "compares with the starter" in banner.sentence, timeout=15_000)
    assert "gone-encoder" in banner.sentence
    assert search_encoder(window.settings, project.uuid) == ""


def test_meanings_are_read_in_eight_bits_and_exactly_again(
    open_window: Callable[[Path], MainWindow], make_project: Callable[..., Path], qtbot: QtBot
) -> None:
    window = open_window(make_project(contents=TEXTS, labelled=0))
    window.open_view("texts")
    actions, table = window.actions_, window.findChild(TextsTable, "texts.table")
    search = window.findChild(QLineEdit, "texts.search")
    assert table is not None
    assert search is not None

    def likeness() -> list[float]:
        cells = [table.model().index(row, Column.LIKENESS) for row in range(len(TEXTS))]
        shown = [str(cell.data() or "") for cell in cells]
        return [float(one) for one in shown if one[:1].isdigit()]

    def wait_for_likeness(but: list[float]) -> list[float]:
        def complete() -> bool:
            return len(likeness()) == len(TEXTS) and likeness() != but

        qtbot.waitUntil(complete, timeout=WAIT)
        return likeness()

    assert not actions.trigger("texts.full_precision"), "they are read exactly to begin with"
    actions.trigger("texts.by_meaning")
    qtbot.keyClicks(search, "inundation below the house")
    exact = wait_for_likeness([])
    assert actions.trigger("texts.eight_bits")
    message = window.strip.findChild(QLabel, "strip.message")
    assert message is not None
    assert message.text().startswith("Texts are read in eight bits from now on")
    coarse = wait_for_likeness(exact)
    assert not actions.trigger("texts.eight_bits")
    assert coarse == pytest.approx(exact, abs=0.05)
    assert actions.trigger("texts.full_precision")
    qtbot.waitUntil(lambda: likeness() == exact, timeout=WAIT)
