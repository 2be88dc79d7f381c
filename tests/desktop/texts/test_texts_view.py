"""The table of texts: find, filter, read, and label many at once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from desktop.texts.model import ROW, Column
from desktop.texts.table import TextsTable
from desktop.widgets.reading_pane import ReadingPane
from desktop.window import MainWindow
from engine.api import CreateProject, Engine, GetTextRows, ImportTexts, ListTextIds, TextFilter

WAIT = 15_000
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
TEXTS = (
    "The cellar was flooded in March.",
    "I don't understand the C++ of your policy, 50 % off-hand.",
    "When is my claim paid?",
    "Nobody has called me back about the flooded cellar.",
    "Please end my contract.",
    "The café terrace burned down. 🔥",
)


class Reader:
    """A person in the Texts view."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
        window.open_view("texts")
        self.table = self.part(TextsTable, "texts.table")
        self.model = self.table.model()
        self.table.setFocus()

    def part(self, kind: type[Any], name: str) -> Any:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=WAIT)

    def row(self, number: int) -> Any:
        """What the table knows of a row: a TextRow, or None while it is read."""
        return self.model.index(number, 0).data(ROW)

    def shows(self, *contents: str) -> None:
        """Wait until the table shows these texts in this order."""
        self.until(
            lambda: (
                self.model.rowCount() == len(contents)
                and [self.model.index(n, 0).data() for n in range(len(contents))] == list(contents)
            )
        )

    def count(self) -> str:
        return str(self.part(QLabel, "texts.count").text())

    def press(self, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def pick(self, combo: str, words: str) -> None:
        box = self.part(QComboBox, combo)
        box.setCurrentIndex(box.findText(words))

    def labels_on_disk(self) -> list[list[str]]:
        answers: list[Any] = []
        bridge = self.window.bridge
        assert bridge.project is not None
        task = bridge.project.task
        bridge.ask(ListTextIds(task.id), answers.append)
        self.until(lambda: len(answers) == 1)
        bridge.ask(GetTextRows(task.id, tuple(answers[0])), answers.append)
        self.until(lambda: len(answers) == 2)
        return [sorted(task.label(id).name for id in row.label_ids) for row in answers[1]]


@pytest.fixture
def read(open_window: Callable[[Path], MainWindow], qtbot: QtBot) -> Callable[[Path], Reader]:
    return lambda path: Reader(open_window(path), qtbot)


@pytest.fixture
def reader(read: Callable[[Path], Reader], make_project: Callable[..., Path]) -> Reader:
    """Six texts; the first two are labelled new claim and claim status."""
    reader = read(make_project(contents=TEXTS, labelled=2))
    reader.shows(*TEXTS)
    return reader


def test_all_texts_with_their_labels(reader: Reader) -> None:
    rows = [reader.row(number) for number in range(6)]
    assert [row is not None and row.labelled for row in rows] == [True, True] + 4 * [False]
    assert reader.count() == "6 texts"
    label = reader.model.index(0, Column.LABELS).data(Qt.ItemDataRole.AccessibleTextRole)
    assert label == "new claim"


def test_search_takes_the_words_as_they_are_typed(reader: Reader) -> None:
    reader.press(Key.Key_Slash)
    search = reader.part(QLineEdit, "texts.search")
    assert search.hasFocus()
    reader.qtbot.keyClicks(search, "flooded cellar")
    reader.shows(TEXTS[0], TEXTS[3])
    assert reader.count() == "2 of 6"
    for words, found in (("don't", TEXTS[1]), ("C++", TEXTS[1]), ("cafe", TEXTS[5])):
        search.setText(words)
        reader.shows(found)
    search.setText('zebra "')
    page = reader.part(QWidget, "texts.no_hits")
    reader.until(page.isVisible)
    assert "zebra" in page.accessibleName()
    page.findChild(QPushButton).click()
    reader.shows(*TEXTS)
    assert search.text() == ""


def test_filters_narrow_each_other(reader: Reader) -> None:
    reader.pick("texts.filter_state", "Labelled")
    reader.shows(*TEXTS[:2])
    reader.pick("texts.filter_label", "claim status")
    reader.shows(TEXTS[1])
    reader.pick("texts.filter_label", "Any label")
    reader.pick("texts.filter_state", "Not labelled")
    reader.shows(*TEXTS[2:])
    reader.press(Key.Key_Backspace, CONTROL)
    reader.shows(*TEXTS)


def test_another_view_can_set_the_filter(reader: Reader) -> None:
    project = reader.window.bridge.project
    assert project is not None
    labels = tuple(label.id for label in project.task.labels[:2])
    reader.window.open_view("texts", filter=TextFilter(label_ids=labels))
    reader.shows(*TEXTS[:2])
    assert reader.part(QComboBox, "texts.filter_label").currentText() == "2 labels"


def test_a_key_labels_all_chosen_texts_in_one_step(reader: Reader) -> None:
    reader.table.choose_rows(1, 4)
    reader.until(lambda: reader.count().startswith("4 chosen"))
    reader.press(Key.Key_3)
    reader.until(lambda: reader.labels_on_disk()[1:5] == 4 * [["complaint"]])
    reader.until(lambda: reader.row(4).label_ids == (3,))
    reader.press(Key.Key_Z)
    wanted = [["new claim"], ["claim status"], [], [], [], []]
    reader.until(lambda: reader.labels_on_disk() == wanted)
    reader.until(lambda: reader.row(4).label_ids == ())


def test_flag_skip_and_clear(reader: Reader) -> None:
    reader.table.choose_rows(0, 1)
    reader.press(Key.Key_F)
    reader.until(lambda: reader.row(0).flagged)
    reader.press(Key.Key_F)
    reader.until(lambda: not reader.row(1).flagged)
    reader.press(Key.Key_Delete)
    reader.until(lambda: reader.labels_on_disk()[:2] == [[], []])
    reader.window.actions_.trigger("texts.skip")
    reader.until(lambda: reader.row(1).skipped)


def test_a_filtered_list_follows_the_labels(reader: Reader) -> None:
    reader.pick("texts.filter_state", "Not labelled")
    reader.shows(*TEXTS[2:])
    reader.table.choose_row(1)
    reader.table.setFocus()
    reader.press(Key.Key_1)
    reader.shows(TEXTS[2], TEXTS[4], TEXTS[5])
    assert reader.table.currentIndex().row() == 1


def test_the_chosen_text_is_read_whole_beside_the_table(reader: Reader) -> None:
    reader.table.choose_row(5)
    pane = reader.part(ReadingPane, "texts.detail_text")
    reader.until(lambda: pane.content() == TEXTS[5])
    reader.press(Key.Key_D, CONTROL)
    assert not reader.part(QWidget, "texts.detail").isVisible()


def test_enter_opens_the_text_in_annotate(reader: Reader) -> None:
    reader.table.choose_row(3)
    reader.press(Key.Key_Return)
    pane = reader.part(ReadingPane, "annotate.text")
    reader.until(lambda: pane.content() == TEXTS[3])


def test_columns_sort_by_what_they_say(reader: Reader) -> None:
    header = reader.table.horizontalHeader()
    header.sectionClicked.emit(Column.LENGTH)
    by_length = sorted(TEXTS, key=len)
    reader.until(lambda: reader.model.index(0, 0).data() == by_length[0])
    header.sectionClicked.emit(Column.LENGTH)
    reader.until(lambda: reader.model.index(0, 0).data() == by_length[-1])


def test_a_project_without_texts_offers_the_import(
    read: Callable[[Path], Reader], make_project: Callable[..., Path]
) -> None:
    reader = read(make_project(contents=(), texts=0, labelled=0))
    page = reader.part(QWidget, "texts.none")
    reader.until(page.isVisible)
    assert page.findChild(QPushButton).isEnabled()


def test_several_labels_are_given_and_taken_beside_each_other(
    read: Callable[[Path], Reader], make_project: Callable[..., Path]
) -> None:
    reader = read(make_project(contents=TEXTS, labelled=2, multi_label=True))
    reader.shows(*TEXTS)
    reader.table.choose_rows(0, 2)
    reader.press(Key.Key_3)
    given = [["complaint", "new claim"], ["claim status", "complaint"], ["complaint"], [], [], []]
    reader.until(lambda: reader.labels_on_disk() == given)
    reader.until(lambda: all(3 in reader.row(n).label_ids for n in range(3)))
    reader.press(Key.Key_3)
    taken = [["new claim"], ["claim status"], [], [], [], []]
    reader.until(lambda: reader.labels_on_disk() == taken)
    reader.press(Key.Key_Z)
    reader.until(lambda: reader.labels_on_disk() == given)


def test_letters_do_not_walk_through_the_table(reader: Reader) -> None:
    """Qt's own keyboard search would read every row of a million."""
    reader.table.choose_row(0)
    reader.press(Key.Key_P)
    assert reader.table.currentIndex().row() == 0


@pytest.mark.slow
def test_fifty_thousand_rows_scroll_smoothly(
    read: Callable[[Path], Reader], tmp_path: Path
) -> None:
    contents = [f"Letter {number} about a roof, a car and a dog." for number in range(50_000)]
    source = tmp_path / "many.jsonl"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in contents))
    path = tmp_path / "many.glossator"
    with Engine(suggestions=False) as engine:
        task = engine.submit(CreateProject(str(path), ("a", "b"))).result(WAIT).task
        engine.submit(ImportTexts(str(source), task.id)).result(WAIT)
    reader = read(path)
    reader.until(lambda: reader.model.rowCount() == 50_000)
    bar = reader.table.verticalScrollBar()
    for step in range(20):
        started = time.perf_counter()
        bar.setValue(bar.maximum() * step // 19)
        reader.table.viewport().repaint()
        assert time.perf_counter() - started < 0.25
        top = reader.table.rowAt(1)
        reader.until(lambda top=top: reader.row(top) is not None)
        assert reader.model.index(top, 0).data() == contents[top]
    started = time.perf_counter()
    reader.table.selectAll()
    reader.table.window().repaint()
    assert len(reader.table.chosen_ids()) == 50_000
    assert time.perf_counter() - started < 1.0


def test_a_right_click_is_not_needed(reader: Reader) -> None:
    """Everything the view can do has an action, and a double click opens the text."""
    index = reader.model.index(2, 0)
    place: QPoint = reader.table.visualRect(index).center()
    viewport = QTableView.viewport(reader.table)
    reader.qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    reader.qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    pane = reader.part(ReadingPane, "annotate.text")
    reader.until(lambda: pane.content() == TEXTS[2])
