"""Columns are taken by their names, and what is asked for goes before what is guessed."""

from __future__ import annotations

import pytest

from engine.core.errors import KnownError
from engine.interchange.columns import choose_columns, split_of

LONG = "A sentence that is long enough to be a text."


def test_names_decide() -> None:
    sample = [{"id": 1, "Content": "a", "Intent": "x", "split": "dev", "document_id": 4}]
    choice = choose_columns("f.csv", list(sample[0]), sample)
    assert (choice.text, choice.label, choice.split, choice.document) == (
        "Content",
        "Intent",
        "split",
        "document_id",
    )


def test_what_is_asked_for_goes_first_and_is_found_by_a_loose_name() -> None:
    columns = ["text", "Review Text", "label", "kind"]
    choice = choose_columns("f.csv", columns, [], text="review_text", label="kind")
    assert (choice.text, choice.label) == ("Review Text", "kind")


def test_an_empty_name_means_none() -> None:
    sample = [{"text": "a", "label": "b", "split": "test"}]
    choice = choose_columns("f.csv", list(sample[0]), sample, label="", split="")
    assert (choice.label, choice.split) == ("", "")


def test_a_column_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(KnownError) as refusal:
        choose_columns("f.csv", ["text", "kind"], [], label="intent")
    assert refusal.value.message == (
        "f.csv has no column “intent”: its columns are “text”, “kind”."
    )


def test_without_telling_names_the_longest_column_is_the_text() -> None:
    sample = [{"a": "7", "b": LONG}, {"a": "8", "b": LONG}]
    assert choose_columns("f.csv", ["a", "b"], sample).text == "b"


def test_two_equally_long_columns_are_not_guessed_between() -> None:
    sample = [{"claim": LONG, "answer": LONG}]
    with pytest.raises(KnownError, match=r"which column of f\.csv holds the texts"):
        choose_columns("f.csv", ["claim", "answer"], sample)


def test_a_column_called_split_with_other_values_is_only_metadata() -> None:
    sample = [{"text": "a", "split": "half"}]
    assert choose_columns("f.csv", ["text", "split"], sample).split == ""


def test_without_a_header_the_column_that_repeats_itself_is_the_label() -> None:
    sample = [{"column 1": "good" if i % 2 else "bad", "column 2": f"{LONG} {i}"} for i in range(9)]
    choice = choose_columns("f.csv", ["column 1", "column 2"], sample)
    assert (choice.text, choice.label) == ("column 2", "column 1")


@pytest.mark.parametrize(
    ("value", "split"),
    [("train", "train"), (" DEV ", "validation"), ("val", "validation"), ("Test", "test"),
     ("all", None), (3, None)],
)  # fmt: skip
def test_splits_have_several_names(value: object, split: str | None) -> None:
    assert split_of(value) == split
