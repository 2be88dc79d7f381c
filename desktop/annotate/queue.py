"""Which text comes next: the engine's queue, the walk so far, and the next texts in memory."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.annotate.trail import Trail
from desktop.bridge import Bridge
from engine.api import GetText, ListQueue, TextDetail, TextRow

PREFETCH = 8
KEPT = 64  # texts in memory; a page of history either way, and no more of very long texts


class LabelQueue(QObject):
    """The texts to label, one at a time, the next of them always at hand.

    A label key must show the next text before it is released, so `PREFETCH` texts are read ahead
    and `advance` is a look into a dictionary. What the person just did is kept here as an
    amendment until the engine has written all of it (`amend` and `written` come in pairs), because
    an answer that was asked for before the commit still tells the old state.
    """

    current_changed = Signal()
    """Another text is current, or the current one was read again (see `current`)."""
    exhausted = Signal()
    """There is no further text in this queue."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._task_id: int | None = None
        self._order = "imported"
        self._state = "not labelled"
        self._ids: array[int] = array("q")
        self._next = 0
        self._trail = Trail()
        self._seen: set[int] = set()
        self._finished: set[int] = set()
        self._texts: OrderedDict[int, TextDetail] = OrderedDict()
        self._asked: dict[int, int] = {}
        self._edition: dict[int, int] = {}
        self._amendments: dict[int, TextDetail] = {}
        self._unwritten: dict[int, int] = {}
        self._current_id: int | None = None
        self._taken = False
        self._last_look = False
        self.loading = False
        # What is needed only later is read after the text of now is painted.
        self._read_ahead = QTimer(self)
        self._read_ahead.setSingleShot(True)
        self._read_ahead.setInterval(0)
        self._read_ahead.timeout.connect(self._prefetch)

    @property
    def current(self) -> TextDetail | None:
        """The text to label; None while it is being read, or when there is none."""
        return None if self._current_id is None else self._texts.get(self._current_id)

    @property
    def current_id(self) -> int | None:
        """The id of the current text, known before it is read."""
        return self._current_id

    def open(self, task_id: int, order: str, state: str, show: int | None = None) -> None:
        """Start a queue from its first text, or from the text `show` before that."""
        if task_id != self._task_id:
            self.close()
        self._task_id, self._order, self._state = task_id, order, state
        self._ids, self._next = array("q"), 0
        self._seen.clear()
        self._finished.clear()
        self._last_look = False
        self._current_id = None
        if show is not None:
            self.show(show)
        self.reload()

    def close(self) -> None:
        """Forget everything: the project was closed or another one is open."""
        self._task_id = None
        self._ids, self._next = array("q"), 0
        for collection in (
            self._texts,
            self._asked,
            self._amendments,
            self._unwritten,
            self._edition,
        ):
            collection.clear()
        self._seen.clear()
        self._finished.clear()
        self._trail.clear()
        self._current_id = None
        self.loading = False
        self._read_ahead.stop()

    def reload(self) -> None:
        """Ask for the queue again and keep the current text."""
        if self._task_id is None:
            return
        self.loading = True
        query = ListQueue(self._task_id, self._order, self._state)
        self._bridge.ask(query, self._receive_ids, channel="annotate.queue")

    def show(self, text_id: int) -> None:
        """Go to any text: an undone one, or one that was chosen in another view."""
        self._trail.jump(text_id)
        self._go_to(text_id)

    def advance(self) -> None:
        """Go on from a finished text to the next unfinished one."""
        text_id = self._trail.forward_to_unfinished(self._finished)
        if text_id is not None:
            self._go_to(text_id)
            return
        text_id = self._take()
        if text_id is not None:
            self._trail.append(text_id)
            self._go_to(text_id, taken=True)
        elif not self._last_look:
            # Texts that were only walked past, or that were added meanwhile, are still to be done.
            self._last_look = True
            self._seen.clear()
            self.reload()
        else:
            self._current_id = None
            self.current_changed.emit()
            self.exhausted.emit()

    def back(self) -> None:
        """Walk one text back through the history."""
        text_id = self._trail.back() if self._current_id is not None else self._trail.current
        if text_id is not None:
            self._go_to(text_id)

    def forward(self) -> None:
        """Walk one text forward, and past the end of the history into the queue."""
        if self._current_id is None:
            return
        text_id = self._trail.forward()
        taken = text_id is None
        if text_id is None:
            text_id = self._take()
            if text_id is None:
                return
            self._trail.append(text_id)
        self._go_to(text_id, taken=taken)

    def finish(self, text_id: int) -> None:
        """Count a text as done, so that the queue does not offer it again."""
        self._finished.add(text_id)

    def amend(self, detail: TextDetail) -> None:
        """Show a text as it will be once the engine has written what was asked."""
        self._amendments[detail.id] = detail
        self._unwritten[detail.id] = self._unwritten.get(detail.id, 0) + 1
        if detail.id in self._texts:
            self._texts[detail.id] = detail
        if detail.id == self._current_id:
            self._taken = False  # the person is at it: it is not passed over for what they do

    def written(self, text_id: int, *, refused: bool = False) -> None:
        """One of the changes to a text is on disk, or was refused: then it is as it was before."""
        left = self._unwritten.get(text_id, 1) - 1
        if left > 0:
            self._unwritten[text_id] = left
        else:
            self._unwritten.pop(text_id, None)
        if left > 0 and not refused:
            return
        amended = self._amendments.pop(text_id, None) is not None
        if amended or refused:
            self.refresh((text_id,), reopened=refused)

    def refresh(self, text_ids: tuple[int, ...], *, reopened: bool = False) -> None:
        """Read these texts again: the engine has changed them, or refused to.

        `reopened` texts (an undo, a refusal, a change in another view) may be unfinished again.
        """
        touched = set(text_ids)
        if reopened:
            self._finished -= touched
        else:
            touched -= self._unwritten.keys()  # these are read again when all is written
        for text_id in touched:
            if text_id not in self._texts and text_id not in self._asked:
                continue
            self._edition[text_id] = self._edition.get(text_id, 0) + 1
            self._asked.pop(text_id, None)
            if text_id != self._current_id and text_id not in self._amendments:
                self._texts.pop(text_id, None)
        if self._current_id in touched:
            self._fetch(self._current_id)
        self._read_ahead.start()

    def refresh_all(self) -> None:
        """Read all texts that are in memory again: every suggestion may have changed."""
        self.refresh(tuple(self._texts.keys() | self._asked.keys()))

    def upcoming(self) -> tuple[int, ...]:
        """The ids of the next texts in order, at most `PREFETCH`, nothing consumed."""
        found: list[int] = []
        for index in range(self._next, len(self._ids)):
            text_id = self._ids[index]
            if text_id not in self._seen and text_id not in self._finished:
                found.append(text_id)
                if len(found) == PREFETCH:
                    break
        return tuple(found)

    def text(self, text_id: int) -> TextDetail | None:
        """A text that is in memory, or None."""
        return self._texts.get(text_id)

    def _take(self) -> int | None:
        while self._next < len(self._ids):
            text_id = self._ids[self._next]
            self._next += 1
            if text_id in self._seen or text_id in self._finished or text_id == self._current_id:
                continue
            detail = self._texts.get(text_id)
            if detail is None or self._belongs(detail.row):
                return text_id
        return None

    def _belongs(self, row: TextRow) -> bool:
        return self._state != "not labelled" or not (row.labelled or row.skipped)

    def _go_to(self, text_id: int, *, taken: bool = False) -> None:
        self._current_id = text_id
        self._taken = taken
        self._seen.add(text_id)
        self._last_look = False
        if text_id in self._texts:
            self._texts.move_to_end(text_id)
        else:
            self._fetch(text_id)
        self.current_changed.emit()
        if all(next_id in self._texts for next_id in self.upcoming()[:2]):
            self._read_ahead.start()
        else:
            self._prefetch()

    def _prefetch(self) -> None:
        for text_id in (*self.upcoming(), *self._trail.neighbours()):
            if text_id not in self._texts:
                self._fetch(text_id)

    def _fetch(self, text_id: int) -> None:
        edition = self._edition.setdefault(text_id, 0)
        if self._task_id is None or self._asked.get(text_id) == edition:
            return
        self._asked[text_id] = edition
        query = GetText(self._task_id, text_id)
        self._bridge.ask(query, partial(self._receive_text, self._task_id, text_id, edition))

    def _receive_ids(self, ids: array[int]) -> None:
        self.loading = False
        self._ids, self._next = ids, 0
        if self._current_id is None or self._last_look:
            self.advance()
        else:
            self._read_ahead.start()

    def _receive_text(
        self, task_id: int, text_id: int, edition: int, detail: TextDetail | None
    ) -> None:
        if task_id != self._task_id or edition != self._edition.get(text_id):
            return
        self._asked.pop(text_id, None)
        if detail is None:
            self._texts.pop(text_id, None)
            self._finished.add(text_id)
            if text_id == self._current_id:
                self.advance()
            return
        amended = self._amendments.get(text_id)
        if amended is not None:
            row, spans, origin = amended.row, amended.spans, amended.origin
            detail = replace(detail, row=row, spans=spans, origin=origin)
        self._texts[text_id] = detail
        while len(self._texts) > KEPT:
            oldest = next(iter(self._texts))
            if oldest == self._current_id:
                self._texts.move_to_end(oldest)
                continue
            del self._texts[oldest]
        if text_id != self._current_id:
            return
        if self._taken and not self._belongs(self._texts[text_id].row):
            self.finish(text_id)
            self.advance()
            return
        self._taken = False
        self.current_changed.emit()
