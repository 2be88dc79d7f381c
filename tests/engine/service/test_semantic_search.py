"""Search by meaning: texts are embedded when somebody wants it, once each, beside other work."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from engine.api import (
    CloseProject,
    EmbeddingProgressed,
    EmbedTexts,
    Engine,
    FindSimilar,
    FoundTexts,
    GetText,
    KnownError,
    ListTextIds,
    ProjectInfo,
    RedoLast,
    SearchByMeaning,
    StopEmbedding,
    TextFilter,
    UndoLast,
)

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)

WAIT = 120.0


def workers() -> list[psutil.Process]:
    return [
        child for child in psutil.Process().children() if "engine.jobs.worker" in child.cmdline()
    ]


def stored(path: str) -> dict[int, np.ndarray]:
    """The vectors that a project file holds, of length 1."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT text_id, vector FROM embeddings").fetchall()
    connection.close()
    vectors = {id: np.frombuffer(blob, np.float16).astype(np.float32) for id, blob in rows}
    return {id: vector / np.linalg.norm(vector) for id, vector in vectors.items()}


@pytest.mark.slow
def test_a_conversation_about_meaning(
    engine: Engine,
    project: ProjectInfo,
    import_rows: Callable[..., Any],
    make_rows: Callable[..., Any],
    tiny_encoder: Path,
    heard: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.service.embedding.PAUSES", (0.0, 0.0, 0.0))
    encoder = str(tiny_encoder)
    rows = [(row.text, None, "test" if at % 3 else "train") for at, row in enumerate(make_rows(90))]
    import_rows([*rows, ("verdict of the old court", "law", "train")])
    task_id = project.task.id
    ids = list(engine.ask(ListTextIds(task_id)).result(WAIT))
    court = ids[-1]
    assert not workers()  # nothing is computed before somebody wants it

    # The first question does not wait for the texts, and has them embedded.
    words = engine.ask(GetText(task_id, ids[10])).result(WAIT).content
    question = SearchByMeaning(task_id, words, mixed=False, encoder=encoder)
    first: FoundTexts = engine.ask(question).result(WAIT)
    assert first.texts == 91
    ended = heard.wait_for(EmbeddingProgressed, lambda event: not event.running, seconds=WAIT)
    assert (ended.done, ended.total) == (91, 91)

    # The answer is that of comparing with every text.
    vectors = stored(project.path)
    assert set(vectors) == set(ids)
    found: FoundTexts = engine.ask(question).result(WAIT)
    assert (found.embedded, found.texts, found.encoder) == (91, 91, tiny_encoder.name)
    assert found.text_ids[0] == ids[10]
    exact = sorted(ids, key=lambda id: -float(vectors[id] @ vectors[ids[10]]))
    assert list(found.text_ids)[:5] == exact[:5]
    assert found.similarities[0] == pytest.approx(1.0, abs=1e-3)
    assert list(found.similarities) == sorted(found.similarities, reverse=True)

    # A text finds those like it, without itself, among those that a filter leaves.
    similar: FoundTexts = engine.ask(
        FindSimilar(task_id, ids[10], TextFilter(split="train"), limit=4, encoder=encoder)
    ).result(WAIT)
    train = set(engine.ask(ListTextIds(task_id, TextFilter(split="train"))).result(WAIT))
    assert list(similar.text_ids) == [id for id in exact if id in train and id != ids[10]][:4]

    # Words and meaning together: who has the words comes first.
    mixed = engine.ask(SearchByMeaning(task_id, "verdict of the old court", encoder=encoder))
    assert mixed.result(WAIT).text_ids[0] == court

    # Texts that come later are embedded when somebody searches again, even by a new worker.
    (worker,) = workers()
    worker.kill()
    import_rows([("surgery at the clinic", None, None)], "b.jsonl")
    heard.events.clear()
    assert engine.submit(EmbedTexts(encoder)).result(WAIT) == 92
    nurse = SearchByMeaning(task_id, "surgery at the clinic", mixed=False, encoder=encoder)
    (new,) = set(stored(project.path)) - set(ids)
    assert engine.ask(nurse).result(WAIT).text_ids[0] == new
    assert {id for id, vector in stored(project.path).items() if id in vectors} == set(vectors)

    # An import that is undone takes its texts out of every answer, and brings them back.
    engine.submit(UndoLast()).result(WAIT)
    assert new not in engine.ask(nurse).result(WAIT).text_ids
    engine.submit(RedoLast()).result(WAIT)
    assert engine.ask(nurse).result(WAIT).text_ids[0] == new

    # A newer question takes the place of an older one; what cannot be answered says why.
    older: Future[Any] = engine.ask(nurse, channel="search")
    newer = engine.ask(question, channel="search")
    assert newer.result(WAIT).text_ids[0] == ids[10]
    with pytest.raises(CancelledError):
        older.result(WAIT)
    with pytest.raises(KnownError, match="nothing to search for"):
        engine.ask(SearchByMeaning(task_id, "  ")).result(WAIT)
    with pytest.raises(KnownError, match="no base model"):
        engine.ask(SearchByMeaning(task_id, "court", encoder="nobody")).result(WAIT)
    with pytest.raises(KnownError, match="no text number 999"):
        engine.ask(FindSimilar(task_id, 999, encoder=encoder)).result(WAIT)

    # Stopping and closing leave what was done, and nobody waiting.
    import_rows([(f"fever and dosage of patient {at}", None, None) for at in range(300)], "c.jsonl")
    work = engine.submit(EmbedTexts(encoder))
    engine.submit(StopEmbedding()).result(WAIT)
    assert work.result(WAIT) <= 392
    work = engine.submit(EmbedTexts(encoder))
    engine.submit(CloseProject()).result(WAIT)
    with pytest.raises(KnownError, match=r"The project was closed|No project is open"):
        work.result(WAIT)
    with pytest.raises(KnownError, match="No project is open"):
        engine.ask(question).result(WAIT)


def test_an_encoder_that_cannot_be_used_is_told_to_whoever_wants_it(
    engine: Engine, project: ProjectInfo, import_rows: Callable[..., Any], tmp_path: Path
) -> None:
    import_rows([("court", None, None)])
    (tmp_path / "empty").mkdir()
    with pytest.raises(KnownError, match=r"has no config\.json"):
        engine.submit(EmbedTexts(str(tmp_path / "empty"))).result(WAIT)
    assert not workers()
