"""Batches of similar length, in an order that a seed decides."""

from __future__ import annotations

import numpy as np

from engine.training.batching import (
    bounded_batches,
    bucketed_batches,
    padding_ratio,
    sorted_batches,
)


def lengths_of_sentences(count: int = 8000) -> np.ndarray:
    return np.random.default_rng(1).gamma(4, 7, count).astype(int) + 3


def test_every_row_is_in_exactly_one_batch() -> None:
    lengths = lengths_of_sentences(1003)
    batches = bucketed_batches(lengths, 16, np.random.default_rng(0))

    assert sorted(np.concatenate(batches)) == list(range(1003))
    assert sorted(len(rows) for rows in batches)[:2] == [1003 % 16, 16]


def test_little_is_padded() -> None:
    lengths = lengths_of_sentences()
    batches = bucketed_batches(lengths, 16, np.random.default_rng(0))
    random = np.array_split(np.random.default_rng(0).permutation(len(lengths)), len(batches))

    assert padding_ratio(lengths, batches) < 1.05
    assert padding_ratio(lengths, random) > 1.5


def test_the_order_of_the_batches_does_not_follow_length() -> None:
    lengths = lengths_of_sentences()
    batches = bucketed_batches(lengths, 16, np.random.default_rng(0))
    means = [lengths[rows].mean() for rows in batches]

    assert abs(np.corrcoef(means, range(len(means)))[0, 1]) < 0.15


def test_a_seed_decides_and_each_epoch_is_new() -> None:
    lengths = lengths_of_sentences(500)
    first, again = np.random.default_rng(3), np.random.default_rng(3)

    one, two = (bucketed_batches(lengths, 16, first) for _ in range(2))
    same = bucketed_batches(lengths, 16, again)
    assert all((a == b).all() for a, b in zip(one, same, strict=True))
    assert not (np.concatenate(one) == np.concatenate(two)).all()


def test_prediction_takes_the_longest_first() -> None:
    lengths = lengths_of_sentences(100)
    batches = sorted_batches(lengths, 32)

    assert sorted(np.concatenate(batches)) == list(range(100))
    assert (np.diff(lengths[np.concatenate(batches)]) <= 0).all()


def test_a_batch_of_long_texts_has_fewer_of_them() -> None:
    lengths = np.array([100, 900, 40, 50, 60])
    batches = bounded_batches(lengths, 4, tokens=200)

    assert [list(rows) for rows in batches] == [[1], [0], [4], [3], [2]]
    assert [len(rows) for rows in bounded_batches(lengths, 4)] == [4, 1]
