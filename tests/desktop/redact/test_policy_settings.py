"""What an operator is told beside: how much stays, how dates are read, which countries call."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from desktop.redact.region_button import RegionButton
from desktop.redact.view import RedactView
from desktop.window import MainWindow
from engine.api import GetPolicy, LabelRedaction, ListRules, Rule, SetPolicy

WAIT = 15_000
PERSON, DATE, TRADE = 1, 2, 3


def ask(window: MainWindow, qtbot: QtBot, query: Any) -> Any:
    answers: list[Any] = []
    window.bridge.ask(query, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT)
    return answers[0]


def policy(window: MainWindow, qtbot: QtBot, label_id: int) -> tuple[str, dict[str, Any]]:
    labels: tuple[LabelRedaction, ...] = ask(window, qtbot, GetPolicy(1))
    found = next(each for each in labels if each.label_id == label_id)
    return found.operator, dict(found.settings)


def choose(view: RedactView, name: str, place: int | str) -> None:
    combo = view.findChild(QComboBox, name)
    combo.setCurrentIndex(place if isinstance(place, int) else combo.findText(place))
    combo.activated.emit(combo.currentIndex())


def example(view: RedactView, label_id: int) -> str:
    return view.findChild(QLabel, f"redact.policy.{label_id}.example").text()


def pick(button: RegionButton, code: str) -> None:
    """Open the menu and click a country in it."""
    button.menu().aboutToShow.emit()
    (action,) = (each for each in button.menu().actions() if each.text().endswith(f"({code})"))
    action.trigger()


def test_of_a_masked_passage_the_last_characters_can_stay(
    view: RedactView, window: MainWindow, qtbot: QtBot
) -> None:
    last = view.findChild(QSpinBox, "redact.policy.1.keep_last")
    assert last.isHidden()
    choose(view, "redact.policy.1.operator", "Mask")
    qtbot.waitUntil(lambda: not last.isHidden(), timeout=WAIT)
    assert last.text() == "nothing stays"
    last.setValue(3)
    qtbot.waitUntil(lambda: example(view, PERSON).endswith("█for"), timeout=WAIT)
    assert policy(window, qtbot, PERSON) == ("mask", {"keep_last": 3})


def test_the_order_of_day_and_month_is_asked_of_dates_alone(
    view: RedactView, window: MainWindow, qtbot: QtBot
) -> None:
    order = view.findChild(QComboBox, "redact.policy.2.month_first")
    choose(view, "redact.policy.2.operator", "Pseudonymise")
    qtbot.waitUntil(lambda: not order.isHidden(), timeout=WAIT)
    choose(view, "redact.policy.2.month_first", 1)
    qtbot.waitUntil(
        lambda: policy(window, qtbot, DATE) == ("pseudonymise", {"month_first": True}),
        timeout=WAIT,
    )
    choose(view, "redact.policy.1.operator", "Pseudonymise")
    qtbot.waitUntil(lambda: "[PERSON]" not in example(view, PERSON), timeout=WAIT)
    assert view.findChild(QComboBox, "redact.policy.1.month_first").isHidden()


def test_telephone_numbers_are_of_a_country(
    view: RedactView, window: MainWindow, qtbot: QtBot
) -> None:
    button = view.findChild(RegionButton, "redact.policy.3.region")
    choose(view, "redact.policy.3.operator", "Pseudonymise")
    choose(view, "redact.policy.3.kind", "as a telephone number")
    qtbot.waitUntil(lambda: not button.isHidden(), timeout=WAIT)
    assert button.codes() == ("GB",)
    pick(button, "US")
    expected = ("pseudonymise", {"kind": "phone", "region": "US"})
    qtbot.waitUntil(lambda: policy(window, qtbot, TRADE) == expected, timeout=WAIT)
    assert button.text() == "US"


def test_what_another_program_has_set_of_an_operator_stays(
    view: RedactView, window: MainWindow, qtbot: QtBot
) -> None:
    window.bridge.send(SetPolicy(PERSON, "mask", {"character": "X", "length": 4}))
    last = view.findChild(QSpinBox, "redact.policy.1.keep_last")
    qtbot.waitUntil(lambda: example(view, PERSON).endswith("XXXX"), timeout=WAIT)
    last.setValue(2)
    expected = ("mask", {"character": "X", "length": 4, "keep_last": 2})
    qtbot.waitUntil(lambda: policy(window, qtbot, PERSON) == expected, timeout=WAIT)


def test_the_recogniser_of_telephone_numbers_goes_by_countries(
    view: RedactView, window: MainWindow, qtbot: QtBot
) -> None:
    button = view.findChild(RegionButton, "redact.pattern.phone.regions")
    label = view.findChild(QComboBox, "redact.pattern.phone.label")
    tick = view.findChild(QCheckBox, "redact.pattern.phone")
    qtbot.waitUntil(lambda: label.count() == 3, timeout=WAIT)
    assert button.isHidden()
    tick.click()
    qtbot.waitUntil(lambda: not button.isHidden(), timeout=WAIT)
    assert button.codes() == ("DE", "GB")
    pick(button, "US")
    pick(button, "DE")
    wanted = (Rule(PERSON, "recogniser", "phone:GB,US"),)
    qtbot.waitUntil(lambda: ask(window, qtbot, ListRules(1)) == wanted, timeout=WAIT)
    pick(button, "US")
    pick(button, "GB")  # the last one stays
    assert button.codes() == ("GB",)
