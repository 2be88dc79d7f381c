"""Offsets in code points and in UTF-16 units: exact for any text that Python can hold."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument

from desktop.text_positions import TextPositions

ANY_TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("a😀\ud83d\ude00\udfff\u0301\u200d👩‍⚖️𝄞\U0010ffff"))
)


def units(content: str) -> int:
    return len(content.encode("utf-16-le", "surrogatepass")) // 2


def test_a_letter_an_emoji_and_a_letter_are_three_code_points_and_four_units() -> None:
    positions = TextPositions("a😀b")
    assert (positions.length, positions.units) == (3, 4)
    assert [positions.to_units(at) for at in range(4)] == [0, 1, 3, 4]
    assert [positions.to_code_points(at) for at in range(5)] == [0, 1, 1, 2, 3]


@given(ANY_TEXT)
def test_every_offset_goes_there_and_back(content: str) -> None:
    positions = TextPositions(content)
    for at in range(len(content) + 1):
        there = positions.to_units(at)
        assert there == units(content[:at])
        assert positions.to_code_points(there) == at
    assert positions.units == positions.to_units(len(content))


@given(ANY_TEXT)
def test_an_offset_inside_a_character_is_taken_for_its_beginning(content: str) -> None:
    positions = TextPositions(content)
    for at, character in enumerate(content):
        if character > "\uffff":
            assert positions.to_code_points(positions.to_units(at) + 1) == at


@given(st.text("aé€😀𝄞ש\u0301\u200d", max_size=40), st.data())
def test_qt_cuts_out_the_same_characters(content: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    positions = TextPositions(content)
    document = QTextDocument(content)
    found = "".join(
        document.characterAt(at) for at in range(positions.to_units(start), positions.to_units(end))
    )
    assert found.encode("utf-16-le", "surrogatepass") == content[start:end].encode("utf-16-le")


@pytest.mark.parametrize("content", ["a" * 400_000, "é" * 400_000, "a😀" * 200_000])
def test_long_texts_cost_next_to_nothing(content: str) -> None:
    before = time.perf_counter()
    positions = TextPositions(content)
    for at in range(0, len(content), 1000):
        assert positions.to_code_points(positions.to_units(at)) == at
    assert time.perf_counter() - before < 1.0
