"""Passages are marked by key: what is shown at once, and what is on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QSpinBox, QWidget

from desktop.actions import ACTIONS
from desktop.annotate.spans.passage_list import PassageList
from desktop.widgets.label_button import LabelButton
from engine.api import Engine, GetText, OpenProject, RemoveLabel, SetSpans

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
LETTERS = (
    "We wrote to Adaeze Okafor on 3 March about the water in her basement.",
    "Then Okafor called from Leeds, and Okafor was not content.",
    "Nothing is to be found in this one.",
    "In York it rained on 4 May 2024.",
)
SUGGESTED = (
    ((12, 25, "PER", 0.97), (29, 36, "DATE", 0.93), (47, 52, "PLACE", 0.55)),
    ((5, 11, "PER", 0.99),),
    (),
    ((3, 7, "PER", 0.6), (20, 31, "DATE", 0.98)),
)

Annotate = Callable[[Path], Any]
MakeProject = Callable[..., Path]


@pytest.fixture
def annotator(annotate: Annotate, make_span_project: MakeProject) -> Any:
    """Four letters in which nothing is marked; the labels PER, DATE, PLACE have the keys 1 to 3."""
    return annotate(make_span_project(LETTERS))


@pytest.fixture
def suggesting(
    annotate: Annotate, make_span_project: MakeProject, with_span_model: MakeProject
) -> Any:
    """The same letters, with what a model finds in them."""
    annotator = annotate(with_span_model(make_span_project(LETTERS), SUGGESTED))
    annotator.until(lambda: annotator.current() == ("Adaeze Okafor", "PER"))
    return annotator


def test_a_key_marks_the_likely_passage_and_the_next_is_there(annotator: Any) -> None:
    assert annotator.selected() == "Adaeze Okafor"
    annotator.press(Key.Key_1)
    assert annotator.marked() == [("Adaeze Okafor", "PER")]
    assert annotator.selected() == "3 March"
    annotator.press(Key.Key_2)
    assert "Enter finishes: 2 passages" in annotator.hint()
    annotator.press(Key.Key_Return)
    assert annotator.text() == LETTERS[1]
    annotator.until(
        lambda: annotator.passages_of(LETTERS[0]) == [("Adaeze Okafor", "PER"), ("3 March", "DATE")]
    )


def test_without_a_selection_the_word_at_the_caret_is_marked(annotator: Any) -> None:
    annotator.press(Key.Key_Home)
    annotator.press(Key.Key_Right)
    annotator.press(Key.Key_3)
    assert annotator.marked() == [("wrote", "PLACE")]
    annotator.until(lambda: annotator.passages_of(LETTERS[0]) == [("wrote", "PLACE")])


def test_shift_and_the_arrows_choose_what_is_marked(annotator: Any) -> None:
    annotator.press(Key.Key_Home)
    for _ in range(3):
        annotator.press(Key.Key_Right, SHIFT)
    annotator.press(Key.Key_1)
    assert annotator.marked() == [("We wrote to", "PER")]


def test_another_key_changes_the_label_of_the_passage_one_is_at(annotator: Any) -> None:
    annotator.press(Key.Key_3)
    annotator.press(Key.Key_Tab, SHIFT)
    assert annotator.current() == ("Adaeze Okafor", "PLACE")
    assert "A key changes the label" in annotator.hint()
    annotator.press(Key.Key_1)
    assert annotator.current() == ("Adaeze Okafor", "PER")
    annotator.press(Key.Key_1)
    annotator.until(lambda: annotator.passages_of(LETTERS[0]) == [("Adaeze Okafor", "PER")])
    assert annotator.marked() == [("Adaeze Okafor", "PER")]


def test_backspace_takes_the_mark_off(annotator: Any) -> None:
    annotator.press(Key.Key_1)
    annotator.press(Key.Key_2)
    annotator.press(Key.Key_Tab, SHIFT)
    assert annotator.current() == ("3 March", "DATE")
    annotator.press(Key.Key_Backspace)
    assert annotator.marked() == [("Adaeze Okafor", "PER")]
    assert annotator.selected() == "3 March"
    annotator.press(Key.Key_Home)
    annotator.canvas.set_caret(14)
    annotator.press(Key.Key_Delete)
    assert annotator.marked() == []
    annotator.until(lambda: not annotator.stored(LETTERS[0]).row.labelled)


def test_alt_and_the_arrows_move_the_borders(annotator: Any) -> None:
    annotator.press(Key.Key_1)
    annotator.press(Key.Key_Tab, SHIFT)
    for _ in range(3):
        annotator.press(Key.Key_Left, ALT)
    annotator.press(Key.Key_Right, ALT | SHIFT)
    assert annotator.current() == ("daeze Oka", "PER")
    annotator.until(lambda: annotator.passages_of(LETTERS[0]) == [("daeze Oka", "PER")])


def test_enter_says_that_there_is_nothing_to_mark(annotator: Any) -> None:
    annotator.press(Key.Key_Space)
    annotator.press(Key.Key_Space)
    assert annotator.text() == LETTERS[2]
    assert "Enter finishes: nothing to mark" in annotator.hint()
    annotator.press(Key.Key_Return)
    assert annotator.text() == LETTERS[3]
    annotator.until(lambda: annotator.stored(LETTERS[2]).row.labelled)
    assert annotator.passages_of(LETTERS[2]) == []
    assert annotator.stored(LETTERS[0]).row.skipped


def test_ten_steps_are_undone_and_five_done_again_after_closing_too(
    annotator: Any, annotate: Annotate
) -> None:
    for key in (1, 2):  # "Adaeze Okafor", "3 March"
        annotator.press(Key(Key.Key_0 + key))
    annotator.press(Key.Key_Return)
    for key in (1, 3, 1):  # "Okafor", "Leeds", "Okafor"
        annotator.press(Key(Key.Key_0 + key))
    annotator.press(Key.Key_Return)
    annotator.press(Key.Key_Return)  # nothing to mark in the third
    for key in (3, 2):  # "York", "4 May 2024"
        annotator.press(Key(Key.Key_0 + key))
    annotator.press(Key.Key_Tab)
    assert annotator.current() == ("York", "PLACE")
    annotator.press(Key.Key_1)
    annotator.press(Key.Key_Backspace)
    annotator.until(lambda: annotator.passages_of(LETTERS[3]) == [("4 May 2024", "DATE")])
    for _ in range(10):
        annotator.press(Key.Key_Z)
    annotator.until(lambda: annotator.labelled() == 0)
    annotator.until(lambda: annotator.text() == LETTERS[0] and annotator.marked() == [])
    assert annotator.selected() == "Adaeze Okafor"
    for _ in range(5):
        annotator.press(Key.Key_Z, SHIFT)
    marks = [("Okafor", "PER"), ("Leeds", "PLACE"), ("Okafor", "PER")]
    annotator.until(lambda: annotator.passages_of(LETTERS[1]) == marks)
    annotator.until(lambda: annotator.text() == LETTERS[1] and annotator.marked() == marks)
    assert annotator.passages_of(LETTERS[0]) == [("Adaeze Okafor", "PER"), ("3 March", "DATE")]
    path = annotator.project.path
    annotator.window.bridge.close()
    with Engine(suggestions=False) as engine:
        task = engine.submit(OpenProject(path)).result(15).task
        details = [engine.ask(GetText(task.id, number)).result(15) for number in (1, 2, 3, 4)]
        assert [len(detail.spans) for detail in details] == [2, 3, 0, 0]
        assert engine.submit(OpenProject(path)).result(15).redo == "Found nothing to mark"


def test_a_shows_where_the_same_words_are_and_marks_them_the_second_time(annotator: Any) -> None:
    annotator.press(Key.Key_Return)
    annotator.press(Key.Key_1)
    annotator.press(Key.Key_A)
    assert annotator.marked() == [("Okafor", "PER")]
    assert "A again marks 1 more place as PER" in annotator.hint()
    annotator.press(Key.Key_Escape)
    assert "again" not in annotator.hint()
    annotator.press(Key.Key_A)
    annotator.press(Key.Key_A)
    assert annotator.marked() == [("Okafor", "PER"), ("Okafor", "PER")]
    annotator.until(lambda: len(annotator.passages_of(LETTERS[1])) == 2)
    assert [span.origin for span in annotator.stored(LETTERS[1]).spans] == ["person", "bulk"]
    annotator.press(Key.Key_Z)
    annotator.until(lambda: annotator.passages_of(LETTERS[1]) == [("Okafor", "PER")])


def test_a_click_with_control_does_the_same_as_a(annotator: Any) -> None:
    annotator.press(Key.Key_Return)
    annotator.press(Key.Key_1)
    canvas = annotator.canvas

    def click(position: int) -> None:
        point = canvas.rect_of(position).center()
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, CONTROL, point)

    click(8)
    assert "1 more place" in annotator.hint()
    annotator.press(Key.Key_Right)
    assert "1 more place" not in annotator.hint()
    click(8)
    click(8)
    annotator.until(lambda: len(annotator.passages_of(LETTERS[1])) == 2)
    click(8)
    assert "more place" not in annotator.hint()


def test_enter_accepts_what_is_suggested_one_after_the_other(suggesting: Any) -> None:
    assert "Enter accepts PER" in suggesting.hint()
    suggesting.press(Key.Key_Return)
    assert suggesting.marked() == [("Adaeze Okafor", "PER")]
    assert suggesting.current() == ("3 March", "DATE")
    suggesting.press(Key.Key_Return)
    assert suggesting.current() == ("water", "PLACE")
    suggesting.press(Key.Key_Backspace)
    assert suggesting.marked("suggestion") == []
    suggesting.press(Key.Key_Return)
    assert suggesting.text() == LETTERS[1]
    assert suggesting.current() == ("Okafor", "PER")
    wanted = [("Adaeze Okafor", "PER"), ("3 March", "DATE")]
    suggesting.until(lambda: suggesting.passages_of(LETTERS[0]) == wanted)
    detail = suggesting.stored(LETTERS[0])
    assert {span.origin for span in detail.spans} == {"suggestion accepted"}
    assert detail.origin == "person"


def test_what_was_left_out_comes_back_by_undo(suggesting: Any) -> None:
    suggesting.press(Key.Key_Backspace)
    assert ("Adaeze Okafor", "PER") not in suggesting.marked("suggestion")
    suggesting.press(Key.Key_Z)
    suggesting.until(lambda: ("Adaeze Okafor", "PER") in suggesting.marked("suggestion"))


def test_a_key_accepts_the_passage_under_another_label(suggesting: Any) -> None:
    suggesting.press(Key.Key_3)
    assert suggesting.marked() == [("Adaeze Okafor", "PLACE")]
    suggesting.until(lambda: suggesting.passages_of(LETTERS[0]) == [("Adaeze Okafor", "PLACE")])
    assert suggesting.stored(LETTERS[0]).spans[0].origin == "person"


def test_all_that_is_likely_enough_is_accepted_in_one_step(suggesting: Any) -> None:
    assert "Ctrl+Enter accepts 2" in suggesting.hint()
    suggesting.press(Key.Key_Return, CONTROL)
    assert suggesting.marked() == [("Adaeze Okafor", "PER"), ("3 March", "DATE")]
    assert suggesting.current() == ("water", "PLACE")
    suggesting.press(Key.Key_Z)
    suggesting.until(lambda: suggesting.passages_of(LETTERS[0]) == [])
    suggesting.until(lambda: len(suggesting.marked("suggestion")) == 3)
    suggesting.part(QSpinBox, "annotate.accept_from").setValue(50)
    assert "Ctrl+Enter accepts 3" in suggesting.hint()
    suggesting.press(Key.Key_Return, CONTROL)
    assert len(suggesting.marked()) == 3


def test_a_suggestion_never_takes_the_place_of_what_a_person_marked(suggesting: Any) -> None:
    suggesting.canvas.select(9, 19)  # "to Adaeze "
    suggesting.press(Key.Key_2)
    assert suggesting.marked() == [("to Adaeze", "DATE")]
    assert ("Adaeze Okafor", "PER") not in suggesting.marked("suggestion")
    suggesting.press(Key.Key_Return, CONTROL)
    suggesting.until(
        lambda: suggesting.passages_of(LETTERS[0]) == [("to Adaeze", "DATE"), ("3 March", "DATE")]
    )


def test_what_the_engine_refuses_comes_back(annotator: Any) -> None:
    annotator.press(Key.Key_1)
    annotator.until(lambda: annotator.passages_of(LETTERS[0]) == [("Adaeze Okafor", "PER")])
    task = annotator.project.task
    # Another window of the program has just taken the label out of the task.
    view = annotator.window.views.currentWidget()
    view._desk.press(99)
    assert len(annotator.canvas.marks()) == 1  # a label that is not known is not drawn
    banner = annotator.part(QWidget, "strip").banner
    annotator.until(banner.isVisible)
    annotator.until(lambda: annotator.marked() == [("Adaeze Okafor", "PER")])
    assert annotator.passages_of(LETTERS[0]) == [("Adaeze Okafor", "PER")]
    annotator.send(RemoveLabel(task.labels[0].id))
    annotator.until(lambda: annotator.marked() == [])


def test_marks_made_elsewhere_are_shown(annotator: Any) -> None:
    task = annotator.project.task
    annotator.send(SetSpans(task.id, 1, ((0, 2, task.labels[0].id),)))
    annotator.until(lambda: annotator.marked() == [("We", "PER")])


def test_the_passages_stand_in_a_line_and_a_click_goes_there(suggesting: Any) -> None:
    suggesting.press(Key.Key_Return)
    line = suggesting.part(PassageList, "annotate.passages")
    assert line.words() == [
        "PER Adaeze Okafor",
        "DATE 3 March (suggested .93)",
        "PLACE water (suggested .55)",
    ]
    assert "3 March" in line.accessibleDescription()
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=line.rect().center() / 8)
    assert suggesting.current() == ("Adaeze Okafor", "PER")


def test_a_click_marks_and_stays_where_one_points(annotator: Any) -> None:
    canvas = annotator.canvas
    point = canvas.rect_of(4).center()
    QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert annotator.selected() == "wrote"
    annotator.part(LabelButton, "annotate.label.2").click()
    assert annotator.marked() == [("wrote", "DATE")]
    assert annotator.selected() == ""


def test_texts_are_walked_flagged_and_commented_as_ever(annotator: Any) -> None:
    annotator.press(Key.Key_PageDown, ALT)
    assert annotator.text() == LETTERS[1]
    annotator.press(Key.Key_PageUp, ALT)
    assert annotator.text() == LETTERS[0]
    annotator.press(Key.Key_F)
    annotator.press(Key.Key_C)
    field = annotator.part(QLineEdit, "annotate.comment")
    annotator.qtbot.keyClicks(field, "a 1. b")
    annotator.qtbot.keyClick(field, Key.Key_Return)
    annotator.until(lambda: annotator.stored(LETTERS[0]).row.comment == "a 1. b")
    assert annotator.stored(LETTERS[0]).row.flagged
    assert annotator.canvas.hasFocus()
    assert annotator.marked() == []


def test_figures_follow_every_key(annotator: Any) -> None:
    annotator.until(lambda: annotator.part(QLabel, "annotate.left").text() == "4 left")
    annotator.press(Key.Key_1)
    assert annotator.part(QLabel, "annotate.left").text() == "3 left"
    annotator.press(Key.Key_Tab, SHIFT)
    annotator.press(Key.Key_Backspace)
    assert annotator.part(QLabel, "annotate.left").text() == "4 left"


def test_only_the_commands_of_its_kind_of_task_are_there(annotator: Any) -> None:
    actions = annotator.window.actions_
    for id in ("annotate.accept", "annotate.clear"):
        assert not actions.qaction(id).isEnabled()
        assert not actions.qaction(id).isVisible()
    for action in ACTIONS:
        if action.view == "annotate.spans":
            assert action.id not in actions.unbound()
            assert actions.qaction(action.id).isVisible()
    assert actions.qaction("annotate.accept_passage").isEnabled()


def test_everything_one_can_touch_has_a_name(suggesting: Any) -> None:
    view = suggesting.window.views.currentWidget()
    for widget in view.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            words = (widget.accessibleName(), getattr(widget, "text", str)())
            assert any(words), widget.objectName()


def test_the_sheet_of_keys_lists_those_of_passages(annotator: Any) -> None:
    annotator.press(Key.Key_Question)
    sheet = annotator.part(QWidget, "keys")
    words = {label.text() for label in sheet.findChildren(QLabel)}
    assert {"Accept all likely passages", "Next passage", "Tab", "Alt+Right"} <= words
    assert "Take the label off" not in words
    annotator.qtbot.keyClick(sheet, Key.Key_Escape)


def test_commands_that_are_keys_of_the_text_work_by_their_words_too(annotator: Any) -> None:
    actions = annotator.window.actions_
    annotator.press(Key.Key_Home)
    assert actions.trigger("annotate.extend")
    assert annotator.selected() == "We"
    assert actions.trigger("annotate.end_on")
    assert annotator.selected() == "We "
    assert actions.trigger("annotate.next_passage")
    assert annotator.selected() == "Adaeze Okafor"
