"""Comparing vectors: exact, up to date, and mixed with words; no model is needed for that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.assist.meaning import find_by_meaning
from engine.project.connection import open_reader
from engine.project.embeddings import find_encoder, list_missing, store_embeddings
from engine.project.project import ProjectFile
from engine.project.rows import FoundTexts, TextFilter

Store = Callable[[dict[int, list[float]]], int]
TEXTS = [
    "The cellar was flooded.",
    "Water stands in the basement.",
    "When is my claim paid?",
    "A flooded cellar, and nobody calls.",
    "Please end my contract.",
]
DIRECTIONS = {1: [1, 0, 0], 2: [0.9, 0.1, 0], 3: [0, 0, 2], 4: [0.5, 0.5, 0], 5: [-1, 0, 0]}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """A project of five texts."""
    from engine.interchange.importing import import_texts
    from engine.project.project import create_project
    from engine.service.commands import ImportTexts

    source = tmp_path / "a.jsonl"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS), "utf-8")
    with create_project(tmp_path / "post.glossator", labels=("a", "b")) as opened:
        for _ in import_texts(opened, ImportTexts(str(source), 1)):
            pass
        yield opened


@pytest.fixture
def store(project: ProjectFile) -> Store:
    """Store vectors of three dimensions of the encoder "e"."""

    def put(vectors: dict[int, list[float]]) -> int:
        rows = [(id, np.array(vector, np.float16).tobytes()) for id, vector in vectors.items()]
        return store_embeddings(project, "e", "encoder", 3, rows)

    return put


@pytest.fixture
def find(project: ProjectFile) -> Iterator[Callable[..., FoundTexts]]:
    """Ask on a reader's connection that stays the same, as its memory does."""
    connection = open_reader(project.path)
    memory: dict[str, Any] = {}

    def ask(vector: list[float], limit: int = 3, **options: Any) -> FoundTexts:
        options = {"task_id": 1, "filter": TextFilter(), **options}
        wanted = np.array(vector, np.float16).tobytes()
        return find_by_meaning(connection, memory, "e", wanted, limit=limit, **options)

    yield ask
    connection.close()


def test_the_nearest_by_angle_come_first_whatever_their_length(
    store: Store, find: Callable[..., FoundTexts]
) -> None:
    assert store(DIRECTIONS) == 5
    found = find([3, 0, 0])
    assert list(found.text_ids) == [1, 2, 4]
    assert found.similarities == pytest.approx((1.0, 0.9939, 0.7071), abs=1e-3)
    assert list(find([0, 0, 1], limit=1).text_ids) == [3]
    assert list(find([1, 0, 0], without=1).text_ids) == [2, 4, 3]


def test_vectors_that_come_later_are_found(
    store: Store, find: Callable[..., FoundTexts], project: ProjectFile
) -> None:
    assert find([1, 0, 0]).embedded == 0
    store({2: DIRECTIONS[2]})
    assert list(find([1, 0, 0]).text_ids) == [2]
    assert sorted(list_missing(project.connection, "e")[0]) == [1, 3, 4, 5]
    # What is there already is not replaced, and a text that does not exist gets none.
    assert store({2: [0, 1, 0], 1: DIRECTIONS[1], 77: [1, 0, 0]}) == 1
    found = find([1, 0, 0])
    assert list(found.text_ids) == [1, 2]
    assert (found.embedded, found.texts) == (2, 5)
    assert find_encoder(project.connection, "another") is None
    assert len(list_missing(project.connection, "another")[0]) == 5


def test_words_and_meaning_are_fused_by_their_ranks(
    store: Store, find: Callable[..., FoundTexts]
) -> None:
    vectors = dict(DIRECTIONS)
    del vectors[4]  # the text with both words has no vector yet
    store(vectors)
    assert list(find([0.9, 0.1, 0]).text_ids) == [2, 1, 3]
    found = find([0.9, 0.1, 0], words="flooded cellar", limit=5)
    assert found.text_ids[0] == 1  # it has the words and the meaning
    assert set(found.text_ids[1:3]) == {2, 4}
    assert dict(zip(found.text_ids, found.similarities, strict=True))[4] is None
    assert list(find([1, 0, 0], words='"').text_ids) == [1, 2, 3]


def test_a_filter_that_leaves_few_is_filled_from_further_away(
    store: Store, find: Callable[..., FoundTexts], project: ProjectFile
) -> None:
    from engine.project.annotations import set_labels

    store(DIRECTIONS)
    set_labels(project, 1, (5, 3), (1,))
    labelled = TextFilter(state="labelled")
    assert list(find([1, 0, 0], limit=1, filter=labelled).text_ids) == [3]
    assert list(find([1, 0, 0], limit=9, filter=labelled).text_ids) == [3, 5]


def test_deleted_texts_take_their_vectors_along(
    store: Store, find: Callable[..., FoundTexts], project: ProjectFile
) -> None:
    from engine.project.journal import undo
    from engine.project.shelf import discard

    store(DIRECTIONS)
    assert len(find([1, 0, 0], limit=9).text_ids) == 5
    undo(project)
    assert len(find([1, 0, 0], limit=9).text_ids) == 0
    discard(project, 1)
    (left,) = project.connection.execute("SELECT count(*) FROM embeddings").fetchone()
    assert left == 0


def test_a_table_too_large_for_wide_numbers_gives_the_same_order(
    store: Store, find: Callable[..., FoundTexts], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.assist.vector_table.MOST_BYTES_WIDE", 0)
    store({1: DIRECTIONS[1], 5: DIRECTIONS[5]})
    find([1, 0, 0])
    store(DIRECTIONS)
    assert list(find([1, 0, 0], limit=5).text_ids) == [1, 2, 4, 3, 5]
