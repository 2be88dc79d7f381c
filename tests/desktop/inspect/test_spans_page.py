"""The mistakes of a model that marks passages, decided about one by one in the real window."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.inspect.spans.page import SpansPage
from engine.api import GetCounts, GetText, SpanError, SpanMark

Open = Callable[..., SpansPage]
WAIT = 15_000
NO_MODIFIER = Qt.KeyboardModifier.NoModifier
PER, ORG, DATE, PLACE = 1, 2, 3, 4


@pytest.fixture
def page(marked: Path, open_passages: Open) -> SpansPage:
    return open_passages(marked)


class Reader:
    """A person at the page: goes to an error and presses keys."""

    def __init__(self, page: SpansPage, qtbot: QtBot) -> None:
        self.page = page
        self.qtbot = qtbot
        page.rows.setFocus()

    @property
    def errors(self) -> list[SpanError]:
        return self.page.inspection.rows

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=WAIT)

    def go_to(self, passage: str, kind: str) -> SpanError:
        place = next(
            at for at, e in enumerate(self.errors) if (e.passage, e.kind) == (passage, kind)
        )
        self.page.rows.setCurrentIndex(self.page.rows.model().index(place, 0))
        error = self.errors[place]
        self.until(lambda: self.page.panel.text_id == error.text_id)
        self.until(lambda: self.here() == (error.mark.start, error.mark.end))
        return error

    def here(self) -> tuple[int, int] | None:
        mark = self.page.panel.canvas.current()
        return None if mark is None else (mark.start, mark.end)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        focus = QApplication.focusWidget() or self.page.rows
        self.qtbot.keyClick(focus, key, modifiers)

    def gold(self, text_id: int) -> set[tuple[int, int, int]]:
        answers: list[object] = []
        self.page.context.bridge.ask(GetText(1, text_id), answers.append)
        self.until(lambda: bool(answers))
        detail = answers[0]
        return {(span.start, span.end, span.label_id) for span in detail.spans}

    def until_gold(
        self, text_id: int, condition: Callable[[set[tuple[int, int, int]]], bool]
    ) -> None:
        deadline = time.monotonic() + WAIT / 1000
        while not condition(found := self.gold(text_id)):
            assert time.monotonic() < deadline, found
            self.qtbot.wait(10)

    def gone(self, passage: str, kind: str) -> bool:
        return (passage, kind) not in [(error.passage, error.kind) for error in self.errors]


@pytest.fixture
def reader(page: SpansPage, qtbot: QtBot) -> Reader:
    return Reader(page, qtbot)


def test_the_page_counts_what_the_score_says(page: SpansPage) -> None:
    evaluation, table = page.inspection.evaluation, page.errors
    for kind, number in evaluation.errors.items():
        assert table.count(None, kind) == number
    assert table.count(None, None) == len(page.inspection.rows) == sum(evaluation.errors.values())
    assert page.findChild(QLabel, "inspect.spans.score").text() == f"{evaluation.f1:.2f}"
    assert (
        f"partial {evaluation.partial_f1:.2f}"
        in page.findChild(QLabel, "inspect.spans.score_words").text()
    )


def test_a_click_on_a_figure_lists_exactly_its_mistakes(reader: Reader) -> None:
    page = reader.page
    with reader.qtbot.waitSignal(page.inspection.rows_changed, timeout=WAIT):
        page.errors.choose(PLACE, "type")
    assert [(e.passage, e.kind) for e in reader.errors] == [
        ("Leeds", "type"), ("Leeds", "type"), ("Rye", "type"),
    ]  # fmt: skip
    caption = page.findChild(QLabel, "inspect.spans.caption").text()
    assert caption == "3 mistakes: wrong label, PLACE"
    with reader.qtbot.waitSignal(page.inspection.rows_changed, timeout=WAIT):
        reader.qtbot.mouseClick(page.all, Qt.MouseButton.LeftButton)
    assert len(reader.errors) == page.errors.count(None, None)


def test_figures_are_chosen_by_keyboard_without_deciding_anything(reader: Reader) -> None:
    page = reader.page
    before = reader.gold(1)
    page.errors.setFocus()
    page.errors.setCurrentIndex(page.errors.model().index(PLACE - 1, 2))
    with reader.qtbot.waitSignal(page.inspection.rows_changed, timeout=WAIT):
        reader.press(Qt.Key.Key_Return)
    assert {error.kind for error in reader.errors} == {"type"}
    assert reader.gold(1) == before


def test_the_most_frequent_confusion_of_a_string_leads_to_its_places(reader: Reader) -> None:
    page = reader.page
    page.tabs.setCurrentWidget(page.strings)
    model = page.strings.model()
    words = [model.index(0, column).data() for column in range(4)]
    assert words == ["Leeds", "PLACE", "COMPANY", "2"]
    with reader.qtbot.waitSignal(page.inspection.rows_changed, timeout=WAIT):
        where = page.strings.visualRect(model.index(0, 0)).center()
        reader.qtbot.mouseClick(page.strings.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert [error.text_id for error in reader.errors] == [1, 3]


def test_gold_stands_above_the_line_and_the_prediction_below(reader: Reader) -> None:
    error = reader.go_to("Okafor", "boundary")
    canvas = reader.page.panel.canvas
    marks = canvas.marks_at(10)
    assert {(mark.start, mark.end, mark.kind) for mark in marks} == {
        (8, 14, "gold"), (5, 14, "predicted"),
    }  # fmt: skip
    assert (canvas.current().start, canvas.current().kind) == (8, "gold")
    words = reader.page.panel.findChild(QLabel, "inspect.span_kind").text()
    assert words == "Wrong borders: “Okafor” marked as PERSON, found as PERSON, 91 % sure"
    assert error.predicted == SpanMark(5, 14, PER)


@pytest.mark.parametrize(
    ("key", "passage", "kind", "text_id", "gone", "new"),
    [
        (Qt.Key.Key_Return, "Okafor", "boundary", 1, (8, 14, PER), (5, 14, PER)),
        (Qt.Key.Key_P, "Rye", "type", 4, (23, 26, PLACE), (23, 26, ORG)),
        (Qt.Key.Key_Return, "June", "spurious", 4, None, (66, 70, DATE)),
        (Qt.Key.Key_P, "12 May", "missing", 2, (54, 60, DATE), None),
    ],
)
def test_enter_or_p_takes_the_prediction_and_goes_on(
    reader: Reader,
    key: Qt.Key,
    passage: str,
    kind: str,
    text_id: int,
    gone: tuple[int, int, int] | None,
    new: tuple[int, int, int] | None,
) -> None:
    before = reader.gold(text_id)
    reader.go_to(passage, kind)
    place = reader.page.rows.currentIndex().row()
    last = place == len(reader.errors) - 1
    reader.press(key)
    assert reader.page.rows.currentIndex().row() == place + (not last)
    reader.until(lambda: reader.gone(passage, kind))
    wanted = (before - {gone}) | ({new} if new else set())
    assert reader.gold(text_id) == wanted
    reader.press(Qt.Key.Key_Z)
    reader.until(lambda: not reader.gone(passage, kind))
    assert reader.gold(text_id) == before


def test_keeping_goes_on_and_changes_nothing(reader: Reader) -> None:
    first, second, third = reader.errors[:3]
    assert reader.page.rows.current() == first
    reader.press(Qt.Key.Key_K)
    assert reader.page.rows.current() == second
    reader.press(Qt.Key.Key_K)
    assert reader.page.rows.current() == third
    reader.press(Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert reader.errors[0] == first


def test_an_ambiguous_passage_leaves_its_reason_in_the_guideline(reader: Reader) -> None:
    error = reader.go_to("Leeds", "type")
    reader.press(Qt.Key.Key_A)
    field = reader.page.panel.findChild(QLineEdit, "inspect.reason")
    assert field.hasFocus()
    reader.qtbot.keyClicks(field, "a place or the office there?")
    reader.press(Qt.Key.Key_Return)
    task = lambda: reader.page.inspection.project.task  # noqa: E731
    reader.until(lambda: "“Leeds”: a place or the office" in task().label(PLACE).guideline)
    assert reader.page.rows.hasFocus()
    assert reader.page.rows.current() != error
    reader.until(lambda: any(e.flagged for e in reader.errors if e.text_id == error.text_id))
    reader.press(Qt.Key.Key_Z)
    reader.until(lambda: task().label(PLACE).guideline == "")
    reader.until(lambda: not any(e.flagged for e in reader.errors))


def test_without_a_reason_nothing_is_marked_as_ambiguous(reader: Reader) -> None:
    reader.go_to("Leeds", "type")
    reader.press(Qt.Key.Key_A)
    reader.press(Qt.Key.Key_Return)
    strip = reader.page.context.strip
    reader.until(lambda: "in a few words" in strip.banner.sentence)
    reader.press(Qt.Key.Key_A)
    reader.press(Qt.Key.Key_Escape)
    assert reader.page.rows.hasFocus()


def test_a_label_key_gives_the_passage_that_label(reader: Reader) -> None:
    reader.go_to("Rye", "type")
    reader.press(Qt.Key.Key_1)
    reader.until_gold(4, lambda gold: (23, 26, PER) in gold)
    reader.go_to("June", "spurious")
    reader.press(Qt.Key.Key_4)
    reader.until_gold(4, lambda gold: (66, 70, PLACE) in gold)


def test_a_label_key_marks_what_is_selected(reader: Reader) -> None:
    reader.go_to("June", "spurious")
    reader.page.panel.canvas.select(15, 19)
    reader.press(Qt.Key.Key_2)
    reader.until_gold(4, lambda gold: (15, 19, ORG) in gold)


def test_the_last_mark_that_goes_leaves_a_labelled_text(reader: Reader) -> None:
    reader.go_to("Leeds", "spurious")
    reader.press(Qt.Key.Key_Return)
    reader.until_gold(5, lambda gold: gold == {(47, 52, PLACE)})
    reader.until(lambda: reader.gone("Leeds", "spurious"))
    reader.press(Qt.Key.Key_Z)
    reader.until(lambda: reader.page.rows.current().text_id == 5)
    reader.go_to("12 May", "missing")
    reader.press(Qt.Key.Key_Backspace)
    reader.until_gold(2, lambda gold: (54, 60, DATE) not in gold)
    counts: list[object] = []
    reader.page.context.bridge.ask(GetCounts(1), counts.append)
    reader.until(lambda: bool(counts))
    assert counts[0].labelled == 5


def test_borders_are_nudged_from_the_list_and_from_the_text(reader: Reader) -> None:
    alt, shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
    reader.go_to("Okafor", "boundary")
    for _ in range(3):  # faster than the engine answers
        reader.press(Qt.Key.Key_Left, alt | shift)
    assert reader.here() == (5, 14)
    reader.until_gold(1, lambda gold: (5, 14, PER) in gold)
    reader.until(lambda: reader.gone("Okafor", "boundary"))
    assert reader.gone("Ms Okafor", "boundary")
    reader.go_to("Okafor & Sons", "boundary_and_type")
    reader.page.panel.canvas.setFocus()
    reader.press(Qt.Key.Key_Left, alt)
    reader.until_gold(4, lambda gold: (37, 49, ORG) in gold)


def test_a_comparison_lists_what_was_won_and_lost(reader: Reader) -> None:
    page = reader.page
    inspection = page.inspection
    second = next(model for model in inspection.models if model.name == "second")
    inspection.choose_against(second.id)
    reader.until(lambda: inspection.comparison is not None)
    words = page.findChild(QLabel, "inspect.span_comparison_words").text()
    assert "Of 12 marked passages, first alone finds 1 and second alone 7." in words
    for name, passages in (
        ("won", ["Harbour Mutual"]),
        ("came", ["Leeds", "June"]),
        ("went", ["clerk"]),
    ):
        button = page.findChild(QPushButton, f"inspect.spans_{name}")
        page.tabs.setCurrentWidget(page.comparison_tab())
        reader.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert set(passages) <= {error.passage for error in reader.errors}


def test_the_label_table_lists_what_is_behind_it(reader: Reader) -> None:
    page = reader.page
    with reader.qtbot.waitSignal(page.inspection.rows_changed, timeout=WAIT):
        page._scores.chosen.emit(DATE, False)
    assert {error.gold.label_id for error in reader.errors} == {DATE}


def test_a_model_of_labels_is_shown_on_the_other_page(
    reader: Reader, make_predicted: Callable[..., Path]
) -> None:
    window = reader.page.window()
    window.commands.open_project(make_predicted(texts=20, name="labels"))
    reader.until(lambda: Path(getattr(window.bridge.project, "path", "")).stem == "labels")
    window.open_view("inspect")
    reader.until(lambda: not reader.page.isVisible())
    assert not window.actions_.qaction("inspect.take").isVisible()
    assert window.actions_.qaction("inspect.keep").isVisible()
