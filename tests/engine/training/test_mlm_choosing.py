"""Which words are hidden: the right share of them, whole, and never a special token."""

from __future__ import annotations

import numpy as np
import pytest

from engine.training.masking.choosing import Alphabet, choose_words
from engine.training.masking.words import NO_WORD

MASK = 4
ALPHABET = Alphabet(MASK, np.arange(1000, 6000, dtype=np.int32))


def blocks(words: int = 6000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Blocks whose words have one to five pieces, with a special token behind every tenth word."""
    random = np.random.default_rng(seed)
    numbers: list[int] = []
    for word in range(words):
        numbers += [word] * int(random.integers(1, 6)) + [NO_WORD] * (word % 10 == 0)
    numbers = numbers[: len(numbers) - len(numbers) % 64]
    found = np.array(numbers, np.int64).reshape(-1, 64)
    ids = random.integers(1000, 6000, found.shape).astype(np.int32)
    ids[found == NO_WORD] = 2
    return ids, found


@pytest.mark.parametrize("probability", [0.05, 0.15, 0.4])
def test_the_asked_share_of_the_tokens_is_to_be_guessed(probability: float) -> None:
    ids, words = blocks()
    masked = choose_words(ids, words, probability, ALPHABET, np.random.default_rng(1))
    assert len(masked.places) == pytest.approx(probability * (words != NO_WORD).sum(), abs=5)
    assert (masked.answers == ids.ravel()[masked.places]).all()


def test_words_are_hidden_whole_with_one_fate_for_all_their_pieces() -> None:
    ids, words = blocks()
    masked = choose_words(ids, words, 0.15, ALPHABET, np.random.default_rng(1))
    flat, seen = words.ravel(), masked.ids.ravel()
    chosen = np.zeros(len(flat), bool)
    chosen[masked.places] = True
    fates = {"masked": 0, "replaced": 0, "kept": 0}
    for word in np.unique(flat[chosen]):
        inside = flat == word
        assert chosen[inside].all()
        if (seen[inside] == MASK).any():
            assert (seen[inside] == MASK).all()
            fates["masked"] += 1
        else:
            fates["kept" if (seen[inside] == ids.ravel()[inside]).all() else "replaced"] += 1
    total = sum(fates.values())
    # Four standard deviations of so many draws.
    assert fates["masked"] / total == pytest.approx(0.8, abs=4 * (0.16 / total) ** 0.5)
    assert fates["replaced"] / total == pytest.approx(0.1, abs=4 * (0.09 / total) ** 0.5)
    assert (seen[~chosen] == ids.ravel()[~chosen]).all()


def test_special_tokens_are_never_hidden_nor_put_in_the_place_of_words() -> None:
    ids, words = blocks()
    masked = choose_words(ids, words, 0.9, ALPHABET, np.random.default_rng(1))
    special = words == NO_WORD
    assert (masked.ids[special] == ids[special]).all()
    changed = (masked.ids != ids) & (masked.ids != MASK)
    assert (masked.ids[changed] >= 1000).all()


def test_long_words_and_short_ones_have_the_same_chance() -> None:
    ids, words = blocks(words=600)
    random = np.random.default_rng(5)
    names, sizes = np.unique(words[words != NO_WORD], return_counts=True)
    hits = np.zeros(len(names))
    for _ in range(400):
        places = choose_words(ids, words, 0.15, ALPHABET, random).places
        hits[np.isin(names, words.ravel()[places])] += 1
    for size in range(1, 6):
        assert hits[sizes == size].mean() / 400 == pytest.approx(0.15, abs=0.006)


def test_a_single_word_is_always_something_to_guess_and_none_is_nothing() -> None:
    ids = np.array([[2, 1000, 1001, 3]], np.int32)
    one = choose_words(ids, np.array([[-1, 7, 7, -1]]), 0.15, ALPHABET, np.random.default_rng(1))
    assert one.places.tolist() == [1, 2]
    none = choose_words(ids, np.array([[-1, -1, -1, -1]]), 0.15, ALPHABET, np.random.default_rng(1))
    assert len(none.places) == 0
