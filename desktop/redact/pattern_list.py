"""The recognisers that come with the program, each switched on for a label or off."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.redact.policy import Policy
from desktop.redact.region_button import RegionButton
from desktop.redact.words import RECOGNISERS
from desktop.widgets.buttons import ActionButton
from engine.api import LabelInfo, tr, trn

PHONE = "phone"


class PatternList(QWidget):
    """A tick and a label for each recogniser, and how many rules of other kinds run beside."""

    chosen = Signal(str, object, tuple)
    """The recogniser, the id of its label or None, and the countries it goes by, if it does."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ticks: dict[str, QCheckBox] = {}
        self._labels: dict[str, QComboBox] = {}
        self._others = QLabel(objectName="redact.other_rules", wordWrap=True)
        self._others.setProperty("role", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._regions = RegionButton(
            "redact.pattern.phone.regions",
            tr("Numbers without a country's code are of"),
            several=True,
        )
        for name, words in RECOGNISERS.items():
            tick = QCheckBox(words.title, objectName=f"redact.pattern.{name}")
            tick.clicked.connect(partial(self._choose, name))
            combo = QComboBox(objectName=f"redact.pattern.{name}.label")
            combo.setAccessibleName(tr("Label of {what}", what=words.within))
            combo.setToolTip(tr("The label that {what} get.", what=words.within))
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            combo.setMinimumContentsLength(3)
            combo.activated.connect(partial(self._choose, name))
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(tick)
            row.addWidget(combo, 1)
            column.addLayout(row)
            self._ticks[name], self._labels[name] = tick, combo
            if name == PHONE:
                column.addLayout(self._with_regions())
        column.addSpacing(2)
        column.addWidget(self._others)
        rules = ActionButton(actions, "project.rules", "quiet")
        column.addWidget(rules, 0, Qt.AlignmentFlag.AlignLeft)

    def set_labels(self, labels: Sequence[LabelInfo]) -> None:
        """Offer these labels; each recogniser begins with the one whose name suits it."""
        for name, combo in self._labels.items():
            combo.clear()
            for label in labels:
                combo.addItem(label.name, label.id)
            combo.setCurrentIndex(_suiting(RECOGNISERS[name].hints, labels))
            self._ticks[name].setEnabled(bool(labels))

    def show_rules(self, policy: Policy) -> None:
        """Show which recognisers are on, and for which label."""
        for name, tick in self._ticks.items():
            label_id = policy.label_of(name)
            tick.setChecked(label_id is not None)
            combo = self._labels[name]
            combo.setVisible(label_id is not None)
            if label_id is not None:
                combo.setCurrentIndex(combo.findData(label_id))
        on = policy.label_of(PHONE) is not None
        for part in (self._regions, self._regions_words):
            part.setVisible(on)
        if on or not self._regions.codes():
            self._regions.show_codes(policy.regions())
        others = [rule for rule in policy.rules if rule.kind != "recogniser"]
        lists = sum(rule.kind == "list" for rule in others)
        self._others.setText(_others_words(len(others) - lists, lists))
        self._others.setVisible(bool(others))

    def _with_regions(self) -> QHBoxLayout:
        self._regions_words = QLabel(tr("without country code:"))
        self._regions_words.setProperty("role", "small")
        self._regions_words.setBuddy(self._regions)
        self._regions.chosen.connect(partial(self._choose, PHONE))
        row = QHBoxLayout()
        row.setContentsMargins(24, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._regions_words)
        row.addWidget(self._regions)
        row.addStretch(1)
        return row

    def _choose(self, name: str, *_: object) -> None:
        on = self._ticks[name].isChecked()
        self._labels[name].setVisible(on)
        regions = self._regions.codes() if name == PHONE else ()
        self.chosen.emit(name, self._labels[name].currentData() if on else None, regions)


def _others_words(expressions: int, entries: int) -> str:
    """Say what else finds passages; "" if nothing does."""
    if not expressions and not entries:
        return ""
    lists = trn("{n} entry of lists", "{n:,} entries of lists", entries)
    what = trn("{n} expression", "{n:,} expressions", expressions)
    if not expressions:
        what = lists
    elif entries:
        what = tr("{expressions} and {lists}", expressions=what, lists=lists)
    return tr("Beside them: {what}.", what=what)


def _suiting(hints: Sequence[str], labels: Sequence[LabelInfo]) -> int:
    """Return the place of the label whose name one of the hints is a part of, else the first."""
    for hint in hints:
        for place, label in enumerate(labels):
            if hint in label.name.casefold():
                return place
    return 0
