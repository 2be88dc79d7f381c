"""Passages are marked: what each key does to the passage one is at, and where one goes then."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt

from desktop.annotate.desk import Desk
from desktop.annotate.labelling import Labelling
from desktop.annotate.queue import LabelQueue
from desktop.annotate.span_canvas import Mark
from desktop.annotate.spans.everywhere import Everywhere
from desktop.annotate.spans.hints import Standing, hints_for
from desktop.annotate.spans.marking import Marking, Span
from desktop.annotate.spans.meaning import Meaning
from desktop.annotate.spans.page import PLACE, SURE_ENOUGH, SpanPage
from desktop.annotate.spans.suggestions import SpanSuggestions
from desktop.annotate.spans.walk import Walk
from desktop.annotate.spans.what_changed import WhatChanged
from desktop.widgets.view import Context
from engine.api import (
    LabelsChanged,
    PredictionsChanged,
    ProjectInfo,
    RulesChanged,
    SpanSuggestion,
    TaskInfo,
    TextDetail,
    tr,
)

IN_VIEW = 600  # characters from the beginning of a text that one sees without scrolling
_ALT, _SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
_IN_TEXT = (
    ("annotate.extend", Qt.Key.Key_Right, _SHIFT),
    ("annotate.extend_back", Qt.Key.Key_Left, _SHIFT),
    ("annotate.end_on", Qt.Key.Key_Right, _ALT),
    ("annotate.end_back", Qt.Key.Key_Left, _ALT),
    ("annotate.start_on", Qt.Key.Key_Right, _ALT | _SHIFT),
    ("annotate.start_back", Qt.Key.Key_Left, _ALT | _SHIFT),
)


class SpanDesk(Desk):
    """Marks passages with `Marking`, on a `SpanCanvas`.

    After each passage the caret is at the next one: the next suggestion, or, without any, the next
    passage that looks as if it were to be marked.
    """

    place = PLACE
    page: SpanPage

    def __init__(
        self, context: Context, queue: LabelQueue, labelling: Labelling, parent: QObject
    ) -> None:
        super().__init__(context, queue, labelling, parent)
        self.page = SpanPage(context.actions, context.theme)
        self._canvas = self.page.canvas
        self._walk = Walk(self._canvas)
        self._marking = Marking(queue, labelling, self)
        self._everywhere = Everywhere(self.page, self._marking, self)
        self._meaning = Meaning(self.page.entity_form, self._marking, self)
        self._suggestions = SpanSuggestions(context.bridge, self)
        self._task: TaskInfo | None = None
        self._last: tuple[int, Span] | None = None  # text, and the passage marked last in it
        self._changed = WhatChanged()
        self._untouched = False  # nobody has done anything in the text that is shown
        self._by_mouse = False
        stored = str(context.settings.value("annotate/accept_from", SURE_ENOUGH))
        self.page.set_threshold(int(stored) if stored.isdigit() else SURE_ENOUGH)
        self._canvas.caret_moved.connect(self._show_place)
        self._canvas.boundary_moved.connect(self._nudge)
        self.page.walked.connect(self._go)
        self.page.touched.connect(self._note_touch)
        self.page.threshold_chosen.connect(self._show_hints)
        self._everywhere.changed.connect(self._show_hints)
        self._everywhere.marked.connect(labelling.given)
        self._everywhere.nothing_found.connect(self._say_nowhere_else)
        self._suggestions.changed.connect(self._suggestions_changed)
        labelling.refused.connect(self._take_back)
        context.bridge.on(RulesChanged, self._rules_changed)

    # --- what the view calls --------------------------------------------------------------------

    def bind(self) -> None:
        actions = self.context.actions
        for id, slot in (
            ("annotate.accept_passage", self._accept_or_finish),
            ("annotate.accept_all", self._accept_all),
            ("annotate.remove_passage", self._remove),
            ("annotate.everywhere", self._mark_everywhere),
            ("annotate.entity", self._ask_meaning),
        ):
            actions.bind(id, slot, self.has_text)
            # A key held down must not run through texts that nobody has read.
            actions.qaction(id).setAutoRepeat(False)
        actions.bind("annotate.next_passage", partial(self._go, True), self.has_text)
        actions.bind("annotate.previous_passage", partial(self._go, False), self.has_text)
        actions.bind("annotate.next_likely", partial(self._go_likely, True), self.has_text)
        actions.bind("annotate.previous_likely", partial(self._go_likely, False), self.has_text)
        for id, key, modifiers in _IN_TEXT:
            press = partial(self.page.press_in_text, key, modifiers)
            actions.bind(id, press, self._can_nudge if modifiers & _ALT else self.has_text)

    def set_task(self, task: TaskInfo, project: ProjectInfo) -> None:
        self._task = task
        super().set_task(task, project)

    def show_text(self, task: TaskInfo, detail: TextDetail) -> None:
        other = self.page.show_text(task, detail)
        if other:
            self._everywhere.leave()
            self._by_mouse = False
        self._suggestions.want(task.id, (detail.id, *self.queue.upcoming()))
        suggestions = self._suggestions.of(detail)
        self.page.show_passages(task, detail, suggestions)
        changed = self._changed.place(detail)
        if changed is not None:
            self._untouched = False
            self._go_where_changed(*changed)
        elif other:
            self._untouched = not detail.row.labelled
            self._begin(suggestions)
        self._show_hints()

    def wants_suggestion(self, detail: TextDetail) -> bool:
        return True  # a text with marks may be in the middle of it

    def labels_changed(self, event: LabelsChanged, *, own: bool) -> None:
        if own or self._task is None:
            return
        self._suggestions.reopen(self._task.id, event.text_ids)
        if event.kind in ("undo", "redo") and len(event.text_ids) == 1:
            self._changed.expect(event.text_ids[0], self.queue.text(event.text_ids[0]))

    def predictions_changed(self, event: PredictionsChanged) -> None:
        if self._task is not None and event.text_ids:
            self._suggestions.read_again(self._task.id, event.text_ids)
        elif self._task is not None:
            self._suggestions.read_all_again(self._task.id)

    def forget(self) -> None:
        self._suggestions.forget()
        self._last = None
        self._everywhere.leave()

    def save_state(self) -> None:
        percent = round(self.page.threshold() * 100)
        self.context.settings.setValue("annotate/accept_from", percent)

    def press(self, label_id: int) -> None:
        """Mark the selection, or the word at the caret; change a mark; accept a suggestion."""
        self._act()
        mark = self._canvas.current()
        if mark is not None:
            self._press_on(mark, label_id)
            return
        chosen = self._canvas.selection() or self._canvas.word_at_caret()
        start, end = _trimmed(self._canvas.content(), chosen)
        if start == end:
            self._say(tr("There is no word here to mark; Tab goes to the next passage."))
            return
        span = (start, end, label_id)
        same = [each for each in self._marking.spans() if (each.start, each.end) == span[:2]]
        if same and all(each.label_id != label_id for each in same):
            self._marking.change((start, end, same[0].label_id), span)
        else:
            self._marking.add(span)
        self._marked(span)
        self._go_behind(end)

    # --- the keys -------------------------------------------------------------------------------

    def _press_on(self, mark: Mark, label_id: int) -> None:
        span = (mark.start, mark.end, label_id)
        if mark.kind == "suggestion":
            self._accept(mark, label_id)
        elif self._marking.change((mark.start, mark.end, mark.label_id), span):
            self._marked(span)

    def _accept_or_finish(self) -> None:
        """Take the suggestion, or go to the next one, or finish the text."""
        self._act()
        mark = self._canvas.current()
        if mark is not None and mark.kind == "suggestion":
            self._accept(mark, mark.label_id)
        elif not self._walk.to_suggestion(self._canvas.caret()):
            self._marking.finish()

    def _accept(self, mark: Mark, label_id: int) -> None:
        span = (mark.start, mark.end, label_id)
        accepted = label_id == mark.label_id
        suggestion = self._suggestion(mark)
        model_id = suggestion.model_id if suggestion is not None and accepted else None
        self._marking.add(span, accepted=accepted, model_id=model_id)
        self._marked(span)
        self._go_behind(mark.end)

    def _accept_all(self) -> None:
        """Take every suggestion that is likely enough, in one step."""
        self._act()
        likely = self._likely_enough()
        if not likely:
            percent = round(self.page.threshold() * 100)
            self._say(
                tr("Nothing is suggested here that is at least {percent} % sure.", percent=percent)
            )
            return
        models = {each.model_id for each in likely}
        model_id = models.pop() if len(models) == 1 else None
        spans = [(each.start, each.end, each.label_id) for each in likely]
        self._marking.add_all(spans, "suggestion accepted", model_id)
        if not self._walk.to_suggestion(0):
            self._canvas.set_caret(likely[-1].end)

    def _remove(self) -> None:
        """Take the mark off, or leave the suggestion out."""
        self._act()
        mark = self._canvas.current() or self._at_caret()
        if mark is None:
            return
        span = (mark.start, mark.end, mark.label_id)
        if mark.kind != "suggestion":
            self._marking.remove(span)
            self._canvas.select(mark.start, mark.end)
            return
        detail = self.queue.current
        if detail is not None:
            self._suggestions.leave_out(detail.id, span)
            self._marking.leave_out(span)
            self._go_behind(mark.end)

    def _mark_everywhere(self) -> None:
        """Show where else the words of the passage stand; the second time, mark them there."""
        mark = self._canvas.current() or self._at_caret()
        if self._everywhere.preview is not None:
            self._everywhere.mark()
        elif mark is not None:
            self._everywhere.show(mark)
        elif self._last is not None and self._last[0] == self.queue.current_id:
            self._everywhere.show(Mark(*self._last[1]))
        else:
            self._say(tr("Mark a passage first; then its words can be marked everywhere."))

    def _ask_meaning(self) -> None:
        """Open the form in which one says who or what the marked passage means."""
        self._act()
        mark = self._canvas.current() or self._at_caret()
        if mark is None or mark.kind == "suggestion":
            self._say(tr("Go to a marked passage first; then you can say who or what it means."))
            return
        self._meaning.ask((mark.start, mark.end, mark.label_id))

    def _act(self) -> None:
        """A person does something else than to look at a preview."""
        self._untouched = False
        self._everywhere.leave()

    def _nudge(self, mark: Mark, start: int, end: int) -> None:
        self._act()
        self._marking.change((mark.start, mark.end, mark.label_id), (start, end, mark.label_id))

    def _go(self, forward: bool) -> None:
        self._act()
        if not self._walk.to_stop(forward=forward):
            self._say(tr("Nothing is marked here, and nothing looks like a name, number or date."))

    def _go_likely(self, forward: bool) -> None:
        self._act()
        if not self._walk.to_likely(forward=forward):
            self._say(tr("Nothing unmarked here looks like a name, number or date."))

    # --- where one is ---------------------------------------------------------------------------

    def _begin(self, suggestions: tuple[SpanSuggestion, ...]) -> None:
        """Go to what is to be done first in a text that was just opened."""
        if suggestions:
            self._walk.to_suggestion(0)
        elif self._untouched:
            self._walk.to_likely_behind(0, IN_VIEW)

    def _go_behind(self, position: int) -> None:
        """Go on from a passage that is done."""
        walk = self._walk
        # Who points at passages would lose sight of them.
        stays = self._by_mouse or not (
            walk.to_suggestion(position) or walk.to_likely_behind(position)
        )
        if stays:
            self._canvas.set_caret(position)

    def _go_where_changed(self, start: int, end: int, label_id: int | None) -> None:
        if label_id is None:
            self._canvas.select(start, end)
        else:
            self._canvas.set_current(Mark(start, end, label_id))

    def _suggestions_changed(self, text_id: int) -> None:
        detail = self.queue.current
        if detail is None or detail.id != text_id or self._task is None:
            return
        suggestions = self._suggestions.of(detail)
        self.page.show_passages(self._task, detail, suggestions)
        if self._untouched and suggestions:
            self._walk.to_suggestion(0)
        self._show_hints()

    def _rules_changed(self, event: RulesChanged) -> None:
        if self._task is not None:
            self._suggestions.read_all_again(self._task.id)

    def _take_back(self, text_id: int) -> None:
        if self._task is not None:
            self._suggestions.reopen(self._task.id, (text_id,))

    def _note_touch(self, by_mouse: bool) -> None:
        self._act()
        self._by_mouse = by_mouse

    def _show_place(self) -> None:
        self.page.show_place()
        self._show_hints()

    def _show_hints(self) -> None:
        detail, task = self.queue.current, self._task
        if detail is None or task is None:
            return
        standing = Standing(
            task,
            self._canvas.content(),
            self._canvas.current(),
            self._canvas.selection(),
            len(detail.spans),
            len(self._suggestions.of(detail)),
            len(self._likely_enough()),
            self._everywhere.preview,
        )
        self.page.show_hints(PLACE, hints_for(standing, self.context.actions))

    def _marked(self, span: Span) -> None:
        detail = self.queue.current
        if detail is not None:
            self._last = (detail.id, span)
        self.labelling.given.emit(span[2])

    def _at_caret(self) -> Mark | None:
        """The mark that holds the caret, or ends at it; a person's before a suggestion."""
        caret = self._canvas.caret()
        found = self._canvas.marks_at(caret) or self._canvas.marks_at(max(caret - 1, 0))
        return min(found, key=lambda mark: mark.kind != "gold", default=None)

    def _suggestion(self, mark: Mark) -> SpanSuggestion | None:
        detail = self.queue.current
        for each in self._suggestions.of(detail) if detail is not None else ():
            if (each.start, each.end, each.label_id) == (mark.start, mark.end, mark.label_id):
                return each
        return None

    def _likely_enough(self) -> list[SpanSuggestion]:
        detail, least = self.queue.current, self.page.threshold()
        found = self._suggestions.of(detail) if detail is not None else ()
        return [each for each in found if each.confidence >= least]

    def _can_nudge(self) -> bool:
        mark = self._canvas.current()
        return self._canvas.selection() is not None or (mark is not None and mark.kind == "gold")

    def _say_nowhere_else(self, words: str) -> None:
        self._say(
            tr(
                "“{words}” stands nowhere else in this text, or is marked there already.",
                words=words,
            )
        )

    def _say(self, sentence: str) -> None:
        self.context.strip.show_message(sentence)


def _trimmed(content: str, chosen: tuple[int, int] | None) -> tuple[int, int]:
    """Return a range without the space at its ends; an empty one for none."""
    start, end = chosen or (0, 0)
    while start < end and content[start].isspace():
        start += 1
    while start < end and content[end - 1].isspace():
        end -= 1
    return start, end
