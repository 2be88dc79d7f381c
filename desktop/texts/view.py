"""Texts: all of them in one table, to find, filter, read, and label many at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop.bridge import sentence_of
from desktop.texts.detail import DetailPanel
from desktop.texts.empty_words import why_empty
from desktop.texts.filter_bar import FilterBar
from desktop.texts.listing import Listed, Listing, Wish
from desktop.texts.model import TextsModel
from desktop.texts.search_encoder import SearchEncoder
from desktop.texts.search_mode import MODES
from desktop.texts.table import TextsTable
from desktop.widgets.buttons import ActionButton
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.line import hairline
from desktop.widgets.view import Context, View
from engine.api import (
    ClearLabels,
    GetText,
    GiveLabels,
    LabelCommand,
    LabelsChanged,
    ProjectInfo,
    SetFlagged,
    SetLabels,
    SetSkipped,
    TakeLabels,
    TaskInfo,
    TextDetail,
    TextFilter,
    TextRow,
    TextsChanged,
    tr,
)

ASKED_BY = "texts"
FILTER_AGAIN_MS = 250


class TextsView(View):
    """The table of texts. `navigate` takes `filter` (a TextFilter), `mode` (how it searches) and
    `text_id`, or `similar_to` (a text's id) and `excerpt` (how it begins)."""

    name = "texts"
    title = tr("Texts")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._project: ProjectInfo | None = None
        self._order = ("imported", False)
        self._listed: Listed | None = None
        self._keep_row = 0
        self._text_wanted: int | None = None
        self._bar = FilterBar(context.actions, context.theme, self)
        self._listing = Listing(context.bridge, self._has_several_chosen, self)
        self._encoder = SearchEncoder(context, self)
        self._model = TextsModel(context.bridge, self)
        self._table = TextsTable(self._model, context.theme, self)
        self._detail = DetailPanel(context.actions, context.theme, self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName("texts.splitter")
        framed = QWidget(self)
        frame = QVBoxLayout(framed)
        frame.setContentsMargins(16, 0, 0, 0)  # cells pad 8: text stands under the search field
        frame.addWidget(self._table)
        self._splitter.addWidget(framed)
        self._splitter.addWidget(self._detail)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setCollapsible(0, False)
        self._splitter.setCollapsible(1, False)
        self._splitter.setSizes([640, 380])
        self._no_texts = EmptyState(
            context.theme,
            "tray-arrow-down",
            tr("There are no texts in this project yet."),
            tr("Import a CSV or JSONL file, or drop one anywhere on this window."),
        )
        self._no_texts.setObjectName("texts.none")
        self._no_texts.add_button(ActionButton(context.actions, "texts.import", "primary"))
        self._no_hits = EmptyState(context.theme, "magnify", tr("No text is like that."))
        self._no_hits.setObjectName("texts.no_hits")
        self._no_hits.add_button(ActionButton(context.actions, "texts.clear_filter", "primary"))
        self._stack = QStackedWidget(self)
        for page in (self._splitter, self._no_texts, self._no_hits):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(hairline())
        column.addWidget(self._stack, 1)
        self._filter_again = QTimer(self)
        self._filter_again.setSingleShot(True)
        self._filter_again.setInterval(FILTER_AGAIN_MS)
        self._filter_again.timeout.connect(self._list)
        self._restore()
        self._connect()
        self._bind()

    # --- what the window calls ------------------------------------------------------------------

    def set_project(self, project: ProjectInfo | None) -> None:
        self._project = project
        self._encoder.set_project(project)
        self._filter_again.stop()
        self._listing.close()
        self._model.close()
        self._detail.show_nothing()
        self._listed = None
        self._bar.set_task(None if project is None else project.task)
        if project is None:
            self._stack.setCurrentWidget(self._no_texts)
            return
        self._take_task(project.task)
        self._bar.set_filter(TextFilter())

    def navigate(self, **target: Any) -> None:
        if "text_id" in target:
            self._text_wanted = int(target["text_id"])
        wanted = target.get("filter")
        if isinstance(wanted, TextFilter):
            self._bar.set_filter(wanted, target.get("mode"))
        elif "similar_to" in target:
            self._bar.show_similar(int(target["similar_to"]), str(target.get("excerpt", "")))
        elif self._text_wanted is not None:
            self._list()

    def activated(self) -> None:
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> bool:
        self._bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._bar.search.selectAll()
        return True

    def save_state(self) -> None:
        settings = self.context.settings
        settings.setValue("texts/details", not self._detail.isHidden())
        settings.setValue("texts/splitter", self._splitter.saveState())
        settings.setValue("texts/search_mode", self._bar.mode.mode)
        self._table.save_columns(settings)

    # --- wiring ---------------------------------------------------------------------------------

    def _restore(self) -> None:
        settings = self.context.settings
        self._table.restore_columns(settings)
        self._bar.mode.choose(str(settings.value("texts/search_mode", "words")))
        splitter = settings.value("texts/splitter")
        if splitter is not None:
            self._splitter.restoreState(splitter)
        self._detail.setVisible(str(settings.value("texts/details", "true")) == "true")

    def _connect(self) -> None:
        bridge = self.context.bridge
        bridge.project_changed.connect(self._project_changed)
        bridge.on(LabelsChanged, self._labels_changed)
        bridge.on(TextsChanged, self._texts_changed)
        self._bar.changed.connect(self._filter_changed)
        self._bar.left.connect(self._to_table)
        self._encoder.changed.connect(self._list)
        self._listing.listed.connect(self._show_listed)
        self._listing.failed.connect(self._not_listed)
        self._table.current_changed.connect(self._show_chosen)
        self._table.sort_wanted.connect(self._sort)
        self._table.doubleClicked.connect(lambda: self._open())

    def _bind(self) -> None:
        actions = self.context.actions
        actions.bind("texts.open", self._open, self._can_open)
        actions.bind("texts.flag", self._flag, self._has_chosen)
        actions.bind("texts.skip", self._skip, self._has_chosen)
        actions.bind("texts.clear_labels", self._clear_labels, self._has_chosen)
        actions.bind("texts.clear_filter", self._clear_filter, self._is_filtered)
        actions.bind("texts.details", self._toggle_details, self._has_project)
        actions.bind("texts.similar", self._find_similar, self._has_current)
        for mode, (_, id, _) in MODES.items():
            actions.bind(id, partial(self._search_by, mode), self._has_project)
        for id in ("texts.open", "texts.similar", "texts.flag", "texts.skip", "texts.clear_labels"):
            self._table.addAction(actions.qaction(id))
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _has_project(self) -> bool:
        return self._project is not None

    def _has_current(self) -> bool:
        return self._table.current_id() is not None

    def _can_open(self) -> bool:
        return self._project is not None and self._has_current()

    def _has_chosen(self) -> bool:
        return self._table.chosen_count() > 0

    def _has_several_chosen(self) -> bool:
        return self._table.chosen_count() > 1

    def _is_filtered(self) -> bool:
        return self._project is not None and self._bar.is_filtered()

    # --- the project changes --------------------------------------------------------------------

    def _project_changed(self, project: ProjectInfo | None) -> None:
        before = self._project
        if project is None or before is None or project.uuid != before.uuid:
            return
        self._project = project
        if project.tasks != before.tasks:
            self._bar.set_task(project.task)
            self._take_task(project.task)
        self._show_count()

    def _take_task(self, task: TaskInfo) -> None:
        self._model.set_task(task)
        # A passage is marked by its place, which a list of texts has not.
        labels = () if task.kind == "spans" else task.labels
        keys = {label.key: label.id for label in labels if label.key}
        self.context.actions.bind_keys(self.name, keys, lambda key: self._label(keys[key]))

    def _labels_changed(self, event: LabelsChanged) -> None:
        self._model.refresh(event.text_ids)
        applied = self._bar.text_filter()
        if applied.state != "all" or applied.label_ids or self._order[0] == "label":
            self._filter_again.start()
        if self._table.current_id() in event.text_ids:
            self._read_current()

    def _texts_changed(self, event: TextsChanged) -> None:
        self._model.refresh(None)
        self._list()

    # --- the list -------------------------------------------------------------------------------

    def _filter_changed(self) -> None:
        self._table.clearSelection()
        self._keep_row = 0
        self._table.scrollToTop()
        self._list()

    def _sort(self, order: str, descending: bool) -> None:
        self._order = (order, descending)
        self._list()

    def _list(self) -> None:
        if self._project is None:
            return
        current = self._table.currentIndex()
        self._keep_row = current.row() if current.isValid() else 0
        bar, task_id, further = self._bar, self._project.task.id, self._encoder.choice
        wish = Wish(
            task_id, bar.text_filter(), bar.mode.mode, bar.similar_to, *self._order, *further
        )
        if wish.ranked:  # the first answer waits until the model is loaded
            bar.set_count(None, 0, 0, ranked=True)
        self._listing.ask(wish)

    def _not_listed(self, error: BaseException) -> None:
        """Say why; an encoder that cannot be used must not stand in the way of the next search."""
        if self._encoder.back_to_starter():
            sentence, details = sentence_of(error)
            next_time = tr("The next search compares with the starter.")
            self.context.strip.show_message(f"{sentence} {next_time}", details, kind="error")
        else:
            self.context.bridge.tell(error)
        self._show_count()

    def _show_listed(self, listed: Listed) -> None:
        if self._project is None:
            return
        if listed.again and self._text_wanted is None:
            # The list has grown under whoever reads it: the text stays, not the row.
            self._text_wanted = self._table.current_id()
        place = self._table.verticalScrollBar().value()
        self._listed = listed
        self._model.set_ids(listed.ids, listed.likeness)
        self._table.show_ranked(listed.wish.ranked)
        if not listed.ids:
            filtered = self._is_filtered()
            self._stack.setCurrentWidget(self._no_hits if filtered else self._no_texts)
            self._no_hits.set_words(*why_empty(listed, self._bar.text_filter()))
            self._detail.show_nothing()
        else:
            self._stack.setCurrentWidget(self._splitter)
            self._table.verticalScrollBar().setValue(place)
            row = self._keep_row
            if self._text_wanted is not None:
                row = self._model.row_of(self._text_wanted) or 0
                self._text_wanted = None
            self._table.choose_row(row)
        self._show_chosen()

    def _show_chosen(self) -> None:
        self._show_count()
        self._read_current()
        self.context.actions.refresh()

    def _show_count(self) -> None:
        total = 0 if self._project is None else self._project.texts
        kept = None if self._listed is None else len(self._listed.ids)
        ranked = self._listed is not None and self._listed.wish.ranked
        chosen = self._table.chosen_count()
        self._bar.set_count(kept, max(total, kept or 0), chosen, ranked=ranked)

    def _read_current(self) -> None:
        text_id = self._table.current_id()
        if text_id is None or self._project is None or self._detail.isHidden():
            return
        query = GetText(self._project.task.id, text_id)
        self.context.bridge.ask(query, self._show_detail, channel="texts.detail")

    def _show_detail(self, detail: TextDetail | None) -> None:
        if detail is None or self._project is None:
            self._detail.show_nothing()
        else:
            by_words = self._bar.mode.mode != "meaning"
            marked = self._bar.text_filter().search if by_words else ""
            self._detail.show_text(self._project.task, detail, marked)

    # --- actions --------------------------------------------------------------------------------

    def _to_table(self) -> None:
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self) -> None:
        text_id = self._table.current_id()
        if text_id is not None and self._can_open():
            self.context.navigate("annotate", text_id=text_id)

    def _label(self, label_id: int) -> None:
        chosen = self._table.chosen_ids()
        if not chosen or self._project is None:
            return
        task = self._project.task
        command: LabelCommand
        if task.multi_label:
            taken = self._all(chosen, lambda row: label_id in row.label_ids)
            change = TakeLabels if taken else GiveLabels
            command = change(task.id, chosen, (label_id,), asked_by=ASKED_BY)
        else:
            origin = "person" if len(chosen) == 1 else "bulk"
            command = SetLabels(task.id, chosen, (label_id,), origin, asked_by=ASKED_BY)
        self.context.bridge.send(command)

    def _flag(self) -> None:
        chosen = self._table.chosen_ids()
        if chosen and self._project is not None:
            flagged = self._all(chosen, lambda row: row.flagged)
            self.context.bridge.send(
                SetFlagged(self._project.task.id, chosen, not flagged, asked_by=ASKED_BY)
            )

    def _skip(self) -> None:
        chosen = self._table.chosen_ids()
        if chosen and self._project is not None:
            skipped = self._all(chosen, lambda row: row.skipped)
            self.context.bridge.send(
                SetSkipped(self._project.task.id, chosen, not skipped, asked_by=ASKED_BY)
            )

    def _clear_labels(self) -> None:
        chosen = self._table.chosen_ids()
        if chosen and self._project is not None:
            self.context.bridge.send(ClearLabels(self._project.task.id, chosen, asked_by=ASKED_BY))

    def _all(self, chosen: tuple[int, ...], what: Callable[[TextRow], bool]) -> bool:
        """Whether `what` is true of all chosen texts that are in memory."""
        rows = [row for text_id in chosen if (row := self._model.text_row(text_id)) is not None]
        return bool(rows) and all(map(what, rows))

    def _find_similar(self) -> None:
        text_id = self._table.current_id()
        if text_id is not None:
            row = self._model.text_row(text_id)
            self._bar.show_similar(text_id, "" if row is None else row.excerpt)
            self._to_table()

    def _search_by(self, mode: str) -> None:
        self._bar.mode.choose(mode)
        self.focus_search()

    def _clear_filter(self) -> None:
        self._bar.set_filter(TextFilter())
        self._to_table()

    def _toggle_details(self) -> None:
        self._detail.setVisible(self._detail.isHidden())
        self._read_current()
