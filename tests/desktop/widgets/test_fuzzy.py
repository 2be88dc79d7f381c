"""A few typed letters find a command."""

from __future__ import annotations

from desktop.widgets.fuzzy import fuzzy_score


def best(typed: str, *words: str) -> list[str]:
    scored = [(fuzzy_score(typed, word), word) for word in words]
    return [word for score, word in sorted(scored, key=lambda p: -(p[0] or 0)) if score is not None]


def test_the_start_of_a_word_counts_most() -> None:
    assert best("im", "Import texts…", "Time", "Flag the text")[0] == "Import texts…"
    assert best("text", "Import texts…", "Context")[0] == "Import texts…"


def test_every_typed_word_must_be_there() -> None:
    assert best("exp mod", "Export the model folder…", "Export texts and labels…") == [
        "Export the model folder…"
    ]


def test_letters_in_order_are_enough() -> None:
    assert fuzzy_score("opn", "Open a project…") is not None
    assert fuzzy_score("zzz", "Open a project…") is None


def test_nothing_typed_fits_everything() -> None:
    assert fuzzy_score("", "anything") is not None
