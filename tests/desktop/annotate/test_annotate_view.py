"""Labelling by key: what is shown at once, and what is on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from desktop.widgets.reading_pane import ReadingPane
from engine.api import ClearLabels, Engine, GetText, ListTextIds, OpenProject, SetLabels

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
TEXTS = tuple(f"Text number {number}." for number in range(6))

Annotate = Callable[[Path], Any]
MakeProject = Callable[..., Path]


@pytest.fixture
def annotator(annotate: Annotate, make_project: MakeProject) -> Any:
    """Six texts, none of them labelled; three labels with the keys 1 to 3."""
    return annotate(make_project(contents=TEXTS, labelled=0))


def test_a_key_labels_and_the_next_text_is_there_at_once(annotator: Any) -> None:
    for number in range(5):
        assert annotator.text() == TEXTS[number]
        annotator.press((Key.Key_1, Key.Key_2, Key.Key_3)[number % 3])
    assert annotator.text() == TEXTS[5]
    wanted = ["new claim", "claim status", "complaint", "new claim", "claim status"]
    annotator.until(lambda: annotator.labelled() == 5)
    assert [annotator.labels_of(text) for text in TEXTS[:5]] == [[name] for name in wanted]


def test_labels_are_in_the_file_when_the_program_is_gone(annotator: Any) -> None:
    path = annotator.project.path
    for key in (Key.Key_1, Key.Key_2, Key.Key_3):
        annotator.press(key)
    annotator.window.bridge.close()
    with Engine(suggestions=False) as engine:
        task = engine.submit(OpenProject(path)).result(15).task
        ids = engine.ask(ListTextIds(task.id)).result(15)
        rows = [engine.ask(GetText(task.id, text_id)).result(15).row for text_id in ids[:4]]
    names = [[task.label(label_id).name for label_id in row.label_ids] for row in rows]
    assert names == [["new claim"], ["claim status"], ["complaint"], []]


def test_undo_shows_the_text_again_and_redo_labels_it(annotator: Any) -> None:
    annotator.press(Key.Key_1)
    annotator.press(Key.Key_2)
    annotator.press(Key.Key_Z)
    annotator.until(lambda: annotator.text() == TEXTS[1] and annotator.ticked() == [])
    assert annotator.labels_of(TEXTS[1]) == []
    annotator.press(Key.Key_Z, SHIFT)
    annotator.until(lambda: annotator.ticked() == ["claim status"])
    annotator.press(Key.Key_Z)
    annotator.until(lambda: annotator.ticked() == [])
    annotator.press(Key.Key_3)
    assert annotator.text() == TEXTS[2]
    annotator.until(lambda: annotator.labels_of(TEXTS[1]) == ["complaint"])


def test_the_arrows_walk_the_history_and_a_key_corrects(annotator: Any) -> None:
    annotator.press(Key.Key_1)
    annotator.press(Key.Key_1)
    annotator.press(Key.Key_Left)
    annotator.press(Key.Key_Left)
    annotator.until(lambda: annotator.text() == TEXTS[0] and annotator.ticked() == ["new claim"])
    annotator.press(Key.Key_2)
    assert annotator.text() == TEXTS[2]
    annotator.until(lambda: annotator.labels_of(TEXTS[0]) == ["claim status"])
    annotator.press(Key.Key_Right)
    assert annotator.text() == TEXTS[3]


def test_a_text_that_was_only_walked_past_comes_again_at_the_end(annotator: Any) -> None:
    annotator.press(Key.Key_Right)
    for _ in range(5):
        annotator.press(Key.Key_1)
    annotator.until(lambda: annotator.text() == TEXTS[0])
    annotator.press(Key.Key_1)
    annotator.until(annotator.is_empty)


def test_space_skips_and_the_skipped_texts_are_a_queue(annotator: Any) -> None:
    annotator.press(Key.Key_Space)
    assert annotator.text() == TEXTS[1]
    for _ in range(5):
        annotator.press(Key.Key_1)
    annotator.until(annotator.is_empty)
    button = annotator.part(QPushButton, "annotate.show_skipped")
    annotator.until(button.isVisible)
    button.click()
    annotator.until(lambda: annotator.text() == TEXTS[0])
    annotator.press(Key.Key_2)
    annotator.until(lambda: annotator.labels_of(TEXTS[0]) == ["claim status"])
    assert not annotator.stored(TEXTS[0]).row.skipped


def test_a_flag_and_a_comment_stay_with_the_text(annotator: Any) -> None:
    annotator.press(Key.Key_F)
    assert annotator.text() == TEXTS[0]
    assert annotator.part(QPushButton, "annotate.flag").isChecked()
    annotator.press(Key.Key_C)
    field = annotator.part(QLineEdit, "annotate.comment")
    assert field.hasFocus()
    annotator.qtbot.keyClicks(field, "ask Ms Okafor 1 2 3")
    annotator.qtbot.keyClick(field, Key.Key_Return)
    annotator.until(lambda: annotator.stored(TEXTS[0]).row.comment == "ask Ms Okafor 1 2 3")
    assert annotator.stored(TEXTS[0]).row.flagged
    assert annotator.labelled() == 0
    assert "ask Ms Okafor" in annotator.part(QLabel, "annotate.comment_text").text()


def test_backspace_takes_the_label_off(annotator: Any) -> None:
    annotator.press(Key.Key_1)
    annotator.press(Key.Key_Left)
    annotator.until(lambda: annotator.ticked() == ["new claim"])
    annotator.press(Key.Key_Backspace)
    assert annotator.ticked() == []
    annotator.until(lambda: annotator.labels_of(TEXTS[0]) == [])


def test_a_key_held_down_labels_one_text(annotator: Any) -> None:
    action = annotator.window.actions_.qaction("annotate.skip")
    assert not action.autoRepeat()


def test_a_new_label_has_a_key_that_works_at_once(annotator: Any) -> None:
    annotator.press(Key.Key_L)
    field = annotator.part(QLineEdit, "annotate.new_label")
    annotator.qtbot.keyClicks(field, "withdrawal")
    annotator.qtbot.keyClick(field, Key.Key_Return)
    annotator.until(lambda: len(annotator.project.task.labels) == 4)
    annotator.press(Key.Key_4)
    annotator.until(lambda: annotator.labels_of(TEXTS[0]) == ["withdrawal"])


def test_figures_follow_every_key(annotator: Any) -> None:
    left = annotator.part(QLabel, "annotate.left")
    progress = annotator.part(QLabel, "annotate.progress")
    annotator.until(lambda: left.text() == "6 left")
    annotator.press(Key.Key_1)
    annotator.press(Key.Key_Space)
    assert left.text() == "4 left"
    assert progress.text() == "1 of 6 labelled"


def test_what_the_engine_refuses_comes_back(annotator: Any) -> None:
    view = annotator.window.views.currentWidget()
    annotator.press(Key.Key_1)
    annotator.press(Key.Key_2)
    view._labelling.press(99)
    annotator.until(lambda: annotator.text() == TEXTS[2] and annotator.ticked() == [])
    assert annotator.labelled() == 2


def test_texts_labelled_elsewhere_are_not_offered(annotator: Any) -> None:
    task = annotator.project.task
    ids = annotator.ask(ListTextIds(task.id))
    annotator.send(SetLabels(task.id, tuple(ids[1:4]), (task.labels[0].id,), "bulk"))
    annotator.press(Key.Key_1)
    annotator.until(lambda: annotator.text() == TEXTS[4])


def test_a_text_freed_elsewhere_reopens_a_finished_queue(annotator: Any) -> None:
    for _ in TEXTS:
        annotator.press(Key.Key_1)
    annotator.until(annotator.is_empty)
    task = annotator.project.task
    ids = annotator.ask(ListTextIds(task.id))
    annotator.send(ClearLabels(task.id, (ids[2],)))
    annotator.until(lambda: annotator.text() == TEXTS[2])


def test_undo_leads_back_from_a_finished_queue_to_the_keyboard(annotator: Any) -> None:
    for _ in TEXTS:
        annotator.press(Key.Key_1)
    annotator.until(annotator.is_empty)
    annotator.press(Key.Key_Z)
    annotator.until(lambda: annotator.text() == TEXTS[5] and annotator.ticked() == [])
    assert annotator.part(ReadingPane, "annotate.text").hasFocus()
    annotator.press(Key.Key_Space)
    annotator.until(annotator.is_empty)
    assert annotator.stored(TEXTS[5]).row.skipped


def test_queues_can_be_chosen(annotator: Any) -> None:
    annotator.press(Key.Key_1)
    states = annotator.part(QComboBox, "annotate.queue_state")
    states.setCurrentIndex(states.findData("labelled"))
    annotator.until(lambda: annotator.text() == TEXTS[0] and annotator.ticked() == ["new claim"])
    states.setCurrentIndex(states.findData("flagged"))
    annotator.until(annotator.is_empty)


def test_a_chosen_text_is_shown_before_the_queue(annotator: Any) -> None:
    ids = annotator.ask(ListTextIds(annotator.project.task.id))
    annotator.window.open_view("annotate", text_id=ids[4])
    annotator.until(lambda: annotator.text() == TEXTS[4])
    annotator.press(Key.Key_3)
    assert annotator.text() == TEXTS[0]


def test_the_guideline_is_read_and_written_below_the_text(annotator: Any) -> None:
    annotator.press(Key.Key_G)
    drawer = annotator.part(QWidget, "annotate.guideline")
    assert drawer.isVisible()
    annotator.part(QPushButton, "annotate.guideline_edit").click()
    subject = annotator.part(QComboBox, "annotate.guideline_subject")
    subject.setCurrentIndex(subject.findText("complaint"))
    field = annotator.part(QPlainTextEdit, "annotate.guideline_field")
    annotator.qtbot.keyClicks(field, "Is not content, and says so.")
    subject.setCurrentIndex(0)
    annotator.qtbot.keyClicks(field, "Label what is wanted.")
    annotator.part(QPushButton, "annotate.guideline_done").click()
    annotator.until(lambda: annotator.project.task.labels[2].guideline.startswith("Is not content"))
    annotator.until(lambda: annotator.project.task.guideline == "Label what is wanted.")
    annotator.press(Key.Key_G)
    assert not drawer.isVisible()


def test_size_and_queue_are_as_they_were(annotator: Any) -> None:
    pane = annotator.part(ReadingPane, "annotate.text")
    annotator.press(Key.Key_Plus, CONTROL)
    assert pane.size_in_pixels() == 20
    annotator.window.views.currentWidget().save_state()
    assert annotator.window.settings.value("annotate/size") in (20, "20")
    annotator.press(Key.Key_0, CONTROL)
    assert pane.size_in_pixels() == 18


def test_a_project_without_texts_offers_the_import(
    annotate: Annotate, make_project: MakeProject
) -> None:
    annotator = annotate(make_project(contents=(), texts=0, labelled=0))
    page = annotator.part(QWidget, "annotate.empty")
    button = page.findChild(QPushButton, "button.texts.import")
    assert button is not None
    annotator.until(button.isVisible)
    assert button.isEnabled()


class TestSeveralLabels:
    """A task in which a text can have several labels, or none."""

    @pytest.fixture
    def annotator(self, annotate: Annotate, make_project: MakeProject) -> Any:
        return annotate(make_project(contents=TEXTS, labelled=0, multi_label=True))

    def test_keys_give_and_take_and_enter_goes_on(self, annotator: Any) -> None:
        for key in (Key.Key_1, Key.Key_3, Key.Key_2, Key.Key_3):
            annotator.press(key)
        assert annotator.text() == TEXTS[0]
        assert annotator.ticked() == ["claim status", "new claim"]
        annotator.press(Key.Key_Return)
        assert annotator.text() == TEXTS[1]
        annotator.until(lambda: annotator.labels_of(TEXTS[0]) == ["claim status", "new claim"])

    def test_enter_without_a_key_says_that_none_applies(self, annotator: Any) -> None:
        annotator.press(Key.Key_Return)
        assert annotator.text() == TEXTS[1]
        annotator.until(lambda: annotator.stored(TEXTS[0]).row.labelled)
        assert annotator.labels_of(TEXTS[0]) == []

    def test_taking_the_last_label_back_leaves_the_text_open(self, annotator: Any) -> None:
        annotator.press(Key.Key_1)
        annotator.press(Key.Key_1)
        annotator.until(lambda: not annotator.stored(TEXTS[0]).row.labelled)


def test_many_labels_are_found_by_typing(annotate: Annotate, make_project: MakeProject) -> None:
    labels = [
        f"{what} {thing}"
        for what in ("lost", "late", "wrong", "new")
        for thing in ("card", "claim", "refund", "policy", "letter", "bill")
    ]
    annotator = annotate(make_project(contents=TEXTS, labelled=0, labels=labels))
    annotator.press(Key.Key_F, CONTROL | SHIFT)
    field = annotator.part(QLineEdit, "annotate.label_filter")
    assert field.hasFocus()
    annotator.qtbot.keyClicks(field, "wrong pol")
    annotator.qtbot.keyClick(field, Key.Key_Return)
    assert annotator.text() == TEXTS[1]
    annotator.until(lambda: annotator.labels_of(TEXTS[0]) == ["wrong policy"])
    assert annotator.part(ReadingPane, "annotate.text").hasFocus()
