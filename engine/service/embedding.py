"""Vectors of texts: made by the warm worker when somebody wants them, each text's once.

Nothing is computed before the first search by meaning. Then all texts of the project are embedded
in small orders, so that suggestions and the words somebody types are never far behind, and each
answer is on disk before the next order goes out.
"""

from __future__ import annotations

import base64
import time
from array import array
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import mark, tr
from engine.service.commands import Priority
from engine.service.events import EmbeddingProgressed, WorkerLogged
from engine.service.warm_worker import PAUSES

if TYPE_CHECKING:
    from engine.service.reader import ReadFile
    from engine.service.session import Session

USER = mark("Search by meaning")
"""What the warm worker knows it by."""
BATCH = 64
IN_FLIGHT = 2
"""Orders under way: the worker computes one while the other's vectors are stored."""
LONGEST = 50_000
"""Characters of a text that are sent: more than any encoder reads."""
CHARACTERS = 200_000
"""Characters of all texts in an order, so that none takes long."""
PROGRESS_INTERVAL = 0.1
CLOSED = mark(
    "The project was closed; the texts that were read for their meaning by then are kept."
)


@dataclass(frozen=True, slots=True)
class Encoder:
    """An encoder to search with; `sha256` stands for the vectors it makes."""

    name: str
    folder: str
    sha256: str
    quantised: bool = False


def find_search_encoder(file: ReadFile, name: str, quantised: bool) -> Encoder:
    """Return the encoder of this name or folder, the project's own first; "" is the starter.

    With `quantised` it computes in eight bits, and is called so.

    Raises:
        KnownError: if there is none, or its folder cannot be used.
    """
    from engine.registry.base_models import find_base_model
    from engine.registry.encoder_hash import vectors_sha256
    from engine.service.encoders import all_encoders, encoder_called

    if name:
        model = encoder_called(name, all_encoders(file.connection, file.models_folder))
    else:
        model = find_base_model("")
    called = tr("{name} (quantised)", name=model.name) if quantised else model.name
    return Encoder(called, model.folder, vectors_sha256(model, quantised), quantised)


