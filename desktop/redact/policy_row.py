"""One label of the policy: what its passages give away, what is done with them, an example."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop.redact.words import IDENTIFIERS, KINDS, OPERATORS
from desktop.theme.theme import Theme
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.label_chip import LabelChip
from engine.api import LabelInfo, LabelRedaction

LONGEST = 22
"""Characters of an example, so that its alias has room beside it."""


class PolicyRow(QWidget):
    """Shows one label and tells what is chosen for it."""

    identifier_chosen = Signal(int, str)
    operator_chosen = Signal(int, str, dict)

    def __init__(self, theme: Theme, label: LabelInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._settings: dict[str, Any] = {}
        name = f"redact.policy.{label.id}"
        chip = LabelChip(theme, label, self)
        self._identifier = _combo(
            f"{name}.identifier", f"What passages of {label.name} give away", IDENTIFIERS
        )
        self._operator = _combo(
            f"{name}.operator", f"What is done with passages of {label.name}", OPERATORS
        )
        self._kind = _combo(
            f"{name}.kind",
            f"What the aliases of {label.name} look like",
            {kind: (words, "") for kind, words in KINDS.items()},
        )
        self._example = ElidedLabel()
        self._example.setObjectName(f"{name}.example")
        self._example.setProperty("role", "small")
        self._identifier.activated.connect(self._choose_identifier)
        self._operator.activated.connect(self._choose_operator)
        self._kind.activated.connect(self._choose_operator)
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(chip)
        above.addStretch(1)
        above.addWidget(self._identifier)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 12)
        column.setSpacing(6)
        column.addLayout(above)
        column.addWidget(self._operator)
        column.addWidget(self._kind)
        column.addWidget(self._example)
        self._kind.hide()
        self.show_identifier(label.identifier)

    def show_identifier(self, identifier: str) -> None:
        """Show what the label's passages give away."""
        self._identifier.setCurrentIndex(list(IDENTIFIERS).index(identifier))
        self._identifier.setToolTip(IDENTIFIERS[identifier][1])

    def show_policy(self, policy: LabelRedaction) -> None:
        """Show what is done with the label's passages."""
        self._settings = dict(policy.settings)
        operators = list(OPERATORS)
        self._operator.setCurrentIndex(operators.index(policy.operator))
        self._operator.setToolTip(OPERATORS[policy.operator][1])
        self._kind.setVisible(policy.operator == "pseudonymise")
        kinds = list(KINDS)
        kind = str(self._settings.get("kind", ""))
        self._kind.setCurrentIndex(kinds.index(kind) if kind in kinds else 0)
        shown = ""
        if not policy.example:
            words = "No passage of it is known yet."
        elif policy.example == policy.example_result:
            words = f"{policy.example} stays"
        else:
            words = f"{policy.example} → {policy.example_result}"
            shown = f"{_short(policy.example)} → {_short(policy.example_result)}"
        self._example.setText(shown or words)
        self._example.setAccessibleName(f"Example for {self._label.name}: {words}")

    def _choose_identifier(self) -> None:
        self.identifier_chosen.emit(self._label.id, self._identifier.currentData())

    def _choose_operator(self) -> None:
        operator = self._operator.currentData()
        settings: dict[str, Any] = {}
        if operator == "pseudonymise":
            # What another program has set for dates and telephone numbers is not this view's.
            kept = ("month_first", "region")
            settings = {key: value for key, value in self._settings.items() if key in kept}
            if self._kind.currentData():
                settings["kind"] = self._kind.currentData()
        self.operator_chosen.emit(self._label.id, operator, settings)


def _short(passage: str) -> str:
    return passage if len(passage) <= LONGEST else f"{passage[: LONGEST - 1]}…"


def _combo(name: str, words: str, items: dict[str, tuple[str, str]]) -> QComboBox:
    combo = QComboBox(objectName=name)
    combo.setAccessibleName(words)
    combo.setToolTip(words)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(4)
    for place, (value, (shown, help_)) in enumerate(items.items()):
        combo.addItem(shown, value)
        combo.setItemData(place, help_, Qt.ItemDataRole.ToolTipRole)
    return combo
