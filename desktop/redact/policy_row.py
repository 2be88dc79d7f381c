"""One label of the policy: what its passages give away, what is done with them, an example."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop.redact.region_button import RegionButton
from desktop.redact.words import DATE_ORDERS, IDENTIFIERS, KINDS, OPERATORS
from desktop.theme.theme import Theme
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.label_chip import LabelChip
from desktop.widgets.number_field import NumberField
from engine.api import LabelInfo, LabelRedaction, tr

LONGEST = 22
"""Characters of an example, so that its alias has room beside it."""
MOST_LAST = 8
"""Characters at the end of a masked passage that can stay: what a clerk reads back."""
HOME = "GB"
"""The country whose telephone numbers are written without its code, unless another is chosen."""


class PolicyRow(QWidget):
    """Shows one label and tells what is chosen for it."""

    identifier_chosen = Signal(int, str)
    operator_chosen = Signal(int, str, dict)

    def __init__(self, theme: Theme, label: LabelInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._settings: dict[str, Any] = {}
        self._shown = ""
        name = f"redact.policy.{label.id}"
        chip = LabelChip(theme, label, self)
        self._identifier = _combo(
            f"{name}.identifier",
            tr("What passages of {label} give away", label=label.name),
            IDENTIFIERS,
        )
        self._operator = _combo(
            f"{name}.operator",
            tr("What is done with passages of {label}", label=label.name),
            OPERATORS,
        )
        self._kind = _combo(
            f"{name}.kind",
            tr("What the aliases of {label} look like", label=label.name),
            {kind: (words, "") for kind, words in KINDS.items()},
        )
        self._last = NumberField(self)
        self._last.setObjectName(f"{name}.keep_last")
        self._last.setAccessibleName(
            tr("Characters at the end of {label} that stay", label=label.name)
        )
        self._last.setToolTip(
            tr("So many characters at the end stay, where the passage is more than twice as long.")
        )
        self._last.setRange(0, MOST_LAST)
        # The field writes the number between the two itself.
        prefix, _, suffix = tr("the last {n} stay").partition("{n}")
        self._last.setPrefix(prefix)
        self._last.setSuffix(suffix)
        self._last.setSpecialValueText(tr("nothing stays"))
        self._order = _combo(
            f"{name}.month_first",
            tr("How dates of {label} in figures are read", label=label.name),
            DATE_ORDERS,
        )
        self._region = RegionButton(
            f"{name}.region",
            tr("The country of telephone numbers of {label}", label=label.name),
            several=False,
        )
        self._example = ElidedLabel()
        self._example.setObjectName(f"{name}.example")
        self._example.setProperty("role", "small")
        self._identifier.activated.connect(self._choose_identifier)
        self._operator.activated.connect(self._choose_operator)
        self._kind.activated.connect(self._choose_operator)
        self._last.valueChanged.connect(self._choose_operator)
        self._order.activated.connect(self._choose_operator)
        self._region.chosen.connect(self._choose_operator)
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
        kind_row = QHBoxLayout()
        kind_row.setSpacing(6)
        kind_row.addWidget(self._kind, 1)
        kind_row.addWidget(self._region)
        column.addLayout(kind_row)
        column.addWidget(self._order)
        column.addWidget(self._last)
        column.addWidget(self._example)
        for part in (self._kind, self._order, self._region, self._last):
            part.hide()
        self.show_identifier(label.identifier)

    def show_identifier(self, identifier: str) -> None:
        """Show what the label's passages give away."""
        self._identifier.setCurrentIndex(list(IDENTIFIERS).index(identifier))
        self._identifier.setToolTip(IDENTIFIERS[identifier][1])

    def show_policy(self, policy: LabelRedaction) -> None:
        """Show what is done with the label's passages."""
        self._settings, self._shown = dict(policy.settings), policy.operator
        operators = list(OPERATORS)
        self._operator.setCurrentIndex(operators.index(policy.operator))
        self._operator.setToolTip(OPERATORS[policy.operator][1])
        aliases = policy.operator == "pseudonymise"
        self._kind.setVisible(aliases)
        self._order.setVisible(aliases and policy.kind == "date")
        self._region.setVisible(aliases and policy.kind == "phone")
        self._last.setVisible(policy.operator == "mask")
        self._order.setCurrentIndex(int(bool(self._settings.get("month_first", False))))
        self._region.show_codes((str(self._settings.get("region", HOME)),))
        self._last.blockSignals(True)
        self._last.setValue(int(self._settings.get("keep_last", 0)))
        self._last.blockSignals(False)
        kinds = list(KINDS)
        kind = str(self._settings.get("kind", ""))
        self._kind.setCurrentIndex(kinds.index(kind) if kind in kinds else 0)
        shown = ""
        if not policy.example:
            words = tr("No passage of it is known yet.")
        elif policy.example == policy.example_result:
            words = tr("{passage} stays", passage=policy.example)
        else:
            words = f"{policy.example} → {policy.example_result}"
            shown = f"{_short(policy.example)} → {_short(policy.example_result)}"
        self._example.setText(shown or words)
        self._example.setAccessibleName(
            tr("Example for {label}: {example}", label=self._label.name, example=words)
        )

    def _choose_identifier(self) -> None:
        self.identifier_chosen.emit(self._label.id, self._identifier.currentData())

    def _choose_operator(self, *_: object) -> None:
        operator = self._operator.currentData()
        # What another program has set of this operator, and this row does not show, stays.
        settings = dict(self._settings) if operator == self._shown else {}
        if operator == "pseudonymise":
            settings.pop("kind", None)
            if self._kind.currentData():
                settings["kind"] = self._kind.currentData()
            if not self._order.isHidden():
                settings["month_first"] = bool(self._order.currentIndex())
            if not self._region.isHidden():
                (settings["region"],) = self._region.codes()
        elif operator == "mask" and not self._last.isHidden():
            settings["keep_last"] = self._last.value()
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
