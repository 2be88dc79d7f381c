"""What is done with the passages of each label, and which patterns find them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.bridge import Bridge
from engine.api import (
    EditLabel,
    GetPolicy,
    LabelRedaction,
    LabelsChanged,
    ListRules,
    RedactionChanged,
    Rule,
    RulesChanged,
    SetPolicy,
    SetRules,
    TaskInfo,
)

ASKED_BY = "redact"
HOME_REGIONS = ("DE", "GB")
"""What the recogniser of telephone numbers goes by while nobody has chosen any countries."""


class Policy(QObject):
    """Knows what the engine said last of operators and patterns, and changes them."""

    changed = Signal()
    """What is done with the passages of a label, or an example of it."""
    rules_changed = Signal()

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._task: TaskInfo | None = None
        self._model_id: int | None = None
        self.labels: tuple[LabelRedaction, ...] = ()
        self.rules: tuple[Rule, ...] = ()
        bridge.on(RedactionChanged, self._redaction_changed)
        bridge.on(RulesChanged, self._rules_changed)
        bridge.on(LabelsChanged, self._labels_changed)

    def set_task(self, task: TaskInfo | None, model_id: int | None) -> None:
        """Be about this task, with examples from what the model found where none is marked."""
        another = task is None or self._task is None or task.id != self._task.id
        self._task, self._model_id = task, model_id
        if another:
            self.labels, self.rules = (), ()
        self._ask()
        self._ask_rules()

    def set_operator(self, label_id: int, operator: str, settings: dict[str, Any]) -> None:
        """Choose what is done with the passages of a label."""
        command = SetPolicy(label_id, operator, settings, asked_by=ASKED_BY)
        self._bridge.send(command, failed=self._refused)

    def set_identifier(self, label_id: int, identifier: str) -> None:
        """Say what the passages of a label give away."""
        command = EditLabel(label_id, identifier=identifier, asked_by=ASKED_BY)
        self._bridge.send(command, failed=self._refused)

    def label_of(self, recogniser: str) -> int | None:
        """Return the label that a recogniser finds passages of, None while it is off."""
        for rule in self.rules:
            if recogniser_of(rule) == recogniser:
                return rule.label_id
        return None

    def regions(self) -> tuple[str, ...]:
        """Return the countries whose telephone numbers are known without their code."""
        for rule in self.rules:
            name, _, named = rule.value.partition(":")
            if rule.kind == "recogniser" and name == "phone" and named:
                return tuple(region.strip().upper() for region in named.split(","))
        return HOME_REGIONS

    def set_recogniser(
        self, recogniser: str, label_id: int | None, regions: tuple[str, ...] = ()
    ) -> None:
        """Let a recogniser find passages of this label alone, or of none; in these countries."""
        value = f"{recogniser}:{','.join(regions)}" if regions else recogniser
        having = {rule.label_id for rule in self.rules if recogniser_of(rule) == recogniser}
        for each in having - {label_id}:
            kept = [rule for rule in self._of(each) if recogniser_of(rule) != recogniser]
            self._bridge.send(SetRules(each, tuple(kept), asked_by=ASKED_BY))
        if label_id is None:
            return
        wanted = Rule(label_id, "recogniser", value)
        if wanted not in self.rules:
            others = [rule for rule in self._of(label_id) if recogniser_of(rule) != recogniser]
            command = SetRules(label_id, (*others, wanted), asked_by=ASKED_BY)
            self._bridge.send(command, failed=self._refused)

    def _of(self, label_id: int) -> list[Rule]:
        return [rule for rule in self.rules if rule.label_id == label_id]

    def _ask(self) -> None:
        if self._task is not None:
            query = GetPolicy(self._task.id, self._model_id)
            self._bridge.ask(query, self._take, "redact.policy")

    def _ask_rules(self) -> None:
        if self._task is not None:
            self._bridge.ask(ListRules(self._task.id), self._take_rules, "redact.rules")

    def _take(self, labels: tuple[LabelRedaction, ...]) -> None:
        self.labels = labels
        self.changed.emit()

    def _take_rules(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.rules_changed.emit()

    def _refused(self, error: Exception) -> None:
        """Tell why, and show what holds instead of what was wanted."""
        self._bridge.tell(error)
        self._ask()
        self._ask_rules()

    def _redaction_changed(self, event: RedactionChanged) -> None:
        if not event.text_ids:
            self._ask()

    def _rules_changed(self, event: RulesChanged) -> None:
        self._ask_rules()

    def _labels_changed(self, event: LabelsChanged) -> None:
        if self._task is not None and event.task_id == self._task.id:
            self._ask()


def recogniser_of(rule: Rule) -> str:
    """Return the name of a rule's recogniser without its regions, "" for other rules."""
    return rule.value.partition(":")[0] if rule.kind == "recogniser" else ""