class Embedding:
    """Keeps the vectors of one encoder complete while somebody wants them; on the engine thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._encoders: dict[tuple[str, bool], Future[Encoder]] = {}
        self._encoding: set[Future[bytes]] = set()
        self._waiting: list[Future[int]] = []
        self._run = 0
        self._running = False
        self._complete = False
        self._begin_anew(None)

    def encoder(self, name: str, quantised: bool = False) -> Future[Encoder]:
        """Return the encoder of this name; hashing its weights takes a moment the first time."""
        known = self._encoders.get((name, quantised))
        if known is None or (known.done() and (known.cancelled() or known.exception())):

            def find(file: ReadFile | None) -> Encoder:
                assert file is not None
                return find_search_encoder(file, name, quantised)

            known = self._encoders[name, quantised] = self._session.reader.ask(find)
        return known

    def encode(self, encoder: Encoder, text: str, kind: str) -> Future[bytes]:
        """Have one text embedded before all others; the Future holds its float16 bytes."""
        future: Future[bytes] = Future()
        self._encoding.add(future)

        def answered(answer: dict[str, Any]) -> None:
            self._encoding.discard(future)
            future.set_result(base64.b64decode(answer["vectors"]))

        def failed(message: str, details: str, known: bool) -> None:
            self._encoding.discard(future)
            future.set_exception(KnownError(message, details=details))

        order = {
            "model": encoder.folder,
            "texts": [text[:LONGEST]],
            "kind": kind,
            "quantised": encoder.quantised,
            "urgent": True,
        }
        self._session.warm_worker.ask(USER, "embed", order, answered, failed)
        return future

    def want(self, encoder: Encoder) -> None:
        """Embed the texts that have no vector of this encoder yet, in the background."""
        if self._encoder == encoder and (self._running or self._complete):
            return
        self.stop()
        self._begin_anew(encoder)
        self._running = True
        self._count()

    def complete(self, encoder: Encoder) -> Future[int]:
        """Embed what is missing; the Future holds the number of texts with a vector then.

        It holds as many as there are when `stop` is called before that, and a KnownError when the
        encoder cannot do it.
        """
        future: Future[int] = Future()
        self.want(encoder)
        if self._complete:
            future.set_result(self._done)
        else:
            self._waiting.append(future)
        return future

    def stop(self) -> None:
        """Leave it at the vectors that are there, until somebody wants more."""
        if self._running:
            self._end(complete=False)

    def forget(self, folder: str) -> None:
        """Leave an encoder alone whose folder goes."""
        if self._encoder is not None and self._encoder.folder == folder:
            self.stop()
        self._encoders.clear()

    def look_again(self) -> None:
        """Think of texts that came into the project the next time somebody searches."""
        self._complete = False
        self._again = self._running

    def close(self) -> None:
        """Forget everything: the project is being closed."""
        self._session.warm_worker.release(USER)
        for encoding in self._encoding:
            encoding.cancel()
        for waiting in self._waiting:
            waiting.set_exception(KnownError(tr(CLOSED)))
        self._encoding.clear()
        self._waiting.clear()
        self._encoders.clear()
        self._begin_anew(None)

    # --- the work -------------------------------------------------------------------------------

    def _begin_anew(self, encoder: Encoder | None) -> None:
        self._encoder = encoder
        self._run += 1  # what was asked before is no longer waited for
        self._running = False
        self._complete = False
        self._again = False
        self._missing: array[int] = array("q")
        self._at = 0
        self._lost: list[tuple[int, ...]] = []
        self._in_flight = 0
        self._failures = 0
        self._pausing = False
        self._done = 0
        self._total = 0
        self._since: tuple[float, int] | None = None
        self._next_progress = 0.0

    def _count(self) -> None:
        """Have the reader look for what is missing, which can take a while."""
        encoder, run = self._encoder, self._run
        assert encoder is not None

        def count(file: ReadFile | None) -> tuple[array[int], int]:
            from engine.project.embeddings import list_missing

            assert file is not None
            return list_missing(file.connection, encoder.sha256)

        def counted(future: Future[Any]) -> None:
            self._session.soon(partial(self._take_up, run, future), Priority.BULK)

        self._session.reader.ask(count).add_done_callback(counted)

    def _take_up(self, run: int, found: Future[Any]) -> None:
        if run != self._run or found.cancelled():
            return
        error = found.exception()
        if error is not None:
            self._end(complete=False, error=error)
            return
        self._missing, self._total = found.result()
        self._at = 0
        self._again = False
        self._done = self._total - len(self._missing)
        if self._missing:
            self._session.emit(EmbeddingProgressed(self._done, self._total))
        self._send()

    def _send(self) -> None:
        """Keep the worker busy; nothing is sent while it is given time to recover."""
        if not self._running or self._pausing:
            return
        while self._in_flight < IN_FLIGHT and (texts := self._next_texts()):
            assert self._encoder is not None
            ids = tuple(text_id for text_id, _ in texts)
            order = {
                "model": self._encoder.folder,
                "texts": [content for _, content in texts],
                "kind": "document",
                "quantised": self._encoder.quantised,
            }
            self._in_flight += 1
            self._session.warm_worker.ask(
                USER,
                "embed",
                order,
                partial(self._store, self._run, ids),
                partial(self._fail, self._run, ids),
            )
        if not self._in_flight:
            if self._again:
                self._count()
            else:
                self._end(complete=True)

    def _next_texts(self) -> list[tuple[int, str]]:
        from engine.project.embeddings import texts_to_embed

        connection = self._session.project.connection
        while self._lost or self._at < len(self._missing):
            again = bool(self._lost)
            ids = self._lost.pop() if again else self._missing[self._at : self._at + BATCH]
            texts = _as_many_as_fit(texts_to_embed(connection, ids, LONGEST))
            if not again:
                last = texts[-1][0] if texts else ids[-1]
                self._at += list(ids).index(last) + 1
            if texts:
                return texts
        return []

    def _store(self, run: int, ids: Sequence[int], answer: dict[str, Any]) -> None:
        encoder = self._encoder
        if run != self._run or encoder is None:
            return
        from engine.project.embeddings import store_embeddings

        vectors = base64.b64decode(answer["vectors"])
        size = 2 * answer["dimensions"]
        rows = [(each, vectors[at * size : (at + 1) * size]) for at, each in enumerate(ids)]
        self._in_flight -= 1
        self._failures = 0
        self._done += store_embeddings(
            self._session.project, encoder.sha256, encoder.name, answer["dimensions"], rows
        )
        self._tell_progress()
        # In line with what else waits for the engine: labels and imports come before it.
        self._session.soon(self._send, Priority.BULK)

    def _fail(
        self, run: int, ids: tuple[int, ...], message: str, details: str, known: bool
    ) -> None:
        if run != self._run:
            return
        self._in_flight -= 1
        self._lost.append(ids)
        if self._pausing:  # the order beside this one failed already, for the same reason
            return
        self._failures += 1
        if known or self._failures > len(PAUSES):
            self._session.emit(WorkerLogged(message, {"details": details}))
            self._end(complete=False, error=KnownError(message, details=details))
        else:
            self._pausing = True
            again = partial(self._try_again, run)
            self._session.soon(again, Priority.BULK, PAUSES[self._failures - 1])

    def _try_again(self, run: int) -> None:
        if run == self._run:
            self._pausing = False
            self._send()

    def _end(self, *, complete: bool, error: BaseException | None = None) -> None:
        done, total, waiting = self._done, self._total, self._waiting
        encoder, self._waiting = self._encoder, []
        self._begin_anew(encoder)
        self._complete, self._done, self._total = complete, done, total
        self._session.emit(EmbeddingProgressed(done, total, running=False))
        for future in waiting:
            if error is None:
                future.set_result(done)
            else:
                future.set_exception(error)

    def _tell_progress(self) -> None:
        now = time.monotonic()
        if now >= self._next_progress:
            self._next_progress = now + PROGRESS_INTERVAL
            left = None
            if self._since is None:  # the model was loading until now, which tells nothing
                self._since = (now, self._done)
            else:
                then, before = self._since
                left = (now - then) * (self._total - self._done) / max(self._done - before, 1)
            self._session.emit(EmbeddingProgressed(self._done, self._total, left))


def _as_many_as_fit(texts: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the first texts that have no more than `CHARACTERS` together; at least one."""
    room = CHARACTERS
    for number, (_, content) in enumerate(texts):
        room -= len(content)
        if room < 0 and number:
            return texts[:number]
    return texts
