"""What passages of a label look like: kept label by label, and not lost with the label."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.project import journal
from engine.project.project import ProjectFile, create_project, open_project
from engine.project.rows import Rule
from engine.project.rules import list_rules, set_rules
from engine.project.tasks import remove_label

PER, DATE = 1, 2
EMAIL = Rule(PER, "recogniser", "email")
NAME = Rule(PER, "list", "Jane Okafor")
DAY = Rule(DATE, "expression", r"\d+ March ")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """An empty project with the labels PER and DATE."""
    path = tmp_path / "p.glossator"
    with create_project(path, labels=["PER", "DATE"], kind="spans") as project:
        yield project


def test_rules_are_kept_in_their_order_and_replaced_as_a_whole(project: ProjectFile) -> None:
    assert list_rules(project.connection, 1) == ()
    set_rules(project, DATE, [DAY])
    assert set_rules(project, PER, [NAME, EMAIL, NAME]) == (NAME, EMAIL)
    assert list_rules(project.connection, 1) == (NAME, EMAIL, DAY)
    set_rules(project, PER, [EMAIL])
    assert list_rules(project.connection, 1) == (EMAIL, DAY)
    set_rules(project, PER, [])
    project.close()
    with open_project(project.path) as again:
        assert list_rules(again.connection, 1) == (DAY,)


def test_an_entry_is_words_and_an_expression_every_character(project: ProjectFile) -> None:
    given = [Rule(DATE, "list", "  Jane \n Okafor "), Rule(DATE, "expression", "  a\ud800")]
    assert set_rules(project, PER, given) == (NAME, Rule(PER, "expression", "  a?"))
    assert list_rules(project.connection, 1) == (NAME, Rule(PER, "expression", "  a?"))


def test_a_label_that_comes_back_finds_its_rules(project: ProjectFile) -> None:
    set_rules(project, PER, [EMAIL])
    set_rules(project, DATE, [DAY])
    remove_label(project, PER)
    assert list_rules(project.connection, 1) == (DAY,)
    journal.undo(project)
    assert list_rules(project.connection, 1) == (EMAIL, DAY)


@pytest.mark.parametrize(
    ("label_id", "rule", "words"),
    [
        (9, EMAIL, "not in this project"),
        (PER, Rule(PER, "wish", "x"), "recogniser, expression, list"),
        (PER, Rule(PER, "list", " \n"), "something to look for"),
        (PER, Rule(PER, "expression", ""), "something to look for"),
        (PER, Rule(PER, "list", "x" * 1001), "1,001 characters"),
    ],
)
def test_what_is_no_rule_is_refused_and_the_others_stay(
    project: ProjectFile, label_id: int, rule: Rule, words: str
) -> None:
    set_rules(project, PER, [EMAIL])
    with pytest.raises(KnownError, match=words):
        set_rules(project, label_id, [NAME, rule])
    assert list_rules(project.connection, 1) == (EMAIL,)


def test_whole_texts_are_not_found_by_rules(tmp_path: Path) -> None:
    with (
        create_project(tmp_path / "c.glossator", labels=["a", "b"]) as project,
        pytest.raises(KnownError, match="no passages are marked"),
    ):
        set_rules(project, 1, [EMAIL])
