"""Near-duplicates are found, and only they, however many texts there are."""

from __future__ import annotations

import random
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.near_duplicates import (
    KEYS,
    SortedKeys,
    fingerprints,
    group_texts,
    similar,
    unique_pairs,
    words_of,
)

VOCABULARY = [f"{first}{second}um" for first in "bcdfghklmnprst" for second in "aeiouaeiou"]


def letter(seed: int, words: int = 60) -> list[str]:
    return random.Random(seed).choices(VOCABULARY, k=words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't pay £12.50, please!", ["don", "t", "pay", "00", "00", "please"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("保険の契約", ["保", "険", "の", "契", "約"]),
        ("عقد التأمين", ["عقد", "التأمين"]),
        ("snake_case ﬁn", ["snake", "case", "fin"]),
        ("😀 !?", []),
    ],
)
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_plain_ascii_takes_a_short_cut_to_the_same_words(text: str) -> None:
    assert words_of(text) == words_of(text + " é")[:-1]


def test_one_changed_word_in_a_letter_is_a_near_duplicate() -> None:
    words = letter(1)
    assert similar(" ".join(words), " ".join([*words[:30], "otherwise", *words[31:]]))
    assert similar(" ".join(words), " ".join(words).upper() + "!!!")
    assert similar("Policy 1234 of May 2024, see over", "policy 9876 of May 2023 -- see over")
    assert not similar(" ".join(words), " ".join(letter(2)))


def test_very_short_texts_are_compared_by_equality() -> None:
    assert similar("Thank you!", "thank you")
    assert not similar("Thank you", "Thank me")
    assert group_texts(["Yes.", "no", "yes", "", "NO!", " "]) == [0, 1, 0, 3, 1, 3]


def test_groups_are_those_of_comparing_all_pairs() -> None:
    texts = []
    for seed in range(40):
        words = letter(seed)
        texts.append(" ".join(words))
        for copies in range(seed % 3):
            words[7 * copies + 5] = "changed"
            texts.append(" ".join(words))
    groups = group_texts(texts)
    for left in range(len(texts)):
        for right in range(left):
            if similar(texts[left], texts[right]):
                assert groups[left] == groups[right]
    assert len(set(groups)) == 40


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=12))
def test_equal_texts_are_always_candidates(texts: list[str]) -> None:
    keys = fingerprints(texts + texts)
    assert keys.shape == (2 * len(texts), KEYS)
    groups = group_texts(texts + texts)
    assert all(groups[at] == groups[at + len(texts)] for at in range(len(texts)))


def test_a_fingerprint_does_not_depend_on_the_texts_beside_it() -> None:
    texts = [" ".join(letter(seed, seed % 9)) for seed in range(50)]
    together = fingerprints(texts)
    alone = np.concatenate([fingerprints([text]) for text in texts])
    assert (together == alone).all()


def test_a_thousand_copies_make_few_pairs() -> None:
    keys = fingerprints([" ".join(letter(1))] * 1000)
    columns = [SortedKeys(column) for column in keys.T]
    assert len(unique_pairs([column.pairs_within() for column in columns])) < 2000
    pairs = [column.pairs_with(keys[:10, at]) for at, column in enumerate(columns)]
    assert unique_pairs(pairs) == [[0, 0], [0, 9]]


@pytest.mark.benchmark
def test_a_hundred_thousand_texts_against_as_many() -> None:
    start = time.perf_counter()
    blocks = [
        fingerprints([" ".join(letter(seed)) for seed in range(at, at + 500)])
        for at in range(0, 100_000, 500)
    ]
    keys = np.concatenate(blocks)
    made = time.perf_counter()
    columns = [SortedKeys(column) for column in keys.T]
    pairs = unique_pairs([column.pairs_with(keys[:, at]) for at, column in enumerate(columns)])
    seconds = time.perf_counter() - made
    print(f"100,000 fingerprints (and texts) {made - start:.1f} s, candidates {seconds:.1f} s")
    assert len(pairs) >= 100_000
    assert seconds < 10
