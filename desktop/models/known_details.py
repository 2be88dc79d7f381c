"""A model that can be brought: what it is good for, and the way to this machine."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import ActionSet
from desktop.models.fact_list import FactList
from desktop.models.known_words import known_facts
from desktop.widgets.buttons import ActionButton
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.flow_layout import FlowLayout
from engine.api import KnownBaseModel, tr


class KnownDetails(QWidget):
    """Name, purpose and ways to add it above; the steps and the facts in tabs below."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("models.known_details")
        self.setAccessibleName(tr("The chosen model to bring"))
        self._name = ElidedLabel(parent=self)
        self._name.setObjectName("models.known_name")
        self._name.setProperty("role", "title")
        self._makers = QLabel(self, objectName="models.known_makers")
        self._makers.setProperty("role", "small")
        self._about = QLabel(self, objectName="models.known_about", wordWrap=True)
        self._limits = QLabel(self, objectName="models.known_limits", wordWrap=True)
        self._state = QLabel(self, objectName="models.known_state", wordWrap=True)
        self._state.setProperty("role", "ok")
        self._buttons = QWidget(self)
        flow = FlowLayout(self._buttons, gap=8)
        self._download = ActionButton(actions, "base_model.download", "", tr("Download…"))
        for button in (
            ActionButton(actions, "base_model.add", "primary", tr("Add its folder…")),
            ActionButton(actions, "base_model.add_zip", "", tr("Add its zip…")),
            self._download,
            ActionButton(actions, "models.copy_page", "quiet", tr("Copy its address")),
        ):
            flow.addWidget(button)
        self._steps = _Steps(self)
        self._facts = FactList("models.known_facts", tr("Facts about the model"), self)
        self._tabs = QTabWidget(self, objectName="models.known_tabs")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.addTab(self._steps, tr("How to bring it"))
        self._tabs.addTab(self._facts, tr("Facts"))
        head = QVBoxLayout()
        head.setContentsMargins(24, 16, 16, 8)
        head.setSpacing(12)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._name)
        names.addWidget(self._makers)
        head.addLayout(names)
        for part in (self._about, self._limits, self._state, self._buttons):
            head.addWidget(part)
        below = QVBoxLayout()
        below.setContentsMargins(16, 0, 8, 8)
        below.addWidget(self._tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(below, 1)

    def show_known(self, model: KnownBaseModel, *, here: bool) -> None:
        """Show a model; `here` says that this machine has it."""
        self._name.setText(model.name)
        self._makers.setText(model.hub_name)
        self._about.setText(model.about)
        self._limits.setText(model.limits)
        self._limits.setVisible(bool(model.limits))
        self._limits.setProperty("role", "muted" if model.works else "danger")
        self._limits.style().polish(self._limits)
        self._state.setText(tr("It is on this machine: choose it under “Start from” in Train."))
        self._state.setVisible(here)
        self._buttons.setVisible(model.works and not here)
        self._download.setVisible(model.weights == "safetensors")
        self._steps.show_steps(model.steps)
        steps, before = model.works and not here, self._tabs.isTabVisible(0)
        self._tabs.setTabVisible(0, steps)
        if steps and not before:  # Facts came to the front for want of steps
            self._tabs.setCurrentIndex(0)
        self._facts.set_facts(known_facts(model))


class _Steps(QScrollArea):
    """Numbered sentences, to read and to copy from."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("models.known_steps")
        self.setAccessibleName(tr("How to bring it"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        page.setProperty("role", "page")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 12, 16, 16)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.setWidget(page)
        self._shown: tuple[str, ...] = ()

    def show_steps(self, steps: tuple[str, ...]) -> None:
        """Show these."""
        if steps == self._shown:
            return
        self._shown = steps
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, step in enumerate(steps, start=1):
            words, _, code = step.partition("\n")
            count = QLabel(f"{number}.")
            count.setProperty("role", "muted")
            label = QLabel(words, wordWrap=True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(count, 2 * number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label, 2 * number, 1)
            if code:
                self._grid.addWidget(_code_field(code), 2 * number + 1, 1)


def _code_field(code: str) -> QPlainTextEdit:
    """Return lines to copy, as many as there are."""
    field = QPlainTextEdit(code)
    field.setProperty("role", "code")
    field.setReadOnly(True)
    field.setTabChangesFocus(True)
    field.setAccessibleName(tr("To be typed"))
    field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    lines = code.count("\n") + 1
    field.setFixedHeight(lines * field.fontMetrics().lineSpacing() + 28)
    return field
