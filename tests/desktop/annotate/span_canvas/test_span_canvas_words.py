"""Which words a person selects with one key press each."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.annotate.span_canvas.words import (
    next_word,
    next_word_end,
    previous_word,
    previous_word_end,
    word_at,
)

MIXED = st.text(
    st.one_of(st.sampled_from("ab1 .,-—'’\n(東)\u200b\u0301😀@:/%#"), st.characters()), max_size=60
)


def words_of(content: str) -> list[str]:
    found, at = [], -1
    while (word := next_word(content, at)) is not None:
        found.append(content[slice(*word)])
        at = word[0]
    return found


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Dear Ms Okafor, thank you.", ["Dear", "Ms", "Okafor", "thank", "you"]),
        ("at 14 Mill Lane.", ["at", "14", "Mill", "Lane"]),
        ("on 03/04/2024, 14.3.2024;", ["on", "03/04/2024", "14.3.2024"]),
        ("(HM-1234-0042)", ["HM-1234-0042"]),
        ("write to o.okafor@example.org.", ["write", "to", "o.okafor@example.org"]),
        ("see https://example.org/a:b,c.", ["see", "https://example.org/a:b,c"]),
        ("£1,250.00 or 5% at 12:30", ["£1,250.00", "or", "5%", "at", "12:30"]),
        ("call +49 30 1234", ["call", "+49", "30", "1234"]),
        ("Okafor’s and Smith's car", ["Okafor", "and", "Smith", "car"]),
        ("name:Okafor,Ada", ["name", "Okafor", "Ada"]),
        ("the end—Ada…then--Bo", ["the", "end", "Ada", "then", "Bo"]),
        ("in the U.S. and e.g. Hull.", ["in", "the", "U.S.", "and", "e.g.", "Hull"]),
        ("‘quoted’ “twice” «là»", ["quoted", "twice", "là"]),
        ("Smith & Sons", ["Smith", "Sons"]),
        ("张伟住在 Hull", ["张", "伟", "住", "在", "Hull"]),
        ("שלום, עולם", ["שלום", "עולם"]),
        ("a 👩‍⚖️ b", ["a", "👩‍⚖️", "b"]),
        ("zoe\u0308 cafe\u0301.", ["zoe\u0308", "cafe\u0301"]),
        (" .,; — ", []),
        ("", []),
    ],
)
def test_words_are_what_a_person_would_mark(content: str, expected: list[str]) -> None:
    assert words_of(content) == expected


@given(MIXED)
def test_the_words_are_the_same_from_either_end(content: str) -> None:
    forward, at = [], -1
    while (word := next_word(content, at)) is not None:
        forward.append(word)
        at = word[0]
    backward, at = [], len(content) + 1
    while (word := previous_word(content, min(at, len(content)))) is not None:
        backward.append(word)
        at = word[0]
    assert forward == backward[::-1]
    assert all(low[1] <= high[0] for low, high in pairwise(forward))
    assert all(0 <= start < end <= len(content) for start, end in forward)


@given(MIXED, st.data())
def test_every_position_knows_its_word_and_its_neighbours(
    content: str, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(content)))
    words, at = [], -1
    while (word := next_word(content, at)) is not None:
        words.append(word)
        at = word[0]
    holding = [word for word in words if word[0] <= position < word[1]]
    ending = [word for word in words if word[1] == position]
    assert word_at(content, position) == next(iter(holding + ending), None)
    assert next_word_end(content, position) == next(
        (end for _, end in words if end > position), None
    )
    assert previous_word_end(content, position) == next(
        (end for _, end in reversed(words) if end < position), None
    )


@pytest.mark.parametrize("content", ["x" * 200_000, "张" * 200_000, " " * 200_000, "." * 200_000])
def test_a_text_without_any_word_is_no_burden(content: str) -> None:
    before = time.perf_counter()
    for position in (0, 100_000, 200_000):
        word_at(content, position)
        next_word(content, position)
        previous_word(content, position)
        next_word_end(content, position)
        previous_word_end(content, position)
    assert time.perf_counter() - before < 1.0


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 6))
def test_a_run_of_thousands_of_characters_is_cut_the_same_from_either_end(
    first: int, second: int, gap: int
) -> None:
    content = "x" * first + " " * gap + "y" * second
    forward, at = [], -1
    while (word := next_word(content, at)) is not None:
        forward.append(word)
        at = word[0]
    backward, at = [], len(content)
    while (word := previous_word(content, at)) is not None:
        backward.append(word)
        at = word[0]
    assert forward == backward[::-1]
    assert "".join(content[slice(*word)] for word in forward) == content.replace(" ", "")
