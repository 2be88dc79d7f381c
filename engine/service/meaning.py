"""Questions about meaning: the warm worker embeds what is asked for, then the reader compares.

These questions take three steps on three threads, so they are answered beside `Reader`, with the
same promises: a newer question on a channel takes the place of an older one, and the Future ends
with an answer or with a `GlossatorError`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.project.rows import FoundTexts
from engine.service.commands import Priority
from engine.service.embedding import LONGEST, Encoder
from engine.service.queries import FindSimilar, SearchByMeaning

if TYPE_CHECKING:
    from engine.service.reader import ReadFile
    from engine.service.session import Session

MeaningQuery = SearchByMeaning | FindSimilar


class Meaning:
    """Carries questions about meaning from step to step."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._latest: dict[str, Future[Any]] = {}
        self._open: set[Future[Any]] = set()
        self._lock = threading.Lock()

    def ask(self, query: MeaningQuery, channel: str | None = None) -> Future[Any]:
        """Return the Future of a FoundTexts; may be called from any thread."""
        question: Future[Any] = Future()
        with self._lock:
            self._open.add(question)
        question.add_done_callback(self._forget)
        if channel is not None:
            with self._lock:
                before = self._latest.get(channel)
                self._latest[channel] = question
            if before is not None:
                before.cancel()
        begin = partial(self._step, question, partial(self._begin, query, channel))
        if not self._session.soon(begin, Priority.LABEL):
            question.set_exception(KnownError(tr("Glossator is closing.")))
        return question

    def close(self) -> None:
        """Cancel all questions that have no answer yet; nobody is left waiting."""
        with self._lock:
            left = list(self._open)
        for question in left:
            question.cancel()

    def embed_all(self, encoder: str, quantised: bool) -> Future[int]:
        """Embed all texts; the Future holds how many have a vector. On the engine thread."""
        finished: Future[int] = Future()

        def begin(found: Encoder, finished: Future[int]) -> None:
            _pass_on(self._session.embedding.complete(found), finished)

        self._then(self._session.embedding.encoder(encoder, quantised), finished, begin)
        return finished

    def _forget(self, question: Future[Any]) -> None:
        with self._lock:
            self._open.discard(question)

    def _begin(self, query: MeaningQuery, channel: str | None, question: Future[Any]) -> None:
        """First step: which encoder."""
        _ = self._session.project  # refused here where none is open
        if isinstance(query, SearchByMeaning) and not query.words.strip():
            raise KnownError(tr("There is nothing to search for; give one word or more."))
        found = self._session.embedding.encoder(query.encoder, query.quantised)
        self._then(found, question, partial(self._embed, query, channel))

    def _embed(
        self, query: MeaningQuery, channel: str | None, encoder: Encoder, question: Future[Any]
    ) -> None:
        """Second step: the vector of what is looked for; the texts' own follow in the background.

        Its order goes out first, so that nobody who searches for the first time waits for others.
        """
        embedding = self._session.embedding
        if isinstance(query, SearchByMeaning):
            vector = embedding.encode(encoder, _printable(query.words), "query")
        else:
            vector = self._vector_of_text(encoder, query.text_id)
        embedding.want(encoder)
        self._then(vector, question, partial(self._compare, query, channel, encoder))

    def _vector_of_text(self, encoder: Encoder, text_id: int) -> Future[bytes]:
        from engine.project.embeddings import read_embedding, texts_to_embed

        connection = self._session.project.connection
        stored = read_embedding(connection, encoder.sha256, text_id)
        if stored is not None:
            vector: Future[bytes] = Future()
            vector.set_result(stored)
            return vector
        texts = texts_to_embed(connection, (text_id,), LONGEST)
        if not texts:
            raise KnownError(
                tr("There is no text number {number} in this project.", number=text_id)
            )
        return self._session.embedding.encode(encoder, texts[0][1], "document")

    def _compare(
        self,
        query: MeaningQuery,
        channel: str | None,
        encoder: Encoder,
        vector: bytes,
        question: Future[Any],
    ) -> None:
        """Third step: the reader compares it with all others."""

        def answer(file: ReadFile | None) -> FoundTexts:
            from engine.assist.meaning import find_by_meaning

            assert file is not None
            found = find_by_meaning(
                file.connection,
                file.memory,
                encoder.sha256,
                vector,
                task_id=query.task_id,
                filter=replace(query.filter, search=""),
                limit=query.limit,
                words="" if isinstance(query, FindSimilar) or not query.mixed else query.words,
                without=query.text_id if isinstance(query, FindSimilar) else None,
            )
            return replace(found, encoder=encoder.name)

        _pass_on(self._session.reader.ask(answer, channel), question)

    def _then(
        self, future: Future[Any], question: Future[Any], step: Callable[[Any, Future[Any]], None]
    ) -> None:
        """Go on with `step(result, question)` on the engine thread when the future is done."""

        def go_on(done: Future[Any]) -> None:
            if done.cancelled():
                question.cancel()
                return
            error = done.exception()
            if error is not None:
                _pass_on(done, question)
                return
            work = partial(self._step, question, partial(step, done.result()))
            if not self._session.soon(work, Priority.LABEL):
                question.cancel()

        future.add_done_callback(go_on)

    def _step(self, question: Future[Any], step: Callable[[Future[Any]], None]) -> None:
        if question.cancelled():
            return
        try:
            step(question)
        except Exception as error:  # told to whoever asked, and reported where it is ours
            if question.set_running_or_notify_cancel():
                question.set_exception(self._session.tell_of(error, "Query"))


def _pass_on(answer: Future[Any], question: Future[Any]) -> None:
    """Let `question` end as `answer` does."""

    def ended(done: Future[Any]) -> None:
        if done.cancelled():
            question.cancel()
        elif question.set_running_or_notify_cancel():
            error = done.exception()
            if error is None:
                question.set_result(done.result())
            else:
                question.set_exception(error)

    answer.add_done_callback(ended)


def _printable(words: str) -> str:
    """Return the words without halves of characters, which a keyboard can send and UTF-8 cannot."""
    return words.encode("utf-8", "replace").decode("utf-8")
