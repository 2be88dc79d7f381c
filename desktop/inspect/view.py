"""Inspect: from a score to the texts behind it in one click, gold put right on the spot."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QWidget

from desktop.inspect.labels_page import LabelsPage
from desktop.inspect.spans.page import SpansPage
from desktop.widgets.view import Context, View
from engine.api import ProjectInfo, tr


class InspectView(View):
    """What a model gets wrong. `navigate` takes `model_id`, `job_id` and `against_id`.

    Which page is shown follows from the kind of the project's task.
    """

    name = "inspect"
    title = tr("Inspect")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._labels = LabelsPage(context, self)
        self._passages = SpansPage(context, self)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._labels)
        self._stack.addWidget(self._passages)
        actions = context.actions
        actions.bind(
            "inspect.predict", lambda: self._page().predict(), lambda: self._page().has_missing()
        )
        actions.bind(
            "inspect.train",
            lambda: self._page().train(),
            lambda: self._page().inspection.model is not None,
        )

    def set_project(self, project: ProjectInfo | None) -> None:
        spans = project is not None and project.task.kind == "spans"
        page, other = (self._passages, self._labels) if spans else (self._labels, self._passages)
        other.set_project(None)
        page.set_project(project)
        self._stack.setCurrentWidget(page)

    def place(self) -> str:
        return self._page().place

    def navigate(self, **target: Any) -> None:
        self._page().inspection.want(**target)

    def activated(self) -> None:
        self._page().rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def save_state(self) -> None:
        for page in (self._labels, self._passages):
            page.save_state()

    def _page(self) -> LabelsPage | SpansPage:
        shown = self._stack.currentWidget()
        return self._passages if shown is self._passages else self._labels
