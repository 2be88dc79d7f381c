"""Likely passages: what their look tells, and no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.annotate.spans.candidates import next_candidate, previous_candidate
from desktop.annotate.spans.overlaps import Overlaps
from desktop.annotate.spans.same_words import same_words


def likely(content: str) -> list[str]:
    """All likely passages of a text, one after the other."""
    found, position = [], 0
    while (passage := next_candidate(content, position)) is not None:
        found.append(content[slice(*passage)])
        position = passage[1]
    return found


@pytest.mark.parametrize(
    ("content", "passages"),
    [
        ("Dear Ms Okafor, thank you for your letter.", ["Okafor"]),
        ("We met on 3 March, and again on 14.02.2024.", ["3 March", "14.02.2024"]),
        ("I live at 14 Mill Lane, Leeds LS1 4AB, with my cat.", ["14 Mill Lane, Leeds LS1 4AB"]),
        ("Write to o.okafor@example.org or ring 0808 157 0537.", None),
        ("My son Jean-Luc de Vries wrote. The policy is HM-12345.", None),
        ("Signed by J. R. Smith in person.", ["J. R. Smith"]),
        ("Herr Müller wohnt Hauptstraße 5, 12345 Berlin.", None),
        ("Thanks in advance,\nHarriet", ["Harriet"]),
        ("The rain fell. Nothing else happened. It was me.", []),
        ("", []),
    ],
)
def test_names_dates_and_numbers_are_found_by_their_look(
    content: str, passages: list[str] | None
) -> None:
    wanted = {
        "Write": ["o.okafor@example.org", "0808 157 0537"],
        "My": ["Jean-Luc", "Vries", "HM-12345"],
        "Herr": ["Müller", "Hauptstraße 5, 12345 Berlin"],
    }
    assert likely(content) == (wanted[content.split()[0]] if passages is None else passages)


@given(st.text(alphabet="ab CD. ,\n12/@'-é😀\u0301", max_size=80))
def test_passages_lie_apart_and_the_way_back_is_the_way_there(content: str) -> None:
    there, position = [], 0
    while (passage := next_candidate(content, position)) is not None:
        assert position <= passage[0] < passage[1] <= len(content)
        there.append(passage)
        position = passage[1]
    back, position = [], len(content)
    while (passage := previous_candidate(content, position)) is not None:
        back.append(passage)
        position = passage[0]
    assert back[::-1] == there


def test_a_very_long_line_is_looked_through_in_pieces() -> None:
    content = "word " * 40_000 + "Okafor"
    assert next_candidate(content, 0) == (200_000, 200_006)
    assert previous_candidate(content, len(content)) == (200_000, 200_006)
    assert previous_candidate(content, 200_000) is None


def test_the_same_words_are_whole_words_in_the_same_case() -> None:
    content = "Okafor met okafor, Okafors and Okafor; Okafor-Bell too."
    assert same_words(content, (0, 6), ()) == ((31, 37), (39, 45))
    assert same_words(content, (0, 6), ((30, 33),)) == ((39, 45),)


def test_words_that_end_in_signs_are_found_too() -> None:
    assert same_words("(a) is (a) but x(a)", (0, 3), ()) == ((7, 10), (16, 19))
    assert same_words("   x   ", (0, 3), ()) == ()


ranges = st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda r: (r[0], r[0] + r[1]))


@given(st.lists(ranges, max_size=12), ranges)
def test_ranges_touch_if_they_share_a_character(
    others: list[tuple[int, int]], asked: tuple[int, int]
) -> None:
    shared = any(start < asked[1] and asked[0] < end for start, end in others)
    assert Overlaps(others).touches(*asked) is shared
