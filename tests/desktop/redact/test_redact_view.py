"""Redact: doubts are decided by key, the policy shows what it does, what leaves is clean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.annotate.span_canvas import SpanCanvas
from desktop.redact.doubt_list import DoubtList
from desktop.redact.export_dialog import ExportDialog
from desktop.redact.file_commands import FileCommands
from desktop.redact.file_dialog import FileDialog
from desktop.redact.view import RedactView
from desktop.redact.words import KINDS, OPERATORS, RECOGNISERS
from desktop.window import MainWindow
from engine.api import (
    OPERATORS as OPERATORS_OF_THE_ENGINE,
)
from engine.api import (
    RECOGNISERS as RECOGNISERS_OF_THE_ENGINE,
)
from engine.api import (
    ListRedactionDecisions,
    RedactionDecision,
    TextFilter,
)
from engine.deidentify.operators import KINDS as KINDS_OF_THE_ENGINE

WAIT = 15_000
PERSON, DATE, TRADE = 1, 2, 3


def words(view: QWidget, name: str) -> str:
    label = view.findChild(QLabel, name)
    assert label is not None, name
    return label.text()


def current(view: RedactView) -> tuple[str, str] | None:
    doubt = view.findChild(DoubtList).current()
    return None if doubt is None else (doubt.passage, doubt.reason)


def canvas(view: RedactView, name: str = "redact.text") -> SpanCanvas:
    found = view.findChild(SpanCanvas, name)
    assert found is not None
    return found


def press(view: RedactView, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    from PySide6.QtTest import QTest

    QTest.keyClick(QApplication.focusWidget() or view, key, modifier)


def decisions(window: MainWindow, qtbot: QtBot) -> list[RedactionDecision]:
    answers: list[Any] = []
    window.bridge.ask(ListRedactionDecisions(), answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT)
    log: list[RedactionDecision] = answers[0]
    return log


def wait_for_decisions(window: MainWindow, qtbot: QtBot, count: int) -> RedactionDecision:
    qtbot.waitUntil(lambda: len(decisions(window, qtbot)) == count, timeout=WAIT)
    return decisions(window, qtbot)[0]


# --- the review ---------------------------------------------------------------------------------


def test_the_most_risky_passage_is_shown_in_its_text_and_selected(
    view: RedactView, qtbot: QtBot
) -> None:
    assert current(view) == ("jane okafor", "same string")
    assert words(view, "redact.reviewed") == "0 of 4 reviewed"
    qtbot.waitUntil(lambda: canvas(view).selection() == (10, 21), timeout=WAIT)
    assert canvas(view).content().startswith("Yesterday jane okafor rang")
    assert words(view, "redact.where") == "Text 3 of 4, read by the model"
    assert words(view, "redact.as_label").startswith("Replaced as PERSON")


def test_enter_replaces_the_passage_and_the_next_one_comes(
    view: RedactView, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: canvas(view).selection() == (10, 21), timeout=WAIT)
    press(view, Qt.Key.Key_Return)
    assert current(view) != ("jane okafor", "same string")
    assert words(view, "redact.reviewed") == "1 of 4 reviewed"
    made = wait_for_decisions(window, qtbot, 1)
    assert (made.text_id, made.start, made.end, made.label_id) == (3, 10, 21, PERSON)
    assert (made.decision, made.annotator) == ("mask", "Ada")
    assert "replaced elsewhere" in made.reason
    qtbot.waitUntil(lambda: words(view, "redact.reviewed") == "1 of 4 reviewed", timeout=WAIT)


def test_k_keeps_it_and_z_takes_that_back(
    view: RedactView, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: canvas(view).selection() == (10, 21), timeout=WAIT)
    press(view, Qt.Key.Key_K)
    assert wait_for_decisions(window, qtbot, 1).decision == "keep"
    qtbot.waitUntil(window.actions_.qaction("redact.withdraw").isEnabled, timeout=WAIT)
    press(view, Qt.Key.Key_Z)
    assert wait_for_decisions(window, qtbot, 2).decision == "withdrawn"
    qtbot.waitUntil(lambda: words(view, "redact.reviewed") == "0 of 4 reviewed", timeout=WAIT)


def test_the_key_of_a_label_replaces_it_as_that_label(
    view: RedactView, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: canvas(view).selection() == (10, 21), timeout=WAIT)
    press(view, Qt.Key.Key_2)
    assert wait_for_decisions(window, qtbot, 1).label_id == DATE


def test_one_walks_without_deciding(view: RedactView, window: MainWindow, qtbot: QtBot) -> None:
    first = current(view)
    press(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    second = current(view)
    assert second != first
    press(view, Qt.Key.Key_P)
    assert current(view) == first
    press(view, Qt.Key.Key_N)
    assert current(view) == second
    assert decisions(window, qtbot) == []


def test_m_replaces_it_as_long_as_no_label_has_that_key(
    view: RedactView, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: canvas(view).selection() == (10, 21), timeout=WAIT)
    press(view, Qt.Key.Key_M)
    assert wait_for_decisions(window, qtbot, 1).decision == "mask"


def test_what_is_selected_in_the_text_is_decided_about(
    view: RedactView, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: canvas(view).selection() == (10, 21), timeout=WAIT)
    start = canvas(view).content().index("Adeyemi")
    canvas(view).select(start, start + 7)
    press(view, Qt.Key.Key_1)
    made = wait_for_decisions(window, qtbot, 1)
    assert (made.start, made.end, made.label_id) == (start, start + 7, PERSON)
    qtbot.waitUntil(lambda: len(canvas(view).marks()) == 1, timeout=WAIT)


def test_space_shows_the_text_as_it_will_be_exported(view: RedactView, qtbot: QtBot) -> None:
    view.navigate(text_id=1)
    qtbot.waitUntil(lambda: canvas(view).content().startswith("Dear Jane"), timeout=WAIT)
    assert not canvas(view, "redact.result").isVisible()
    press(view, Qt.Key.Key_Space)
    result = canvas(view, "redact.result")
    assert result.isVisible()
    assert result.content() == "Dear [PERSON], the flood of [DATE] is settled."
    assert [(mark.start, mark.end) for mark in result.marks()] == [(5, 13), (28, 34)]
    press(view, Qt.Key.Key_Space)
    assert canvas(view).isVisible()
    kinds = [(mark.label_id, mark.kind) for mark in canvas(view).marks()]
    assert kinds == [(PERSON, "gold"), (TRADE, "suggestion"), (DATE, "gold")]


def test_all_texts_can_be_gone_through(view: RedactView, qtbot: QtBot) -> None:
    view.navigate(text_id=3)
    qtbot.waitUntil(lambda: words(view, "redact.where").startswith("Text 3 of 4"), timeout=WAIT)
    press(view, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: words(view, "redact.where").startswith("Text 4 of 4"), timeout=WAIT)
    assert "not exported" in words(view, "redact.where")
    press(view, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: words(view, "redact.where").startswith("Text 3 of 4"), timeout=WAIT)


def test_when_all_is_reviewed_the_view_says_so(view: RedactView, qtbot: QtBot) -> None:
    for left in (3, 2, 1, 0):
        qtbot.waitUntil(lambda: canvas(view).selection() is not None, timeout=WAIT)
        doubt = view.findChild(DoubtList).current()
        qtbot.waitUntil(
            lambda doubt=doubt: canvas(view).selection() == (doubt.start, doubt.end), timeout=WAIT
        )
        press(view, Qt.Key.Key_K)
        assert words(view, "redact.reviewed") == f"{4 - left} of 4 reviewed"
    assert current(view) is None


# --- choices ------------------------------------------------------------------------------------


def test_without_a_model_only_marked_texts_count_and_the_rest_stays_behind(
    view: RedactView, qtbot: QtBot
) -> None:
    assert "1 text was looked at by nobody" in words(view, "redact.unread")
    model = view.findChild(QComboBox, "redact.model")
    assert [model.itemText(row) for row in range(model.count())] == [
        "Unmarked: marks",
        "Unmarked: patterns only",
        "Unmarked: left out",
    ]
    choose(view, "redact.model", "Unmarked: left out")
    qtbot.waitUntil(lambda: "3 texts were looked at" in words(view, "redact.unread"), timeout=WAIT)
    assert current(view) is None


def test_the_scope_narrows_what_is_reviewed(view: RedactView, qtbot: QtBot) -> None:
    scope = view.findChild(QComboBox, "redact.scope")
    scope.setCurrentIndex(scope.findText("Marked texts"))
    scope.activated.emit(scope.currentIndex())
    qtbot.waitUntil(lambda: words(view, "redact.where").startswith("Text 1 of 1"), timeout=WAIT)
    qtbot.waitUntil(lambda: words(view, "redact.reviewed") == "Nothing is in doubt.", timeout=WAIT)


def choose(view: RedactView, name: str, shown: str) -> None:
    combo = view.findChild(QComboBox, name)
    assert combo is not None, name
    combo.setCurrentIndex(combo.findText(shown))
    combo.activated.emit(combo.currentIndex())


def test_the_policy_shows_what_it_does_to_a_passage_of_the_project(
    view: RedactView, qtbot: QtBot
) -> None:
    example = "redact.policy.1.example"
    qtbot.waitUntil(lambda: words(view, example) == "Jane Okafor → [PERSON]", timeout=WAIT)
    assert words(view, "redact.policy.3.example") == "flood stays"
    kind = view.findChild(QComboBox, "redact.policy.1.kind")
    assert kind.isHidden()
    choose(view, "redact.policy.1.operator", "Pseudonymise")
    qtbot.waitUntil(lambda: not kind.isHidden(), timeout=WAIT)
    qtbot.waitUntil(lambda: "[PERSON]" not in words(view, example), timeout=WAIT)
    alias = words(view, example).partition(" → ")[2]
    assert alias
    assert "Jane" not in alias
    choose(view, "redact.policy.1.kind", "as a number or code")
    qtbot.waitUntil(lambda: alias not in words(view, example), timeout=WAIT)


def test_what_a_label_gives_away_is_chosen_here_too(
    view: RedactView, window: MainWindow, qtbot: QtBot
) -> None:
    choose(view, "redact.policy.2.identifier", "none")
    qtbot.waitUntil(lambda: window.bridge.project.task.labels[1].identifier == "none", timeout=WAIT)
    qtbot.waitUntil(
        lambda: words(view, "redact.policy.2.example") == "3 March 2024 stays", timeout=WAIT
    )
    combo = view.findChild(QComboBox, "redact.policy.2.identifier")
    assert combo.currentText() == "none"


def test_a_pattern_is_switched_on_for_a_label_and_off_again(view: RedactView, qtbot: QtBot) -> None:
    view.navigate(text_id=4)
    tick = view.findChild(QCheckBox, "redact.pattern.email")
    label = view.findChild(QComboBox, "redact.pattern.email.label")
    qtbot.waitUntil(lambda: label.count() == 3, timeout=WAIT)
    tick.click()
    qtbot.waitUntil(lambda: len(canvas(view).marks()) == 1, timeout=WAIT)
    assert "not exported" in words(view, "redact.where")  # since the model has not read it
    choose(view, "redact.model", "Unmarked: patterns only")
    qtbot.waitUntil(lambda: "patterns only" in words(view, "redact.where"), timeout=WAIT)
    label.setCurrentIndex(1)
    label.activated.emit(1)
    qtbot.waitUntil(
        lambda: [mark.label_id for mark in canvas(view).marks()] == [DATE], timeout=WAIT
    )
    tick.click()
    qtbot.waitUntil(lambda: canvas(view).marks() == [], timeout=WAIT)


def test_the_words_name_all_that_the_engine_has() -> None:
    assert tuple(OPERATORS) == OPERATORS_OF_THE_ENGINE
    assert set(RECOGNISERS) == set(RECOGNISERS_OF_THE_ENGINE)
    assert set(KINDS) - {""} == set(KINDS_OF_THE_ENGINE)


# --- the report ---------------------------------------------------------------------------------


def test_the_report_tells_recall_risk_and_decisions(view: RedactView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: canvas(view).selection() == (10, 21), timeout=WAIT)
    press(view, Qt.Key.Key_K)
    press(view, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: words(view, "redact.figure.direct") == "1.00", timeout=WAIT)
    assert words(view, "redact.figure.quasi") == "0.00"
    assert "n = 1" in words(view, "redact.figure_words.quasi")
    assert "quasi identifiers" in words(view, "redact.risk")
    qtbot.waitUntil(lambda: "kept by Ada" in words(view, "redact.log"), timeout=WAIT)
    press(view, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert view.findChild(DoubtList).isVisible()


# --- files --------------------------------------------------------------------------------------


def told(window: MainWindow) -> str:
    return window.strip.banner.sentence or words(window, "strip.message")


def test_the_export_writes_clean_texts_and_says_what_was_not_reviewed(
    view: RedactView, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    scope = view.findChild(QComboBox, "redact.scope")
    choose(view, "redact.scope", "Marked texts")
    assert scope.currentData() == TextFilter(state="labelled")
    qtbot.waitUntil(lambda: words(view, "redact.where").startswith("Text 1 of 1"), timeout=WAIT)
    window.actions_.trigger("redact.export")
    dialog = view.findChild(ExportDialog)
    assert dialog is not None
    out = tmp_path / "out.jsonl"
    dialog.write_to(out)
    dialog.agree.click()
    qtbot.waitUntil(out.exists, timeout=WAIT)
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == [
        {"text": "Dear [PERSON], the flood of [DATE] is settled."}
    ]
    qtbot.waitUntil(lambda: "1 text went to" in told(window), timeout=WAIT)


def test_the_dialog_says_before_what_was_not_reviewed(
    view: RedactView, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.actions_.trigger("redact.export")
    dialog = view.findChild(ExportDialog)
    assert dialog is not None
    assert "4 doubts were not reviewed." in words(dialog, "redact_export.about")
    dialog.format.setCurrentIndex(2)
    dialog.format.activated.emit(2)
    assert dialog.out.suffix == ""
    assert dialog.command().format == "txt"
    dialog.write_to(tmp_path)
    assert not dialog.agree.isEnabled()
    assert "does not exist yet" in words(dialog, "redact_export.note")
    dialog.reject()


def test_a_file_is_redacted_beside_the_original(
    view: RedactView, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    view.findChild(QCheckBox, "redact.pattern.email").click()
    qtbot.waitUntil(
        lambda: not view.findChild(QComboBox, "redact.pattern.email.label").isHidden(), timeout=WAIT
    )
    choose(view, "redact.model", "Unmarked: patterns only")
    source = tmp_path / "mail.txt"
    source.write_text("Write to jane@example.org.", encoding="utf-8")
    view.findChild(FileCommands).ask_how_to_redact(source)
    dialog = view.findChild(FileDialog)
    assert dialog is not None
    assert dialog.out == tmp_path / "mail-redacted.txt"
    dialog.agree.click()
    qtbot.waitUntil(dialog.out.exists, timeout=WAIT)
    assert (tmp_path / "mail-redacted.txt").read_text(encoding="utf-8") == "Write to [PERSON]."
    qtbot.waitUntil(lambda: "1 passage replaced" in told(window), timeout=WAIT)


def test_a_failure_is_told_and_progress_ends(
    view: RedactView, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    view.findChild(FileCommands).export_aliases(tmp_path / "aliases.csv")
    qtbot.waitUntil(lambda: "no aliases yet" in told(window), timeout=WAIT)
