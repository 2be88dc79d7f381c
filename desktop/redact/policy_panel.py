"""On the left: what is done with the passages of each label, and the patterns that find some."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.redact.pattern_list import PatternList
from desktop.redact.policy import Policy
from desktop.redact.policy_row import PolicyRow
from desktop.theme.theme import Theme
from desktop.widgets.line import hairline
from engine.api import TaskInfo, tr

NARROWEST = 288


class PolicyPanel(QScrollArea):
    """A row for each label, and the patterns below."""

    def __init__(
        self, actions: ActionSet, theme: Theme, policy: Policy, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._policy = policy
        self._shown: TaskInfo | None = None
        self._rows: dict[int, PolicyRow] = {}
        self.setObjectName("redact.policy")
        self.setAccessibleName(tr("Policy: what is done with the passages of each label"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(NARROWEST)
        self._page = QWidget()
        self._page.setProperty("role", "page")
        column = QVBoxLayout(self._page)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(0)
        column.addWidget(_heading(tr("Policy"), tr("What stands in the place of each passage.")))
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column.addLayout(self._list)
        column.addSpacing(16)
        column.addWidget(
            _heading(
                tr("Patterns"),
                tr("Found by their form, beside the model, where nobody has marked."),
            )
        )
        column.addSpacing(8)
        self._patterns = PatternList(actions, self._page)
        self._patterns.chosen.connect(policy.set_recogniser)
        column.addWidget(self._patterns)
        column.addStretch(1)
        self.setWidget(self._page)
        policy.changed.connect(self._show_policy)
        policy.rules_changed.connect(lambda: self._patterns.show_rules(self._policy))

    def show_task(self, task: TaskInfo | None) -> None:
        """Show the labels of a task; rows are made anew only when they look different."""
        before, self._shown = self._shown, task
        if task is not None and before is not None and _looks(task) == _looks(before):
            for label in task.labels:
                self._rows[label.id].show_identifier(label.identifier)
            return
        self._rows.clear()
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        labels = task.labels if task is not None else ()
        for label in labels:
            row = PolicyRow(self._theme, label, self._page)
            row.identifier_chosen.connect(self._policy.set_identifier)
            row.operator_chosen.connect(self._policy.set_operator)
            if self._rows:
                self._list.addWidget(hairline())
            self._list.addWidget(row)
            self._rows[label.id] = row
        self._patterns.set_labels(labels)
        self._patterns.show_rules(self._policy)
        self._show_policy()

    def _show_policy(self) -> None:
        for each in self._policy.labels:
            if each.label_id in self._rows:
                self._rows[each.label_id].show_policy(each)


def _heading(words: str, note: str) -> QWidget:
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    heading = QLabel(words)
    heading.setProperty("role", "caption")
    small = QLabel(note, wordWrap=True)
    small.setProperty("role", "small")
    column.addWidget(heading)
    column.addWidget(small)
    return frame


def _looks(task: TaskInfo) -> list[tuple[int, str, str, str, str]]:
    return [
        (label.id, label.name, label.key, label.color, label.guideline) for label in task.labels
    ]
