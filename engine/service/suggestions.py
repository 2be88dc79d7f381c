"""Suggestions: the warm worker that predicts the texts nobody has labelled yet."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.project.training_rows import ModelInfo
from engine.service.commands import Priority
from engine.service.events import PredictionsChanged, SuggestionsProgressed, WorkerLogged
from engine.service.warm_worker import PAUSES

if TYPE_CHECKING:
    from engine.service.reader import ReadFile
    from engine.service.session import Session

BATCH = 64
MOST_TEXTS = 20_000
"""Unlabelled texts that get a suggestion without being looked at; enough to rank the queue."""
LONGEST = 50_000
"""Characters of a text that are sent: more than any encoder reads."""
QUIET_START = 2.0
"""Seconds after a project was opened in which the machine belongs to the window."""
PROGRESS_INTERVAL = 0.1
USER = "Suggestions"
"""What the warm worker knows them by."""


class Suggestions:
    """Keeps the chosen model busy; lives on the engine thread. Labelled texts are left alone."""

    def __init__(self, session: Session, *, enabled: bool) -> None:
        self._session = session
        self._enabled = enabled
        self._model: ModelInfo | None = None
        self._waiting_for: list[int] = []
        self._hurried: dict[int, None] = {}
        self._found = 0
        self._wanted = 0
        self._failures = 0
        self._last_progress = 0.0

    def choose(self, model_id: int | None) -> None:
        """Let this model suggest from now on, or none."""
        self._stop()
        self._model = None
        self._hurried.clear()
        self._failures = 0
        if model_id is None or not self._enabled:
            return
        from engine.project.models import get_model

        project = self._session.project
        model = get_model(project.connection, project.models_folder, model_id)
        if model.present and not model.deleted:
            self._model = model
            self._session.soon(partial(self._count, model), Priority.BULK, delay=QUIET_START)

    def hurry(self, text_ids: Sequence[int]) -> None:
        """Predict these texts before all others, the latest wish first."""
        if self._model is None:
            return
        self._hurried = {**dict.fromkeys(text_ids), **self._hurried}
        self._next()

    def include(self, text_ids: Sequence[int]) -> None:
        """Think of these texts too, which are without a label again."""
        if self._model is not None and text_ids:
            self._hurried |= dict.fromkeys(text_ids[:MOST_TEXTS])
            self._session.soon(self._next, Priority.BULK)

    def look_again(self) -> None:
        """Think of the texts that came into the project, or went."""
        if self._model is not None:
            self._count(self._model)

    def _count(self, model: ModelInfo) -> None:
        """Have the reader count what is there and what is missing, which can take a while."""
        if self._model is not model:
            return

        def count(file: ReadFile | None) -> tuple[int, int]:
            from engine.project.predictions import count_suggestions

            if file is None:
                return 0, 0
            return count_suggestions(file.connection, model.task_id, model.id)

        def counted(future: Future[Any]) -> None:
            self._session.soon(partial(self._begin, model, future), Priority.BULK)

        self._session.reader.ask(count).add_done_callback(counted)

    def _begin(self, model: ModelInfo, counts: Future[Any]) -> None:
        if self._model is not model or counts.cancelled():
            return
        self._found, texts = counts.result()
        self._wanted = min(texts, MOST_TEXTS)
        self._next()

    def _next(self) -> None:
        """Send the next texts to the worker, unless it is busy or all have their suggestion."""
        model = self._model
        if model is None or self._waiting_for or self._failures > len(PAUSES):
            return
        texts = self._next_texts(model)
        if not texts:
            self._tell_progress(model, at_once=True)
            return
        self._waiting_for = [text_id for text_id, _ in texts]
        order = {"model": model.folder, "texts": [content[:LONGEST] for _, content in texts]}
        self._session.warm_worker.ask(USER, "classify", order, self._store, self._pause)

    def _next_texts(self, model: ModelInfo) -> list[tuple[int, str]]:
        from engine.project.predictions import texts_without_prediction

        connection = self._session.project.connection
        while self._hurried:
            first = list(self._hurried)[:BATCH]
            for text_id in first:
                del self._hurried[text_id]
            texts = texts_without_prediction(
                connection, model.task_id, model.id, BATCH, text_ids=first
            )
            if texts:
                return texts
        if self._found >= self._wanted:
            return []
        return texts_without_prediction(connection, model.task_id, model.id, BATCH)

    def _store(self, answer: dict[str, Any]) -> None:
        from engine.project.predictions import (
            Prediction,
            store_predictions,
            texts_without_prediction,
        )

        model, asked = self._model, self._waiting_for
        self._waiting_for = []
        if model is None:
            return
        project = self._session.project
        # A text that was labelled while the worker was busy with it needs no suggestion any more.
        still = dict(
            texts_without_prediction(
                project.connection, model.task_id, model.id, len(asked), text_ids=asked
            )
        )
        found = [
            Prediction(text_id, row)
            for text_id, row in zip(asked, answer["probabilities"], strict=True)
            if text_id in still
        ]
        self._failures = 0
        if found:
            store_predictions(project, model.id, found)
            self._found += len(found)
            ids = tuple(prediction.text_id for prediction in found)
            self._session.emit(PredictionsChanged(model.id, ids))
            self._tell_progress(model)
        self._session.soon(self._next, Priority.BULK)

    def _tell_progress(self, model: ModelInfo, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if at_once or now - self._last_progress >= PROGRESS_INTERVAL:
            self._last_progress = now
            total = max(self._wanted, self._found)
            self._session.emit(SuggestionsProgressed(model.id, self._found, total))

    def _pause(self, message: str, details: str, known: bool) -> None:
        """Try again after a while, three times; then leave it until a model is chosen again."""
        model = self._model
        # What somebody is waiting for must not be lost with the worker.
        self._hurried |= dict.fromkeys(self._waiting_for)
        self._waiting_for = []
        self._failures += 1
        if self._failures > len(PAUSES):
            message = f"{message} They stay off until a model is chosen for them again."
        else:
            self._session.soon(
                partial(self._try_again, model), Priority.BULK, PAUSES[self._failures - 1]
            )
        self._session.emit(WorkerLogged(message, {"details": details}))

    def _try_again(self, model: ModelInfo | None) -> None:
        if model is not None and model is self._model:
            self._next()

    def _stop(self) -> None:
        """Drop what was asked of the worker: it was only a suggestion."""
        self._waiting_for = []
        self._session.warm_worker.release(USER)
