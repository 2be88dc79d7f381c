"""Redact: what is replaced in the texts, what was likely missed, and what leaves the house."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.redact.choice_bar import ChoiceBar
from desktop.redact.deciding import Deciding
from desktop.redact.file_commands import FileCommands
from desktop.redact.policy_panel import PolicyPanel
from desktop.redact.redaction import Redaction
from desktop.redact.report_panel import ReportPanel
from desktop.redact.review_panel import ReviewPanel
from desktop.redact.text_pane import TextPane
from desktop.redact.words import unread_words
from desktop.widgets.buttons import ActionButton
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.line import hairline
from desktop.widgets.view import Context, View
from engine.api import ProjectInfo, tr

ROOM_FOR_POLICY = 940
"""Pixels of the view below which the policy stays out of the text's way until it is asked for."""
REVIEW, REPORT = 0, 1


class RedactView(View):
    """Policy, text and review side by side. `navigate` takes `text_id`."""

    name = "redact"
    title = tr("Redact")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        actions, theme = context.actions, context.theme
        self._policy_wanted: bool | None = None
        self._redaction = Redaction(context.bridge, self)
        self._choice = ChoiceBar(actions, theme, self)
        self._policy = PolicyPanel(actions, theme, self._redaction.policy, self)
        self._pane = TextPane(actions, theme, self)
        self._review = ReviewPanel(actions, theme, self)
        self._report = ReportPanel(self)
        self._files = FileCommands(context, self._redaction, self)
        self._deciding = Deciding(context, self._redaction, self._pane, self._review, self)
        self._lay_out()
        self._connect()
        self._bind()
        state = context.settings.value("redact/splitter")
        if state is not None:
            self._splitter.restoreState(state)

    # --- what the window calls ------------------------------------------------------------------

    def set_project(self, project: ProjectInfo | None) -> None:
        self._files.forget()
        self._pane.show_preview(None, None, 0)
        self._review.show_doubts(None)
        self._report.show_report(None)
        self._redaction.set_project(project)

    def navigate(self, **target: Any) -> None:
        if target.get("text_id") is not None:
            self._redaction.show_text(int(target["text_id"]))

    def activated(self) -> None:
        self._redaction.activate(True)
        self._review.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def deactivated(self) -> None:
        self._redaction.activate(False)

    def save_state(self) -> None:
        self.context.settings.setValue("redact/splitter", self._splitter.saveState())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_policy()

    # --- building -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        actions, theme = self.context.actions, self.context.theme
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("redact.tabs")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.addTab(self._review, tr("Review"))
        self._tabs.addTab(self._report, tr("Report"))
        right = QWidget(self)
        inside = QVBoxLayout(right)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._tabs)
        self._tabs.setProperty("role", "inset")
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName("redact.splitter")
        self._splitter.setHandleWidth(1)
        for part in (self._policy, self._pane, right):
            self._splitter.addWidget(part)
        self._splitter.setSizes([304, 460, 336])
        self._splitter.setStretchFactor(0, 0)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setStretchFactor(2, 0)
        self._splitter.setChildrenCollapsible(False)
        self._unread = QLabel(objectName="redact.unread", wordWrap=True)
        self._read = ActionButton(actions, "redact.read", "quiet")
        self._banner = QWidget(self)
        line = QHBoxLayout(self._banner)
        line.setContentsMargins(16, 0, 12, 8)
        line.addWidget(self._unread, 1)
        line.addWidget(self._read)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._choice)
        column.addWidget(self._banner)
        column.addWidget(hairline())
        column.addWidget(self._splitter, 1)
        self._banner.hide()
        self._whole_texts = EmptyState(
            theme,
            "marker-cancel",
            tr("In this project whole texts get labels, so no passage can be replaced."),
            tr(
                "Where passages are marked, such as names and dates, this view replaces them in "
                "every text and shows what was likely missed. The sample with marked passages "
                "shows how."
            ),
            self,
        )
        self._whole_texts.add_button(ActionButton(actions, "project.sample_spans", "primary"))
        self._no_texts = EmptyState(
            theme,
            "text-box-plus-outline",
            tr("There is no text to redact yet."),
            tr(
                "Import texts, mark the passages in some of them, and train a model to find the "
                "rest."
            ),
            self,
        )
        self._no_texts.add_button(ActionButton(actions, "texts.import", "primary"))
        self._no_texts.add_button(ActionButton(actions, "redact.file"))
        self._pages = QStackedWidget(self)
        for part in (page, self._whole_texts, self._no_texts):
            self._pages.addWidget(part)
        self._page = page
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)

    def _connect(self) -> None:
        redaction, choice = self._redaction, self._choice
        choice.model_chosen.connect(
            lambda model_id, alone: redaction.choose_model(model_id, patterns_only=alone)
        )
        choice.scope_chosen.connect(redaction.choose_scope)
        redaction.task_changed.connect(self._show_task)
        redaction.models_changed.connect(self._show_models)
        redaction.texts_changed.connect(self._show_preview)
        redaction.preview_changed.connect(self._show_preview)
        redaction.doubts_changed.connect(self._show_doubts)
        redaction.report_changed.connect(lambda: self._report.show_report(redaction.report))
        self._tabs.currentChanged.connect(lambda tab: redaction.want_report(tab == REPORT))

    def _bind(self) -> None:
        bind, has = self.context.actions.bind, self._has_page
        bind("redact.result", lambda: self._pane.show_result(not self._pane.shows_result), has)
        bind("redact.next_text", lambda: self._step(1), has)
        bind("redact.previous_text", lambda: self._step(-1), has)
        bind("redact.report", self._switch_tab, has)
        bind("redact.policy", self._switch_policy, has)
        bind("redact.open", self._open_text, lambda: self._redaction.text_id is not None)

    # --- showing --------------------------------------------------------------------------------

    def _has_page(self) -> bool:
        return self._pages.currentWidget() is self._page

    def _show_task(self) -> None:
        redaction = self._redaction
        project, task = redaction.project, redaction.task
        if task is None and project is not None:
            self._pages.setCurrentWidget(self._whole_texts)
        elif project is None or not project.texts:
            self._pages.setCurrentWidget(self._no_texts)
        else:
            self._pages.setCurrentWidget(self._page)
        self._policy.show_task(task)
        self._pane.set_task(task)
        self._review.list.set_task(task)
        self._report.set_task(task)
        self._choice.show_scope(redaction.scope)
        self._deciding.set_task(task)
        self.context.actions.refresh()

    def _show_models(self) -> None:
        redaction = self._redaction
        self._choice.show_models(
            redaction.models, redaction.model_id, patterns_only=redaction.patterns_only
        )
        self._choice.show_scope(self._redaction.scope)
        self._show_unread()

    def _show_preview(self) -> None:
        redaction = self._redaction
        self._pane.show_preview(redaction.preview, redaction.place, len(redaction.text_ids))
        self.context.actions.refresh()

    def _show_doubts(self) -> None:
        self._review.show_doubts(self._redaction.doubts)
        self._show_unread()
        self.context.actions.refresh()

    def _show_unread(self) -> None:
        doubts = self._redaction.doubts
        words = unread_words(doubts.unread) if doubts is not None else ""
        self._unread.setText(words)
        self._read.setVisible(self._redaction.model is not None)
        self._banner.setVisible(bool(words))

    def _fit_policy(self) -> None:
        wanted = self._policy_wanted
        self._policy.setVisible(self.width() >= ROOM_FOR_POLICY if wanted is None else wanted)

    # --- commands -------------------------------------------------------------------------------

    def _step(self, by: int) -> None:
        if self._redaction.step(by):
            self._pane.show_preview(None, None, 0)

    def _switch_tab(self) -> None:
        tab = REVIEW if self._tabs.currentIndex() == REPORT else REPORT
        self._tabs.setCurrentIndex(tab)
        (self._report if tab == REPORT else self._review.list).setFocus()

    def _switch_policy(self) -> None:
        self._policy_wanted = self._policy.isHidden()
        self._fit_policy()

    def _open_text(self) -> None:
        self.context.navigate("annotate", text_id=self._redaction.text_id)
