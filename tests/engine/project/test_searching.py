"""A search takes whatever a person types, and finds what they mean."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.project.project import ProjectFile
from engine.project.reading import list_text_ids
from engine.project.rows import TextFilter
from engine.project.texts import ImportSummary

TEXTS = (
    "I don't know why my claims were refused",
    "The C++ driver of the foo-bar machine failed",
    "Schöne Grüße aus Düsseldorf 😀",
    'He said "nothing is covered" and hung up',
    "عقد التأمين الجديد",
    "100 % of the premium, i.e. £ 340.50",
    "Nothing here is covered by the word said",
)


@pytest.fixture
def searchable(project: ProjectFile, bring_in: Callable[..., ImportSummary]) -> ProjectFile:
    bring_in(project, TEXTS)
    return project


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7]),
        ("   ", [1, 2, 3, 4, 5, 6, 7]),
        ("don't", [1]),
        ("C++", [2]),
        ("foo-bar", [2]),
        ("claim", [1]),  # the beginning of a word finds the word
        ("aim", []),
        ("dusseldorf GRUSSE", []),  # ß is a letter of its own
        ("dusseldorf GRÜẞE", [3]),
        ("😀", [3]),
        ("😀 schone", [3]),
        ('"', [4]),
        ('"nothing is covered"', [4]),
        ("nothing covered", [4, 7]),
        ('"nothing is cov', []),  # quoted words are looked for as they stand
        ("التأمين", [5]),
        ("340.50", [6]),
        ("%", [6]),
        ("£ 340", [6]),
        ("NOT", [4, 7]),  # a word like any other, and the beginning of "nothing"
        ("nothing OR", []),
        ("text_id:1", []),
        ("he*", [4]),
        ("\0", [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_what_a_search_finds(searchable: ProjectFile, search: str, found: list[int]) -> None:
    ids = list_text_ids(searchable.connection, 1, TextFilter(search=search))
    assert ids.tolist() == found


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(search=st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_no_search_is_an_error(searchable: ProjectFile, search: str) -> None:
    list_text_ids(searchable.connection, 1, TextFilter(search=search))
