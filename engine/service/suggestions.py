"""Suggestions: the warm worker predicts the texts nobody has labelled yet.

Where passages are marked, it also predicts the texts with marks that somebody looks at: they may be
in the middle of it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.core.language import mark, tr
from engine.project.training_rows import ModelInfo
from engine.service.commands import Priority
from engine.service.events import PredictionsChanged, SuggestionsProgressed, WorkerLogged
from engine.service.warm_worker import PAUSES

if TYPE_CHECKING:
    from engine.project.project import ProjectFile
    from engine.service.reader import ReadFile
    from engine.service.session import Session

BATCH = 64
MOST_TEXTS = 20_000
"""Unlabelled texts that get a suggestion without being looked at; enough to rank the queue."""
LONGEST = 50_000
"""Characters of a text that are sent to be classified: more than any encoder reads."""
LONGEST_TO_MARK = 1_000_000
"""Characters of a text that are sent to have its passages marked; it is read to its end."""
CHARACTERS = 20_000
"""Characters of the texts in one order of that kind, so that what is urgent waits a second or two
for the order before it."""
CHARACTERS_AT_ONCE = 4_000
"""The same for texts that somebody looks at."""
QUIET_START = 2.0
"""Seconds after a project was opened in which the machine belongs to the window."""
PROGRESS_INTERVAL = 0.1
USER = mark("Suggestions")
"""What the warm worker knows them by."""


class Suggestions:
    """Keeps the chosen model busy; lives on the engine thread."""

    def __init__(self, session: Session, *, enabled: bool) -> None:
        self._session = session
        self._enabled = enabled
        self._model: ModelInfo | None = None
        self._marks = False
        self._waiting_for: list[int] = []
        self._urgent = False
        self._looked_at: dict[int, None] = {}
        self._included: dict[int, None] = {}
        self._found = 0
        self._wanted = 0
        self._failures = 0
        self._last_progress = 0.0

    def choose(self, model_id: int | None) -> None:
        """Let this model suggest from now on, or none."""
        self._stop()
        self._model = None
        self._looked_at.clear()
        self._included.clear()
        self._failures = 0
        if model_id is None or not self._enabled:
            return
        from engine.project.models import get_model

        project = self._session.project
        model = get_model(project.connection, project.models_folder, model_id)
        if model.present and not model.deleted:
            self._model = model
            self._marks = self._session.task(model.task_id).kind == "spans"
            self._session.soon(partial(self._count, model), Priority.BULK, delay=QUIET_START)

    def hurry(self, text_ids: Sequence[int]) -> None:
        """Predict these texts before all others, the latest wish first."""
        if self._model is None:
            return
        self._looked_at = {**dict.fromkeys(text_ids), **self._looked_at}
        self._next()

    def include(self, text_ids: Sequence[int]) -> None:
        """Think of these texts too, which are without a label again."""
        if self._model is not None and text_ids:
            self._included |= dict.fromkeys(text_ids[:MOST_TEXTS])
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
            from engine.project.waiting import count_suggestions

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
        longest = LONGEST_TO_MARK if self._marks else LONGEST
        order = {
            "model": model.folder,
            "texts": [content[:longest] for _, content in texts],
            "urgent": self._urgent,
        }
        kind = "tag" if self._marks else "classify"
        self._session.warm_worker.ask(USER, kind, order, self._store, self._pause)

    def _next_texts(self, model: ModelInfo) -> list[tuple[int, str]]:
        """Return what somebody looks at before all others; sets whether it is urgent."""
        from engine.project.waiting import texts_without_prediction

        for queue in (self._looked_at, self._included):
            self._urgent = queue is self._looked_at
            if texts := self._first_of(model, queue):
                return texts
        if self._found >= self._wanted:
            return []
        return texts_without_prediction(
            self._session.project.connection,
            model.task_id,
            model.id,
            BATCH,
            characters=CHARACTERS if self._marks else None,
        )

    def _first_of(self, model: ModelInfo, queue: dict[int, None]) -> list[tuple[int, str]]:
        """Take the first texts that have no prediction out of the queue, as many as fit."""
        from engine.project.waiting import texts_without_prediction

        at_once = CHARACTERS_AT_ONCE if self._urgent else CHARACTERS
        while queue:
            first = list(queue)[:BATCH]
            texts = texts_without_prediction(
                self._session.project.connection,
                model.task_id,
                model.id,
                BATCH,
                text_ids=first,
                labelled_too=self._marks and self._urgent,
                characters=at_once if self._marks else None,
            )
            last = texts[-1][0] if texts else first[-1]
            for text_id in first[: first.index(last) + 1]:
                del queue[text_id]
            if texts:
                return texts
        return []

    def _store(self, answer: dict[str, Any]) -> None:
        model, asked = self._model, self._waiting_for
        self._waiting_for = []
        if model is None:
            return
        still = self._without_prediction(model, asked)
        # A text that was labelled while the worker was busy with it needs no label suggested any
        # more; where a first passage was marked meanwhile, the others are still to be found.
        kept = self._without_prediction(model, asked, labelled_too=True) if self._marks else still
        self._failures = 0
        if kept:
            _store_answer(self._session.project, model.id, asked, kept, answer)
            self._found += len(still)
            ids = tuple(text_id for text_id in asked if text_id in kept)
            self._session.emit(PredictionsChanged(model.id, ids))
            self._tell_progress(model)
        self._session.soon(self._next, Priority.BULK)

    def _without_prediction(
        self, model: ModelInfo, text_ids: Sequence[int], *, labelled_too: bool = False
    ) -> set[int]:
        from engine.project.waiting import ids_without_prediction

        found = ids_without_prediction(
            self._session.project.connection,
            model.task_id,
            model.id,
            len(text_ids),
            text_ids=text_ids,
            labelled_too=labelled_too,
        )
        return {text_id for text_id, _ in found}

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
        queue = self._looked_at if self._urgent else self._included
        queue |= dict.fromkeys(self._waiting_for)
        self._waiting_for = []
        self._failures += 1
        if self._failures > len(PAUSES):
            stays_off = tr("They stay off until a model is chosen for them again.")
            message = f"{message} {stays_off}"
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


def _store_answer(
    project: ProjectFile,
    model_id: int,
    asked: Sequence[int],
    kept: set[int],
    answer: dict[str, Any],
) -> None:
    """Store what the worker said of those of the texts that are to be kept."""
    from engine.project.predictions import Prediction, store_predictions
    from engine.project.span_predictions import SpanPrediction, store_span_predictions

    if "spans" in answer:
        marked = zip(asked, answer["spans"], strict=True)
        store_span_predictions(
            project, model_id, [SpanPrediction(*each) for each in marked if each[0] in kept]
        )
    else:
        labelled = zip(asked, answer["probabilities"], strict=True)
        store_predictions(
            project, model_id, [Prediction(*each) for each in labelled if each[0] in kept]
        )
