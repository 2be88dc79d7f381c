"""The passages about which gold and a model disagree, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import QWidget

from desktop.inspect.spans.error_row import ErrorRow
from desktop.inspect.spans.words import KINDS, error_words
from desktop.theme.theme import Theme
from desktop.widgets.current_list import ROW, CurrentList
from engine.api import SpanError, SpanMark, TaskInfo, tr

Index = QModelIndex | QPersistentModelIndex
Key = tuple[int, SpanMark | None, SpanMark | None]


def key_of(error: SpanError) -> Key:
    """Return what tells an error from all others, whatever else changes."""
    return error.text_id, error.gold, error.predicted


class ErrorList(CurrentList):
    """A list of errors."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._errors, delegate = _ErrorModel(), ErrorRow(theme)
        super().__init__(theme, "inspect.span_errors", self._errors, delegate, parent)
        self._kept: set[Key] = set()
        self._wanted: int | None = None
        delegate.is_kept = lambda error: key_of(error) in self._kept
        self.setAccessibleName(tr("Mistakes, those most worth a look first"))

    def set_rows(self, errors: Sequence[SpanError]) -> None:
        """Show other errors.

        The current one stays current; if it is gone, what its text or else its place has.
        """
        self.change_rows(lambda: self._errors.set_errors(errors), self._place_after)

    def current(self) -> SpanError | None:
        """The current error."""
        error: SpanError | None = self.record()
        return error

    def advance(self, step: int = 1) -> None:
        """Go on to the next error, or with -1 back; what was kept in this session is passed over
        as long as there is something else."""
        last = self._errors.rowCount() - 1
        here = self.currentIndex().row()
        place = here + step
        while 0 <= place <= last and self._errors.key_at(place) in self._kept:
            place += step
        if not 0 <= place <= last:
            place = min(max(here + step, 0), last)
        self.go_to(place)

    def show_text(self, text_id: int) -> None:
        """Make an error of a text current, now or when it is back in the list."""
        place = self._errors.place_of_text(text_id)
        if place is None:
            self._wanted = text_id
        else:
            self.go_to(place)

    def keep(self, error: SpanError) -> None:
        """Tick an error whose gold was looked at and is right, for this session."""
        self._kept.add(key_of(error))
        self.viewport().update()

    def forget(self) -> None:
        """Forget what was kept: another project comes."""
        self._kept.clear()
        self._wanted = None

    def _place_after(self, before: SpanError | None) -> int | None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            return self._errors.place_of_text(wanted)
        return None if before is None else self._errors.place_like(before)


class _ErrorModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.task: TaskInfo | None = None
        self._errors: Sequence[SpanError] = ()
        self._places: dict[Key, int] = {}

    def set_errors(self, errors: Sequence[SpanError]) -> None:
        self.beginResetModel()
        self._errors = errors
        self._places = {key_of(error): place for place, error in enumerate(errors)}
        self.endResetModel()

    def key_at(self, place: int) -> Key:
        return key_of(self._errors[place])

    def place_like(self, error: SpanError) -> int | None:
        """Return where an error stands, or what became of it when one side was changed."""
        place = self._places.get(key_of(error))
        if place is not None:
            return place
        for (text_id, gold, predicted), other in self._places.items():
            same_side = (gold is not None and gold == error.gold) or (
                predicted is not None and predicted == error.predicted
            )
            if text_id == error.text_id and same_side:
                return other
        return None

    def place_of_text(self, text_id: int) -> int | None:
        places = (place for key, place in self._places.items() if key[0] == text_id)
        return next(places, None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._errors)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        error = self._errors[index.row()]
        if role == ROW:
            return error
        if role == Qt.ItemDataRole.DisplayRole:
            return error.passage
        if role == Qt.ItemDataRole.AccessibleTextRole and self.task is not None:
            return tr(
                "{kind}, “{passage}”: {facts}. {context}",
                kind=KINDS[error.kind].words,
                passage=error.passage,
                facts=error_words(self.task, error),
                context=error.context,
            )
        if role == Qt.ItemDataRole.ToolTipRole:
            return KINDS[error.kind].help
        return None
