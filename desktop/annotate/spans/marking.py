"""What is done to the passages of a text: shown at once, sent to the engine, back if refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from desktop.annotate.labelling import ASKED_BY, Labelling
from desktop.annotate.queue import LabelQueue
from engine.api import (
    AddSpan,
    AddSpans,
    DismissSpans,
    EditSpan,
    LabelCommand,
    RemoveSpan,
    SetEntity,
    SetSpans,
    SpanInfo,
    TextDetail,
)

Span = tuple[int, int, int]
"""Start and end in code points, the end exclusive, and the id of the label."""


class Marking(QObject):
    """Marks passages in the queue's current text; each call is one undoable step.

    What is marked just so already is never marked twice: then nothing is done.
    """

    def __init__(self, queue: LabelQueue, labelling: Labelling, parent: QObject) -> None:
        super().__init__(parent)
        self._queue = queue
        self._labelling = labelling

    def spans(self) -> tuple[SpanInfo, ...]:
        """The passages of the text as they are shown, by their place."""
        detail = self._queue.current
        return () if detail is None else detail.spans

    def add(self, span: Span, *, accepted: bool = False, model_id: int | None = None) -> bool:
        """Mark one more passage, as a person's own or as a suggestion that was accepted."""
        detail, task_id = self._queue.current, self._task_id()
        if detail is None or span in _places(detail):
            return False
        origin = "suggestion accepted" if accepted else "person"
        command = AddSpan(task_id, detail.id, span, origin, model_id, asked_by=ASKED_BY)
        self._show(detail, [*detail.spans, _info(span, origin, model_id)], origin, command)
        return True

    def add_all(self, spans: Sequence[Span], origin: str, model_id: int | None = None) -> bool:
        """Mark further passages in one step; `origin` is "bulk" or "suggestion accepted"."""
        detail, task_id = self._queue.current, self._task_id()
        if detail is None:
            return False
        known = _places(detail)
        new = tuple(span for span in dict.fromkeys(spans) if span not in known)
        if not new:
            return False
        command = AddSpans(task_id, detail.id, new, origin, model_id, asked_by=ASKED_BY)
        added = [_info(span, origin, model_id) for span in new]
        self._show(detail, [*detail.spans, *added], origin, command)
        return True

    def change(self, span: Span, new: Span) -> bool:
        """Give a passage other borders or another label."""
        detail, task_id = self._queue.current, self._task_id()
        if detail is None or span not in _places(detail) or new in _places(detail):
            return False
        command = EditSpan(task_id, detail.id, span, new, asked_by=ASKED_BY)
        spans = [
            replace(_info(new, "person", None), entity=each.entity)
            if _place(each) == span
            else each
            for each in detail.spans
        ]
        self._show(detail, spans, "person", command)
        return True

    def mean(self, span: Span, entity: str) -> bool:
        """Say what a passage means: "person-1", or one of the passages of the text, or nothing.

        Passages that nothing was said of and that are written like `entity` come to mean it too,
        so that somebody who names another passage means that one.
        """
        detail = self._queue.current
        entity = " ".join(entity.split())
        if detail is None or span not in _places(detail):
            return False
        same = {span} | {
            _place(each)
            for each in detail.spans
            if entity and not each.entity and _words(detail, each) == entity
        }
        spans = [
            replace(each, entity=entity) if _place(each) in same else each for each in detail.spans
        ]
        if spans == list(detail.spans):
            return False
        command = SetEntity(
            self._task_id(), detail.id, tuple(sorted(same)), entity, asked_by=ASKED_BY
        )
        self._labelling.change(replace(detail, spans=tuple(spans)), command)
        return True

    def meanings(self, span: Span) -> list[str]:
        """Return what passages of this label mean in this text, in its order, for one to choose.

        Of a passage that nothing was said of these are its own words.
        """
        detail = self._queue.current
        if detail is None:
            return []
        said = (
            each.entity or _words(detail, each)
            for each in detail.spans
            if each.label_id == span[2] and _place(each) != span
        )
        return list(dict.fromkeys(said))

    def remove(self, span: Span) -> bool:
        """Take the mark off a passage."""
        detail, task_id = self._queue.current, self._task_id()
        if detail is None or span not in _places(detail):
            return False
        command = RemoveSpan(task_id, detail.id, span, asked_by=ASKED_BY)
        self._show(detail, [each for each in detail.spans if _place(each) != span], "", command)
        return True

    def leave_out(self, span: Span) -> None:
        """Say that a suggested passage is none."""
        detail = self._queue.current
        if detail is not None:
            command = DismissSpans(self._task_id(), detail.id, (span,), asked_by=ASKED_BY)
            self._labelling.change(detail, command)

    def finish(self) -> None:
        """Say that the text is marked as it should be, possibly with nothing, and go on."""
        detail = self._queue.current
        if detail is None:
            return
        if detail.row.labelled and detail.origin == "person":
            self._labelling.go_on()
            return
        places = tuple(_place(span) for span in detail.spans)
        command = SetSpans(self._task_id(), detail.id, places, asked_by=ASKED_BY)
        row = replace(detail.row, labelled=True, skipped=False)
        self._labelling.change(replace(detail, row=row, origin="person"), command, go_on=True)

    # --- inside ---------------------------------------------------------------------------------

    def _task_id(self) -> int:
        task = self._labelling.task
        assert task is not None  # there is no text without one
        return task.id

    def _show(
        self, detail: TextDetail, spans: Sequence[SpanInfo], origin: str, command: LabelCommand
    ) -> None:
        task = self._labelling.task
        assert task is not None
        carried = {span.label_id for span in spans}
        row = replace(
            detail.row,
            label_ids=tuple(label.id for label in task.labels if label.id in carried),
            labelled=bool(spans),
            skipped=detail.row.skipped and not spans,
        )
        ordered = tuple(sorted(spans, key=_place))
        origin = origin if spans else ""
        after = replace(detail, spans=ordered, row=row, origin=origin or detail.origin)
        self._labelling.change(after, command)


def _place(span: SpanInfo) -> Span:
    return span.start, span.end, span.label_id


def _places(detail: TextDetail) -> set[Span]:
    return {_place(span) for span in detail.spans}


def _words(detail: TextDetail, span: SpanInfo) -> str:
    return " ".join(detail.content[span.start : span.end].split())


def _info(span: Span, origin: str, model_id: int | None) -> SpanInfo:
    return SpanInfo(*span, origin=origin, model_id=model_id)
