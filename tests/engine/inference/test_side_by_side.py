"""Batches side by side give what one after the other gives, and stop when they are told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.jobs.reporting import Cancelled

BATCHES = [np.arange(at, at + 3) for at in range(0, 30, 3)]


@pytest.fixture(params=[1, 2, 4, 32])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    """So many threads, whatever the machine has."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    assert torch.get_num_threads() == request.param, "the threads were not given back"
    torch.set_num_threads(before)


def test_all_batches_are_taken_in_order_without_gradients(threads: int) -> None:
    import torch

    from engine.inference.side_by_side import compute_batches

    weight = torch.ones(30, requires_grad=True)
    taken: list[int] = []

    def compute(rows: np.ndarray) -> torch.Tensor:
        return weight[torch.from_numpy(rows)] * torch.from_numpy(rows)

    def take(rows: np.ndarray, found: torch.Tensor) -> None:
        assert not found.requires_grad
        assert found.tolist() == rows.tolist()
        taken.extend(rows)

    compute_batches(BATCHES, compute, take, torch.device("cpu"))
    assert taken == list(range(30))
    compute_batches([], compute, take, torch.device("cpu"))


def test_one_by_one_no_other_thread_computes(threads: int) -> None:
    import torch

    from engine.inference.side_by_side import compute_batches

    used: set[int] = set()

    def compute(rows: np.ndarray) -> int:
        used.add(threading.get_ident())
        return len(rows)

    done: list[int] = []
    compute_batches(
        BATCHES, compute, lambda _, found: done.append(found), torch.device("cpu"), one_by_one=True
    )
    assert (sum(done), used) == (30, {threading.get_ident()})


def test_whoever_says_stop_is_heard_before_the_next_batch(threads: int) -> None:
    import torch

    from engine.inference.side_by_side import compute_batches

    taken: list[int] = []

    def check() -> None:
        if len(taken) == 6:
            raise Cancelled

    with pytest.raises(Cancelled):
        compute_batches(
            BATCHES, len, lambda rows, _: taken.extend(rows), torch.device("cpu"), check
        )
    assert taken == [0, 1, 2, 3, 4, 5]


def test_an_error_in_a_batch_reaches_whoever_asked(threads: int) -> None:
    import torch

    from engine.inference.side_by_side import compute_batches

    def compute(rows: np.ndarray) -> int:
        raise MemoryError(f"at {rows[0]}")

    with pytest.raises(MemoryError, match="at 0"):
        compute_batches(BATCHES, compute, lambda *_: None, torch.device("cpu"))


def test_vectors_are_the_same_but_for_the_last_digits(
    threads: int, tiny_encoder: Path, make_rows: Callable[..., Any]
) -> None:
    from engine.inference.embed import Embedder

    texts = [row.text for row in make_rows(train=150)]
    embedder = Embedder(tiny_encoder, "cpu")
    one_by_one = np.concatenate([embedder.embed([text]) for text in texts[:10]])
    assert embedder.embed(texts)[:10] == pytest.approx(one_by_one, abs=1e-5)
