"""A list of the nearest texts grows while texts are read, and never starts that by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.bridge import Bridge
from desktop.texts.listing import Listed, Listing, Wish
from engine.api import EmbeddingProgressed, Engine, OpenProject, Query, TextFilter
from engine.project.embeddings import store_embeddings
from engine.project.project import open_project
from engine.registry.base_models import find_base_model
from engine.registry.encoder_hash import vectors_sha256

WAIT = 15_000


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Query]:
    """Every question that reaches an engine."""
    questions: list[Query] = []
    ask = Engine.ask

    def noted(self: Engine, query: Query, channel: str | None = None) -> object:
        questions.append(query)
        return ask(self, query, channel)

    monkeypatch.setattr(Engine, "ask", noted)
    return questions


@pytest.fixture
def project(make_project: Callable[..., Path]) -> Path:
    """A project whose texts all have a vector of the starter, so that no worker is needed."""
    path, starter = make_project(texts=4, labelled=0), find_base_model("")
    with open_project(path) as opened:
        rows = [(id, bytes([id]) * 2 * starter.hidden_size) for id in range(1, 5)]
        sha256 = vectors_sha256(starter)
        assert store_embeddings(opened, sha256, "starter", starter.hidden_size, rows) == 4
    return path


def test_it_is_asked_again_while_it_grows_but_not_when_reading_was_stopped(
    bridge: Bridge, project: Path, asked: list[Query], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.texts.listing.ASK_AGAIN", 0.0)
    held = False
    listing = Listing(bridge, lambda: held)
    lists: list[Listed] = []
    listing.listed.connect(lists.append)
    bridge.send(OpenProject(str(project)))
    qtbot.waitUntil(lambda: bridge.project is not None, timeout=WAIT)

    def wait_for_a_list() -> None:
        # The engine itself may tell that all is read, which is one more reason to ask.
        before = len(lists)
        qtbot.waitUntil(lambda: len(lists) > before, timeout=WAIT)

    listing.ask(Wish(1, TextFilter(), similar_to=2))
    wait_for_a_list()
    assert sorted(lists[0].ids) == [1, 3, 4]
    assert not lists[0].again

    def tell(event: EmbeddingProgressed) -> int:
        before = len(asked)
        bridge._dispatch(event)
        return len(asked) - before

    assert tell(EmbeddingProgressed(2, 4)) == 1
    wait_for_a_list()
    assert lists[-1].again
    assert tell(EmbeddingProgressed(3, 4, running=False)) == 0  # stopped, or it failed
    held = True
    assert tell(EmbeddingProgressed(4, 4, running=False)) == 0  # several rows are chosen
    held = False
    assert tell(EmbeddingProgressed(4, 4, running=False)) == 1
    wait_for_a_list()

    # A list of all that a filter keeps does not depend on what was read.
    listing.ask(Wish(1, TextFilter()))
    qtbot.waitUntil(lambda: not lists[-1].wish.ranked, timeout=WAIT)
    assert tell(EmbeddingProgressed(4, 4, running=False)) == 0
