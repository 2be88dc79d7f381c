"""The passages that are suggested, read ahead for the texts that come next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.annotate.spans.marking import Span
from desktop.annotate.spans.overlaps import Overlaps
from desktop.bridge import Bridge
from engine.api import ListSpanSuggestions, SpanSuggestion, TextDetail

KEPT = 64  # texts whose suggestions are in memory


class SpanSuggestions(QObject):
    """What the engine suggests for each text.

    What was just accepted, marked or left out is gone at once, before the engine has written it.
    """

    changed = Signal(int)
    """There is something new about a text: its id."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._known: OrderedDict[int, tuple[SpanSuggestion, ...]] = OrderedDict()
        self._left_out: dict[int, set[Span]] = {}
        self._edition: dict[int, int] = {}
        self._asked: set[int] = set()

    def of(self, detail: TextDetail) -> tuple[SpanSuggestion, ...]:
        """Return the suggestions of a text that touch no marked passage, by their place."""
        found = self._known.get(detail.id, ())
        if not found:
            return ()
        marked = Overlaps((span.start, span.end) for span in detail.spans)
        gone = self._left_out.get(detail.id, set())
        return tuple(
            each
            for each in found
            if not marked.touches(each.start, each.end)
            and (each.start, each.end, each.label_id) not in gone
        )

    def want(self, task_id: int, text_ids: Iterable[int]) -> None:
        """Read the suggestions of these texts, unless they are known or on the way."""
        for text_id in text_ids:
            if text_id in self._known:
                self._known.move_to_end(text_id)
            elif text_id not in self._asked:
                self._asked.add(text_id)
                edition = self._edition.setdefault(text_id, 0)
                self._bridge.ask(
                    ListSpanSuggestions(task_id, text_id), partial(self._receive, text_id, edition)
                )

    def leave_out(self, text_id: int, span: Span) -> None:
        """Suggest a passage no more; the engine is told by others."""
        self._left_out.setdefault(text_id, set()).add(span)

    def read_again(self, task_id: int, text_ids: Iterable[int]) -> None:
        """Read these texts' suggestions again; until then those of before stay."""
        for text_id in text_ids:
            self._edition[text_id] = self._edition.get(text_id, 0) + 1
            if text_id in self._known or text_id in self._asked:
                self._asked.add(text_id)
                self._bridge.ask(
                    ListSpanSuggestions(task_id, text_id),
                    partial(self._receive, text_id, self._edition[text_id]),
                )

    def reopen(self, task_id: int, text_ids: tuple[int, ...]) -> None:
        """Read these texts' suggestions again, and those too that were left out: by an undo."""
        for text_id in text_ids:
            self._left_out.pop(text_id, None)
        self.read_again(task_id, text_ids)

    def read_all_again(self, task_id: int) -> None:
        """Read again all that is in memory: another model suggests, or other rules."""
        self.read_again(task_id, tuple(self._known.keys() | self._asked))

    def forget(self) -> None:
        """Forget everything: another project is open."""
        for text_id in self._known.keys() | self._asked:
            self._edition[text_id] = self._edition.get(text_id, 0) + 1
        self._known.clear()
        self._left_out.clear()
        self._asked.clear()

    def _receive(self, text_id: int, edition: int, suggestions: tuple[SpanSuggestion, ...]) -> None:
        if edition != self._edition.get(text_id):
            return
        self._asked.discard(text_id)
        self._known[text_id] = suggestions
        self._known.move_to_end(text_id)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self.changed.emit(text_id)
