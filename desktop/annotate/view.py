"""Annotate: one text in the middle, its labels below, and nothing between two key presses."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.annotate.desk import Desk
from desktop.annotate.documents.desk import DocumentDesk
from desktop.annotate.empty import EmptyPage
from desktop.annotate.labelling import ASKED_BY, Labelling
from desktop.annotate.page import TextPage
from desktop.annotate.queue import LabelQueue
from desktop.annotate.spans.desk import SpanDesk
from desktop.theme.fonts import READING_SIZE
from desktop.widgets.view import Context, View
from engine.api import (
    AddLabel,
    Counts,
    EditLabel,
    EditTask,
    LabelInfo,
    LabelsChanged,
    PredictionsChanged,
    ProjectInfo,
    RequestSuggestions,
    TaskInfo,
    TextsChanged,
    tr,
)

RANK_AGAIN_MS = 1500
ZOOM_STEP = 2


class AnnotateView(View):
    """The view in which people spend their days. `navigate` takes `text_id`, `state`, `order`."""

    name = "annotate"
    title = tr("Annotate")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._project: ProjectInfo | None = None
        self._suggested_for: set[int] = set()
        self._active = False
        self._could = False  # whether there was a text to label when the actions were told
        self._queue = LabelQueue(context.bridge, self)
        self._labelling = Labelling(context.bridge, self._queue, context.strip, self)
        self._desk: Desk = DocumentDesk(context, self._queue, self._labelling, self)
        self._empty = EmptyPage(context, self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._desk.page)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._rank_again = QTimer(self)
        self._rank_again.setSingleShot(True)
        self._rank_again.setInterval(RANK_AGAIN_MS)
        self._rank_again.timeout.connect(self._queue.reload)
        self._connect()
        self._bind()
        self._equip()

    # --- what the window calls ------------------------------------------------------------------

    def set_project(self, project: ProjectInfo | None) -> None:
        self._project = project
        self._queue.close()
        self._suggested_for.clear()
        self._page.forget_text()
        self._desk.forget()
        self._labelling.set_task(None)
        self._rank_again.stop()
        if project is None:
            self._empty.show_no_project()
            self._stack.setCurrentWidget(self._empty)
            return
        self._use_desk_for(project.task)
        self._take_task(project)
        self._open_queue()

    def place(self) -> str:
        return self._desk.place

    def navigate(self, **target: Any) -> None:
        if self._task() is None:
            return
        state, order = self._page.header.queue()
        if "state" in target or "order" in target:
            state, order = target.get("state", state), target.get("order", order)
            self._page.header.set_queue(state, order)
            self._open_queue(target.get("text_id"))
        elif "text_id" in target:
            self._queue.show(int(target["text_id"]))

    def activated(self) -> None:
        self._active = True
        self._page.focus_text()
        self._labelling.count_soon()

    def deactivated(self) -> None:
        self._active = False

    def save_state(self) -> None:
        settings = self.context.settings
        state, order = self._page.header.queue()
        settings.setValue("annotate/state", state)
        settings.setValue("annotate/order", order)
        settings.setValue("annotate/size", self._page.reader.size_in_pixels())
        settings.setValue("annotate/guideline", self._page.guideline_shown())
        settings.setValue("annotate/splitter", self._page.splitter.saveState())
        self._desk.save_state()

    # --- the desk -------------------------------------------------------------------------------

    @property
    def _page(self) -> TextPage:
        return self._desk.page

    def _use_desk_for(self, task: TaskInfo) -> None:
        """Have the desk that this kind of task asks for."""
        kind = SpanDesk if task.kind == "spans" else DocumentDesk
        if type(self._desk) is kind:
            return
        self.save_state()
        former, self._desk = self._desk, kind(self.context, self._queue, self._labelling, self)
        self._stack.insertWidget(0, self._page)
        self._stack.removeWidget(former.page)
        former.page.deleteLater()
        former.deleteLater()
        self._equip()

    def _equip(self) -> None:
        """Set the desk up as the settings have it, and follow what is done on its page."""
        self._restore()
        page = self._page
        self._labelling.given.connect(page.labels.flash)
        page.header.queue_chosen.connect(lambda *_: self._open_queue())
        page.labels.chosen.connect(self._desk.press)
        page.comment_form.saved.connect(self._labelling.comment)
        page.label_form.saved.connect(self._add_label)
        page.drawer.task_guideline_edited.connect(self._write_guideline)
        page.drawer.label_guideline_edited.connect(self._write_label_guideline)
        self._desk.bind()

    def _restore(self) -> None:
        settings = self.context.settings
        self._page.header.set_queue(
            str(settings.value("annotate/state", "not labelled")),
            str(settings.value("annotate/order", "imported")),
        )
        size = str(settings.value("annotate/size", READING_SIZE))
        self._page.reader.set_size_in_pixels(int(size) if size.isdigit() else READING_SIZE)
        splitter = settings.value("annotate/splitter")
        if splitter is not None:
            self._page.splitter.restoreState(splitter)
        self._page.show_guideline(str(settings.value("annotate/guideline", "false")) == "true")

    # --- wiring ---------------------------------------------------------------------------------

    def _connect(self) -> None:
        bridge = self.context.bridge
        bridge.project_changed.connect(self._project_changed)
        bridge.on(LabelsChanged, self._labels_changed)
        bridge.on(TextsChanged, self._texts_changed)
        bridge.on(PredictionsChanged, self._predictions_changed)
        self._queue.current_changed.connect(self._show_current)
        self._queue.exhausted.connect(self._show_current)
        self._labelling.amended.connect(self._show_current)
        self._labelling.counted.connect(self._show_counts)
        self._empty.label_form.saved.connect(self._add_label)
        self._empty.state_wanted.connect(self._choose_state)

    def _bind(self) -> None:
        actions = self.context.actions
        for id, slot in (
            ("annotate.skip", self._labelling.skip),
            ("annotate.flag", self._labelling.flag),
        ):
            actions.bind(id, slot, self._has_text)
            # A key held down must not run through texts that nobody has read.
            actions.qaction(id).setAutoRepeat(False)
        actions.bind("annotate.comment", self._start_comment, self._has_text)
        actions.bind("annotate.previous", self._queue.back, self._has_task)
        actions.bind("annotate.next", self._queue.forward, self._has_text)
        actions.bind("annotate.add_label", self._start_label, self._has_task)
        actions.bind("annotate.similar", self._find_similar, self._has_text)
        actions.bind("annotate.find_label", self._find_label, self._has_text)
        actions.bind("annotate.guideline", self._toggle_guideline, self._has_task)
        for name, order in (
            ("imported", "imported"),
            ("random", "random"),
            ("useful", "least certain"),
        ):
            choose = partial(self.navigate, order=order)
            actions.bind(f"annotate.queue_{name}", choose, self._has_task)
        actions.bind("annotate.larger", partial(self._zoom, ZOOM_STEP))
        actions.bind("annotate.smaller", partial(self._zoom, -ZOOM_STEP))
        actions.bind("annotate.usual_size", partial(self._zoom, None))

    def _has_task(self) -> bool:
        return self._task() is not None

    def _has_text(self) -> bool:
        return self._queue.current is not None

    def _task(self) -> TaskInfo | None:
        return None if self._project is None else self._project.task

    # --- the project changes --------------------------------------------------------------------

    def _project_changed(self, project: ProjectInfo | None) -> None:
        before = self._project
        if project is None or before is None or project.uuid != before.uuid:
            return
        self._project = project
        if project.suggestion_model_id != before.suggestion_model_id:
            self._suggested_for.clear()
            self._desk.forget()
            self._queue.refresh_all()
        if (project.tasks, project.suggestion_model_id) != (
            before.tasks,
            before.suggestion_model_id,
        ):
            self._take_task(project)
            self._show_current()

    def _take_task(self, project: ProjectInfo) -> None:
        task = project.task
        self._labelling.set_task(task)
        self._desk.set_task(task, project)
        self._page.drawer.set_task(task, self._labelling.counts)
        if self._labelling.counts is not None:
            self._page.header.set_counts(task, self._labelling.counts)
        keys = {label.key: label.id for label in task.labels if label.key}
        self.context.actions.bind_keys(self.name, keys, lambda key: self._press(keys[key]))

    def _press(self, label_id: int) -> None:
        if self._has_text():
            self._desk.press(label_id)

    def _labels_changed(self, event: LabelsChanged) -> None:
        if self._task() is None:
            return
        own = event.asked_by == ASKED_BY
        self._desk.labels_changed(event, own=own)
        self._queue.refresh(event.text_ids, reopened=not own)
        if not own:
            self._labelling.count_soon()
        if event.kind in ("undo", "redo") and len(event.text_ids) == 1 and self._active:
            self._queue.show(event.text_ids[0])
        elif self._queue.current_id is None:
            self._queue.reload()

    def _texts_changed(self, event: TextsChanged) -> None:
        if self._queue.current_id is not None:
            self._queue.refresh((self._queue.current_id,))
        self._queue.reload()
        self._labelling.count_soon()

    def _predictions_changed(self, event: PredictionsChanged) -> None:
        if self._project is None or event.model_id != self._project.suggestion_model_id:
            return
        self._desk.predictions_changed(event)
        if event.text_ids:
            self._queue.refresh(event.text_ids)
        else:
            self._queue.refresh_all()
        if self._page.header.queue()[1] == "least certain" and not self._rank_again.isActive():
            self._rank_again.start()

    # --- what is shown --------------------------------------------------------------------------

    def _open_queue(self, show: int | None = None) -> None:
        task = self._task()
        if task is None:
            return
        state, order = self._page.header.queue()
        self._page.forget_text()
        self._queue.open(task.id, order, state, show)
        if self._labelling.counts is not None:
            self._show_counts(self._labelling.counts)
        if self._active:
            self._page.focus_text()

    def _choose_state(self, state: str) -> None:
        self.navigate(state=state)

    def _show_current(self) -> None:
        task, detail = self._task(), self._queue.current
        if task is None:
            return
        if detail is not None and task.labels:
            self._desk.show_text(task, detail)
            if self._stack.currentWidget() is not self._page:
                self._stack.setCurrentWidget(self._page)
                if self._active:
                    self._page.focus_text()
            self._want_suggestions(task)
        elif not task.labels:
            self._empty.show_no_labels(task)
            self._stack.setCurrentWidget(self._empty)
        elif self._queue.current_id is None and not self._queue.loading:
            self._page.forget_text()
            self._empty.show_end(self._page.header.queue()[0], self._labelling.counts)
            self._stack.setCurrentWidget(self._empty)
        if self._could != self._has_text():
            self._could = self._has_text()
            self.context.actions.refresh()

    def _show_counts(self, counts: Counts) -> None:
        task = self._task()
        if task is None:
            return
        self._page.header.set_counts(task, counts)
        if self._page.guideline_shown():
            self._page.drawer.set_task(task, counts)
        if self._stack.currentWidget() is self._empty and not self._queue.loading:
            self._show_current()

    def _want_suggestions(self, task: TaskInfo) -> None:
        if self._project is None or self._project.suggestion_model_id is None:
            return
        wanted = []
        for text_id in (self._queue.current_id, *self._queue.upcoming()):
            detail = None if text_id is None else self._queue.text(text_id)
            if detail is None or detail.id in self._suggested_for:
                continue
            if self._desk.wants_suggestion(detail):
                wanted.append(detail.id)
        if wanted:
            self._suggested_for.update(wanted)
            self.context.bridge.send(RequestSuggestions(tuple(wanted), asked_by=ASKED_BY))

    # --- actions --------------------------------------------------------------------------------

    def _start_comment(self) -> None:
        detail = self._queue.current
        if detail is not None:
            self._page.comment_form.open_form(detail.row.comment)

    def _find_similar(self) -> None:
        detail = self._queue.current
        if detail is not None:
            excerpt = detail.row.excerpt
            self.context.navigate("texts", similar_to=detail.id, excerpt=excerpt)

    def _start_label(self) -> None:
        if self._stack.currentWidget() is self._empty:
            self._empty.label_form.open_form()
        else:
            self._page.label_form.open_form()

    def _add_label(self, name: str) -> None:
        task = self._task()
        if task is not None and name:
            command = AddLabel(task.id, name, asked_by=ASKED_BY)
            self.context.bridge.send(command, self._label_added)

    def _label_added(self, label: LabelInfo) -> None:
        name, key = label.name, label.key.upper()
        self.context.strip.show_message(
            tr("The label “{name}” is there; its key is {key}.", name=name, key=key)
            if key
            else tr("The label “{name}” is there.", name=name)
        )

    def _write_guideline(self, words: str) -> None:
        task = self._task()
        if task is not None:
            self.context.bridge.send(EditTask(task.id, guideline=words, asked_by=ASKED_BY))

    def _write_label_guideline(self, label_id: int, words: str) -> None:
        self.context.bridge.send(EditLabel(label_id, guideline=words, asked_by=ASKED_BY))

    def _toggle_guideline(self) -> None:
        shown = not self._page.guideline_shown()
        task = self._task()
        if shown and task is not None:
            self._page.drawer.set_task(task, self._labelling.counts)
        self._page.show_guideline(shown)

    def _find_label(self) -> None:
        self._page.labels.start_filter()

    def _zoom(self, step: int | None) -> None:
        """Make the letters so much larger, or, without a step, as large as usual."""
        reader = self._page.reader
        size = READING_SIZE if step is None else reader.size_in_pixels() + step
        reader.set_size_in_pixels(size)
