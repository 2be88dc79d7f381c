"""Which texts the table lists: all that a filter keeps, or the nearest to what is looked for."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from PySide6.QtCore import QObject, Signal

from desktop.bridge import Bridge
from engine.api import (
    EmbeddingProgressed,
    FindSimilar,
    FoundTexts,
    ListTextIds,
    SearchByMeaning,
    TextFilter,
)

ASK_AGAIN = 4.0
"""Seconds between two looks at a list that grows while texts are read for their meaning."""
CHANNEL = "texts.ids"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be listed. `mode` is one of `search_mode.MODES`; `similar_to` is a text's id.

    `encoder` is what meanings are compared with, "" the starter; with `quantised` in eight bits.
    """

    task_id: int
    filter: TextFilter
    mode: str = "words"
    similar_to: int | None = None
    order: str = "imported"
    descending: bool = False
    encoder: str = ""
    quantised: bool = False

    @property
    def ranked(self) -> bool:
        """Whether the nearest are listed, and not all."""
        by_meaning = self.mode != "words" and bool(self.filter.search)
        return self.similar_to is not None or by_meaning


@dataclass(frozen=True, slots=True)
class Listed:
    """The answer to a wish; `likeness` follows `ids` where they are ranked.

    `read` of `texts` have been read for their meaning by now. `again` is true where the same wish
    was answered before, with fewer texts read.
    """

    wish: Wish
    ids: array[int]
    likeness: Sequence[float | None] | None = None
    read: int = 0
    texts: int = 0
    again: bool = False


class Listing(QObject):
    """Asks the engine for one list at a time, and again while it grows.

    `held` says whether a list that grows is to stay as it is for now.
    """

    listed = Signal(object)
    """A Listed."""
    failed = Signal(object)
    """There is no answer to what was asked last; the exception says why."""

    def __init__(
        self, bridge: Bridge, held: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._held = held
        self._wish: Wish | None = None
        self._answered: Wish | None = None
        self._asked_at = 0.0
        bridge.on(EmbeddingProgressed, self._progressed)

    def ask(self, wish: Wish) -> None:
        """Have this listed; what was asked before is void."""
        self._wish = wish
        self._asked_at = monotonic()
        if wish.similar_to is not None:
            self._bridge.ask(
                FindSimilar(
                    wish.task_id,
                    wish.similar_to,
                    replace(wish.filter, search=""),
                    encoder=wish.encoder,
                    quantised=wish.quantised,
                ),
                self._take_found,
                CHANNEL,
                self._take_failure,
            )
        elif wish.ranked:
            self._bridge.ask(
                SearchByMeaning(
                    wish.task_id,
                    wish.filter.search,
                    wish.filter,
                    mixed=wish.mode == "both",
                    encoder=wish.encoder,
                    quantised=wish.quantised,
                ),
                self._take_found,
                CHANNEL,
                self._take_failure,
            )
        else:
            query = ListTextIds(wish.task_id, wish.filter, wish.order, wish.descending)
            self._bridge.ask(query, self._take_ids, CHANNEL)

    def close(self) -> None:
        """Forget what was asked: another project is open, or none."""
        self._wish = self._answered = None

    def _take_ids(self, ids: array[int]) -> None:
        if self._wish is not None:
            self._answered = self._wish
            self.listed.emit(Listed(self._wish, ids))

    def _take_found(self, found: FoundTexts) -> None:
        wish = self._wish
        if wish is None:
            return
        again, self._answered = self._answered == wish, wish
        self.listed.emit(
            Listed(wish, found.text_ids, found.similarities, found.embedded, found.texts, again)
        )

    def _take_failure(self, error: BaseException) -> None:
        self.failed.emit(error)

    def _progressed(self, event: EmbeddingProgressed) -> None:
        wish = self._wish
        # Not when it was stopped or failed: asking would begin it again.
        due = monotonic() - self._asked_at >= ASK_AGAIN if event.running else _complete(event)
        # Only what was answered grows; an answer that is still to come knows all this.
        grows = wish is not None and wish.ranked and wish == self._answered
        if wish is not None and grows and due and not self._held():
            self.ask(wish)


def _complete(event: EmbeddingProgressed) -> bool:
    return event.done >= event.total
