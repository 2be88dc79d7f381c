"""Labels as other programs write them, matched with the labels of a task."""

from __future__ import annotations

from typing import Any

import pytest

from engine.interchange.label_values import LabelMatcher, RefusedRowError

SINGLE = LabelMatcher([("Claim", 1), ("Complaint", 2), ("a#b", 3)], multi_label=False)
MULTI = LabelMatcher([("Claim", 1), ("Complaint", 2), ("a#b", 3)], multi_label=True)


@pytest.mark.parametrize("value", [None, "", "  ", [], [""], [None], "\x00"])
def test_blank_means_no_label(value: Any) -> None:
    for matcher in (SINGLE, MULTI):
        assert matcher.match(value).ids == ()
        assert matcher.match(value).unknown == ()


def test_exact_names_go_before_similar_ones() -> None:
    twins = LabelMatcher([("IT", 1), ("it", 2)], multi_label=False)
    assert twins.match("it").ids == (2,)
    assert not twins.match("it").repaired


def test_case_and_blanks_are_forgiven_and_noted() -> None:
    matched = SINGLE.match("  complaint ")
    assert (matched.ids, matched.repaired) == ((2,), True)


@pytest.mark.parametrize(
    ("value", "name"), [(0, "0"), (1.0, "1"), (True, "true"), (["new"], "new"), (" new ", "new")]
)
def test_unknown_labels_are_named(value: Any, name: str) -> None:
    assert SINGLE.match(value).unknown == (name,)


def test_two_labels_in_a_single_label_task_are_refused() -> None:
    with pytest.raises(RefusedRowError, match="it has 2 labels"):
        SINGLE.match(["Claim", "Complaint"])
    assert SINGLE.match(["Claim", "Claim"]).ids == (1,)


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        (["Claim", "Complaint"], (1, 2)),
        ("Claim#Complaint", (1, 2)),
        ("Claim; Complaint", (1, 2)),
        ("complaint,claim", (2, 1)),
        ("a#b", (3,)),
        ('["a#b", "Claim"]', (3, 1)),
    ],
)
def test_several_labels_come_as_lists_or_joined(value: Any, ids: tuple[int, ...]) -> None:
    assert MULTI.match(value).ids == ids


def test_a_comma_in_an_unknown_label_does_not_split_it() -> None:
    assert MULTI.match("Claim, urgent").unknown == ("Claim, urgent",)
    assert MULTI.match("Claim#urgent").unknown == ("urgent",)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([[0, 4, "ORG"]], "mark passages"),
        ([{"start": 0}], "mark passages"),
        ({"a": 1}, "not a name"),
        ("x" * 81, "longer than 80"),
    ],
)
def test_what_is_no_label_is_refused_with_a_reason(value: Any, reason: str) -> None:
    with pytest.raises(RefusedRowError, match=reason):
        SINGLE.match(value)
