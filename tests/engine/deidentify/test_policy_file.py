"""A policy that somebody wrote down says what is done with which label."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.deidentify.policy_file import read_policy
from engine.deidentify.records import OperatorChoice


def test_labels_get_their_operators_and_all_others_the_star(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text(
        '\ufeff{"PERSON": "pseudonymise", "ID": {"operator": "mask", "keep_last": 4}, "*": "hash"}',
        encoding="utf-8",
    )
    policy = read_policy(path, OperatorChoice("keep"))
    assert policy.choice("PERSON") == OperatorChoice("pseudonymise")
    assert policy.choice("ID") == OperatorChoice("mask", {"keep_last": 4})
    assert policy.choice("DATE") == OperatorChoice("hash")
    path.write_text('{"PERSON": "keep"}', encoding="utf-8")
    assert read_policy(path, OperatorChoice("mask")).choice("DATE") == OperatorChoice("mask")
    assert read_policy(path).choice("DATE") == OperatorChoice("redact")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("[]", "is not one object from labels to operators"),
        ('{"PERSON": ', "is not valid JSON"),
        ('{"PERSON": "burn"}', "names no operator for the label “PERSON”"),
        ('{"PERSON": {"keep_last": 4}}', "names no operator for the label “PERSON”"),
        ('{"PERSON": ["mask"]}', "names no operator for the label “PERSON”"),
        ('{"PERSON": {"operator": []}}', "names no operator for the label “PERSON”"),
    ],
)
def test_a_policy_that_makes_no_sense(tmp_path: Path, written: str, words: str) -> None:
    path = tmp_path / "policy.json"
    with pytest.raises(KnownError, match="There is no file"):
        read_policy(path)
    path.write_text(written, encoding="utf-8")
    with pytest.raises(KnownError, match=words):
        read_policy(path)
