"""Find texts that mean the same as some words, or as another text.

Exact search: the vector is compared with that of every text. Words and meaning are mixed by
reciprocal rank fusion (Cormack, Clarke, Büttcher, SIGIR 2009): a text gets 1 / (60 + its place)
from each of the two lists. Places, unlike scores, can be added without knowing how BM25 and a
cosine compare.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.assist.vector_table import VectorTable
from engine.project.embeddings import find_encoder
from engine.project.reading import keep_ids
from engine.project.rows import FoundTexts, TextFilter
from engine.project.searching import best_hits

FUSION = 60
"""The constant of reciprocal rank fusion, as in the paper."""
_TABLE = "vector table"

Keep = Callable[[Sequence[int]], set[int]]


def find_by_meaning(
    connection: sqlite3.Connection,
    memory: dict[str, Any],
    sha256: str,
    vector: bytes,
    *,
    task_id: int,
    filter: TextFilter,
    limit: int,
    words: str = "",
    without: int | None = None,
) -> FoundTexts:
    """Return the texts nearest to `vector` (float16), at most `limit`, the best first.

    `filter` narrows which texts; its own search is not looked at. With `words`, texts that hold
    them go up. `without` is a text that is not to find itself. `memory` keeps the vectors between
    questions.
    """
    table = _table(connection, memory, sha256)

    def keep(ids: Sequence[int]) -> set[int]:
        return keep_ids(connection, task_id, filter, ids) - {without}

    if table is None:
        ids, scores = np.zeros(0, np.int64), np.zeros(0, np.float32)
    else:
        ids, scores = table.ids, table.scores(np.frombuffer(vector, np.float16))
    best = _best(ids, scores, limit, keep)
    if words:
        hits = best_hits(connection, words, limit)
        kept = keep(hits)
        best = _fused(best, [text_id for text_id in hits if text_id in kept])[:limit]
    (texts,) = connection.execute(
        "SELECT coalesce(sum(n), 0) FROM counters WHERE task_id = 0 AND kind = 'texts'"
    ).fetchone()
    return FoundTexts(
        text_ids=array("q", best),
        similarities=_similarities(ids, scores, best),
        embedded=min(len(ids), texts),
        texts=texts,
    )


def _table(
    connection: sqlite3.Connection, memory: dict[str, Any], sha256: str
) -> VectorTable | None:
    """Return the vectors of an encoder as they are stored now; those of another one make way."""
    encoder = find_encoder(connection, sha256)
    if encoder is None:
        return None
    table = memory.get(_TABLE)
    if not isinstance(table, VectorTable) or table.encoder != encoder:
        memory[_TABLE] = table = VectorTable(encoder)
    table.refresh(connection)
    return table


def _best(ids: np.ndarray, scores: np.ndarray, limit: int, keep: Keep) -> list[int]:
    """Return the `limit` best that are kept; only as many are looked at as that takes."""
    count = 4 * limit
    while True:
        places = np.arange(len(ids))
        if count < len(ids):
            places = np.argpartition(-scores, count)[:count]
        ranked = ids[places[np.lexsort((ids[places], -scores[places]))]].tolist()
        kept = keep(ranked)
        if len(kept) >= limit or count >= len(ids):
            return [text_id for text_id in ranked if text_id in kept][:limit]
        count *= 8


def _fused(one: Sequence[int], other: Sequence[int]) -> list[int]:
    """Return the texts of both lists by reciprocal rank fusion."""
    points: dict[int, float] = {}
    for ranked in (one, other):
        for place, text_id in enumerate(ranked, start=1):
            points[text_id] = points.get(text_id, 0.0) + 1 / (FUSION + place)
    return sorted(points, key=lambda text_id: -points[text_id])


def _similarities(
    ids: np.ndarray, scores: np.ndarray, wanted: Sequence[int]
) -> tuple[float | None, ...]:
    """Return the score of each wanted text, None where it has no vector yet."""
    places = np.flatnonzero(np.isin(ids, np.array(wanted, np.int64)))
    known = dict(zip(ids[places].tolist(), scores[places].tolist(), strict=True))
    return tuple(known.get(text_id) for text_id in wanted)
