"""Rules from the shell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def passages(tmp_path: Path, glossator: Any) -> Path:
    """A project with the labels PER and MAIL, without texts."""
    path = tmp_path / "letters.glossator"
    assert glossator("new", path, "--task", "spans", "--labels", "PER,MAIL").code == 0
    return path


def test_rules_are_added_listed_and_cleared(glossator: Any, passages: Path, tmp_path: Path) -> None:
    assert "no rules" in glossator("rules", passages).out
    names = tmp_path / "names.txt"
    names.write_text("\ufeffJane Okafor\n\n  Żaneta  Nowak \n", encoding="utf-8")
    added = glossator("rules", passages, "--label", "PER", "--list", names, "--json")
    assert added.data["rules"] == [
        {"label": "PER", "kind": "list", "value": "Jane Okafor"},
        {"label": "PER", "kind": "list", "value": "Żaneta Nowak"},
    ]
    made = glossator(
        "rules", passages, "--label", "MAIL", "--recogniser", "email", "--expression", r"@\w+"
    )
    assert made.code == 0
    glossator("rules", passages, "--label", "PER", "--expression", "Ms .")
    assert glossator("rules", passages).out.splitlines() == [
        "PER\texpression\tMs .",
        "PER\tlist\t2 entries",
        "MAIL\trecogniser\temail",
        "MAIL\texpression\t@\\w+",
    ]
    one = glossator(
        "rules", passages, "--label", "PER", "--clear", "--expression", "Mr .", "--json"
    )
    assert one.data["rules"] == [{"label": "PER", "kind": "expression", "value": "Mr ."}]
    assert glossator("rules", passages, "--label", "PER", "--clear", "--json").data["rules"] == []
    assert len(glossator("rules", passages, "--json").data["rules"]) == 2


def test_what_cannot_be_used_is_told_in_a_sentence(
    glossator: Any, passages: Path, project: Path, tmp_path: Path
) -> None:
    (tmp_path / "binary.txt").write_bytes(b"\x89PNG\r\n\x00")
    (tmp_path / "empty.txt").write_bytes(b"\n\n")
    for words, *arguments in (
        ("its labels are “PER”, “MAIL”", "--label", "CITY", "--clear"),
        ("cannot be read", "--label", "PER", "--expression", "("),
        ("it is a picture", "--label", "PER", "--list", tmp_path / "binary.txt"),
        ("There is no file", "--label", "PER", "--list", tmp_path / "absent.txt"),
        ("no entries", "--label", "PER", "--list", tmp_path / "empty.txt"),
        ("no region", "--label", "PER", "--recogniser", "phone:XX"),
        ("email, phone", "--label", "PER", "--recogniser", "shoe"),
    ):
        outcome = glossator("rules", passages, *arguments)
        assert outcome.code == 1
        assert words in outcome.err
    assert glossator("rules", passages, "--recogniser", "email").code == 2
    refused = glossator("rules", project, "--label", "positive", "--recogniser", "email")
    assert (refused.code, "no passages are marked" in refused.err) == (1, True)
    assert glossator("rules", passages, "--json").data["rules"] == []
