"""What a keeper remembers makes hashes and aliases the same from file to file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.api import KnownError, OperatorChoice, Policy, redact_file
from engine.deidentify.alias_book import AliasRow


class Memory:
    """A keeper that lives as long as the test."""

    def __init__(self) -> None:
        self.rows: list[AliasRow] = []

    def secret(self) -> bytes:
        return b"the secret of a test"

    def aliases(self) -> Sequence[AliasRow]:
        return tuple(self.rows)

    def store_aliases(self, rows: Sequence[AliasRow]) -> None:
        self.rows = list(rows)


def letters(folder: Path) -> list[Path]:
    paths = [folder / "first.txt", folder / "second.txt"]
    for path in paths:
        path.write_text(f"{path.stem}: ada@example.org, 3 March 2026", encoding="utf-8")
    return paths


@pytest.mark.parametrize("operator", ["pseudonymise", "hash"])
def test_a_keeper_makes_the_same_of_the_same(tmp_path: Path, operator: str) -> None:
    keeper, policy = Memory(), Policy({}, OperatorChoice(operator))
    written = []
    for path in letters(tmp_path):
        out = path.with_name(f"{path.stem}-out.txt")
        done = redact_file(path, out, policy, patterns=("email", "date"), keeper=keeper)
        assert done.lasting
        written.append(out.read_text("utf-8").partition(": ")[2].split(", "))
    (first_address, first_date), (second_address, second_date) = written
    assert first_address == second_address != "ada@example.org"
    assert (len(keeper.rows) > 0) == (operator == "pseudonymise")
    # Dates of another case move by another number of days.
    assert (first_date == second_date) == (operator == "hash")


def test_without_a_keeper_another_run_makes_others(tmp_path: Path) -> None:
    path, policy = letters(tmp_path)[0], Policy({}, OperatorChoice("hash"))
    outs = [tmp_path / "a.txt", tmp_path / "b.txt"]
    assert not any(redact_file(path, out, policy, patterns=("email",)).lasting for out in outs)
    assert outs[0].read_text("utf-8") != outs[1].read_text("utf-8")
    redacted = redact_file(
        path, tmp_path / "c.txt", Policy({}, OperatorChoice()), patterns=("email",)
    )
    assert redacted.lasting


def test_somebody_has_to_look_for_passages(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="name at least one"):
        redact_file(letters(tmp_path)[0], tmp_path / "o.txt", Policy({}, OperatorChoice()))
