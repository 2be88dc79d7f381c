"""Blocks are full, hold every token once, and lose no text."""

from __future__ import annotations

import numpy as np
import pytest

from engine.training.masking.packing import pack
from engine.training.masking.words import NO_WORD, Corpus

AROUND = ([101], [102])


def corpus_of(*lengths: int) -> Corpus:
    """Texts of so many tokens; every token is a number of its own, from 1000."""
    total = sum(lengths)
    return Corpus(
        np.arange(1000, 1000 + total, dtype=np.int32),
        np.arange(total, dtype=np.int64),
        np.cumsum([0, *lengths]).astype(np.int64),
    )


@pytest.mark.parametrize(
    "lengths", [(5, 9, 14, 30, 3, 3, 3, 1), (200,), (30,) * 9, (0, 31, 0, 62), (1,) * 40]
)
def test_every_token_is_in_exactly_one_block(lengths: tuple[int, ...]) -> None:
    corpus = corpus_of(*lengths)
    packed = pack(corpus, np.arange(len(lengths)), AROUND, 32, np.random.default_rng(3))
    ordinary = packed.ids[packed.ids >= 1000]
    assert sorted(ordinary.tolist()) == corpus.ids.tolist()
    assert (packed.words[packed.ids < 1000] == NO_WORD).all()
    assert (packed.words[packed.ids >= 1000] == ordinary - 1000).all()


def test_nothing_is_padded_and_few_texts_are_cut() -> None:
    lengths = np.random.default_rng(0).integers(4, 60, 400)
    corpus = corpus_of(*lengths.tolist())
    packed = pack(corpus, np.arange(400), AROUND, 128, np.random.default_rng(3))
    (*batches, last) = packed.batches(4)
    assert all(batch.ids.shape[1] == 128 for batch in batches)
    assert set(np.unique(packed.ids[packed.ids < 1000])) == {101, 102}
    pieces = len(np.unique(packed.pieces))
    assert pieces - 400 < 40  # a text is cut only where no other fills the gap
    assert last.ids.size == len(packed.ids) - sum(batch.ids.size for batch in batches)


def test_a_piece_counts_its_positions_from_its_own_beginning() -> None:
    packed = pack(corpus_of(4, 5, 6, 70), np.arange(4), AROUND, 32, np.random.default_rng(1))
    for piece in np.unique(packed.pieces):
        inside = np.flatnonzero(packed.pieces == piece)
        assert packed.positions[inside].tolist() == list(range(len(inside)))
        assert packed.ids[inside[0]] == 101
        assert inside[0] // 32 == inside[-1] // 32  # in one block


def test_another_pass_packs_in_another_order_and_a_seed_repeats_it() -> None:
    corpus = corpus_of(*[7] * 50)
    rows = np.arange(50)
    once = pack(corpus, rows, AROUND, 32, np.random.default_rng(1))
    again = pack(corpus, rows, AROUND, 32, np.random.default_rng(1))
    other = pack(corpus, rows, AROUND, 32, np.random.default_rng(2))
    assert (once.ids == again.ids).all()
    assert (once.ids != other.ids).any()


def test_a_text_of_a_million_tokens_is_packed_at_once() -> None:
    packed = pack(corpus_of(1_000_000, 3), np.arange(2), AROUND, 128, np.random.default_rng(1))
    assert packed.blocks == -(-(1_000_000 + 3 + 2 * (1_000_000 // 126 + 2)) // 128)
