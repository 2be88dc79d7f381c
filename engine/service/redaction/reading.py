"""A model reads the texts that nobody went through, in the warm worker, a few at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import mark, tr
from engine.project.rows import TextFilter
from engine.project.training_rows import ModelInfo
from engine.service.commands import Priority
from engine.service.events import PredictionsChanged, RedactionProgressed

if TYPE_CHECKING:
    from engine.service.session import Session

BATCH = 32
BATCH_CHARACTERS = 20_000
"""Characters that are sent together, unless one text alone has more."""
PROGRESS_INTERVAL = 0.1
USER = mark("Reading for de-identification")
"""What the warm worker knows it by."""
STOPPED = mark("The model was stopped; what it has read so far is kept.")

Marked = list[list[list[float]]]
"""For each text its spans: start, end, position of the label, confidence."""


class ModelReading:
    """Readings under way; lives on the engine thread. They go on beside everything else."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._runs: set[_Run] = set()

    def read(self, model: ModelInfo, filter: TextFilter, asked_by: str = "") -> Future[int]:
        """Have the model read what it has not read, among the texts that nobody went through.

        The Future holds how many texts those were.
        """
        run = _Run(self._session, model, filter, asked_by)
        self._runs.add(run)
        run.finished.add_done_callback(lambda _: self._runs.discard(run))
        run.begin()
        return run.finished

    def tag(self, model: ModelInfo, texts: Sequence[str]) -> Future[Marked]:
        """Have the model mark a few texts that need not be in the project."""
        answer: Future[Marked] = Future()

        def answered(data: dict[str, Any]) -> None:
            if answer.set_running_or_notify_cancel():
                answer.set_result(data["spans"])

        def failed(message: str, details: str, known: bool) -> None:
            if answer.set_running_or_notify_cancel():
                answer.set_exception(KnownError(message, details=details))

        order = {"model": model.folder, "texts": list(texts)}
        self._session.warm_worker.ask(USER, "tag", order, answered, failed)
        return answer

    def stop(self) -> None:
        """End all readings; what was read stays."""
        for run in list(self._runs):
            run.stop()
        self._session.warm_worker.release(USER)


class _Run:
    """One reading, from batch to batch."""

    def __init__(
        self, session: Session, model: ModelInfo, filter: TextFilter, asked_by: str
    ) -> None:
        self.finished: Future[int] = Future()
        self._session = session
        self._model = model
        self._filter = filter
        self._asked_by = asked_by
        self._waiting: list[int] = []
        self._at = 0
        self._last_progress = 0.0

    def begin(self) -> None:
        """Find out what there is to read, and send the first texts."""
        from engine.project.reading import list_text_ids
        from engine.project.waiting import ids_without_prediction

        connection, task_id = self._session.project.connection, self._model.task_id
        labelled = set(list_text_ids(connection, task_id, TextFilter(state="labelled")))
        ids = list_text_ids(connection, task_id, self._filter)
        unmarked = [text_id for text_id in ids if text_id not in labelled]
        found = ids_without_prediction(
            connection,
            task_id,
            self._model.id,
            len(unmarked),
            text_ids=unmarked,
            labelled_too=True,
        )
        self._waiting = [text_id for text_id, _ in found]
        self.finished.set_running_or_notify_cancel()
        self._next()

    def stop(self) -> None:
        """End here, with what was read."""
        if not self.finished.done():
            self.finished.set_exception(KnownError(tr(STOPPED)))

    def _next(self) -> None:
        if self.finished.done():
            return
        batch = self._batch()
        if not batch:
            self._tell(at_once=True)
            self.finished.set_result(len(self._waiting))
            return
        answer = self._session.reading.tag(self._model, [content for _, content in batch])
        answer.add_done_callback(
            lambda done: self._session.soon(
                partial(self._guarded, partial(self._store, batch, done)), Priority.BULK
            )
        )

    def _batch(self) -> list[tuple[int, str]]:
        """Return the next texts that nobody else had read meanwhile, and step behind them."""
        from engine.project.waiting import texts_without_prediction

        while self._at < len(self._waiting):
            ids = self._waiting[self._at : self._at + BATCH]
            texts = texts_without_prediction(
                self._session.project.connection,
                self._model.task_id,
                self._model.id,
                BATCH,
                text_ids=ids,
                labelled_too=True,
                characters=BATCH_CHARACTERS,
            )
            self._at += ids.index(texts[-1][0]) + 1 if texts else len(ids)
            if texts:
                return texts
        return []

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # told to whoever asked, and reported where it is ours
            if not self.finished.done():
                self.finished.set_exception(self._session.tell_of(error, "ReadForRedaction"))

    def _store(self, batch: list[tuple[int, str]], answer: Future[Marked]) -> None:
        from engine.project.span_predictions import SpanPrediction, store_span_predictions

        if self.finished.done() or not self._session.is_open:
            return
        predictions = [
            SpanPrediction(text_id, [_span(span) for span in spans])
            for (text_id, _), spans in zip(batch, answer.result(), strict=True)
        ]
        store_span_predictions(self._session.project, self._model.id, predictions)
        ids = tuple(text_id for text_id, _ in batch)
        self._session.emit(PredictionsChanged(self._model.id, ids, asked_by=self._asked_by))
        self._tell()
        self._next()

    def _tell(self, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if at_once or now - self._last_progress >= PROGRESS_INTERVAL:
            self._last_progress = now
            self._session.emit(
                RedactionProgressed(
                    self._model.name, self._at, len(self._waiting), asked_by=self._asked_by
                )
            )


def _span(values: Sequence[float]) -> tuple[int, int, int, float]:
    start, end, label, confidence = values
    return int(start), int(end), int(label), float(confidence)
