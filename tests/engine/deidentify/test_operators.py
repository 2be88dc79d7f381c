"""What each operator writes, and what it gives away."""

from __future__ import annotations

import pytest

from engine.core.errors import KnownError
from engine.deidentify.alias_book import AliasBook
from engine.deidentify.apply import Redactor
from engine.deidentify.records import Found, OperatorChoice, Policy

SECRET = b"a secret of the project"


def written(string: str, operator: str, secret: bytes = SECRET, **settings: object) -> str:
    policy = Policy({}, OperatorChoice(operator, settings))
    redactor = Redactor(policy, secret, AliasBook())
    return redactor.redact(string, [Found(0, len(string), "NAME")]).text


def test_redact_writes_the_label_or_what_one_asks_for() -> None:
    assert written("Jane Okafor", "redact") == "[NAME]"
    assert written("Jane Okafor", "redact", text="<{label} removed>") == "<NAME removed>"
    assert written("Jane Okafor", "redact", text="{label.__class__}") == "{label.__class__}"


def test_mask_does_not_tell_how_long_a_name_is() -> None:
    assert written("Jo", "mask") == written("Wilhelmina Featherstone", "mask") == "█████"
    assert written("Jo", "mask", character="x", length=3) == "xxx"


def test_mask_keeps_the_length_or_the_end_when_asked() -> None:
    assert written("Jane", "mask", keep_length=True, character="*") == "****"
    assert written("e\u0301le\u0300ve", "mask", keep_length=True, character="*") == "*****"
    assert written("4111 1111 1111 1234", "mask", keep_last=4) == "█████1234"
    assert (
        written("4111 1111 1111 1234", "mask", keep_last=4, keep_length=True) == "█" * 15 + "1234"
    )


def test_mask_keeps_no_end_that_is_half_of_the_string() -> None:
    assert written("12345678", "mask", keep_last=4) == "█████"
    assert written("123456789", "mask", keep_last=4) == "█████6789"


def test_equal_strings_have_equal_hashes_whatever_their_case_and_spaces() -> None:
    first = written("Jane Okafor", "hash")
    assert first == written("JANE\u00a0 OKAFOR", "hash")
    assert first != written("Jane Okafer", "hash")
    assert first.startswith("NAME-")
    assert len(first) == len("NAME-") + 12


def test_a_hash_cannot_be_made_without_the_secret() -> None:
    assert written("Jane", "hash") != written("Jane", "hash", secret=b"another project's")
    with pytest.raises(ValueError, match="16 bytes"):
        written("Jane", "hash", secret=b"short")


def test_keep_leaves_the_string_and_says_so() -> None:
    redactor = Redactor(Policy({}, OperatorChoice("keep")), SECRET, AliasBook())
    result = redactor.redact("Dear Jane", [Found(5, 9, "NAME")])
    assert result.text == "Dear Jane"
    assert [entry.operator for entry in result.replacements] == ["keep"]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (OperatorChoice("encrypt"), "“encrypt”, which is not an operator"),
        (OperatorChoice("mask", {"char": "*"}), "“char”, which mask does not know"),
        (OperatorChoice("mask", {"character": "**"}), "one character"),
        (OperatorChoice("mask", {"length": 0}), "from 1 to 100"),
        (OperatorChoice("mask", {"keep_last": True}), "from 0 to 100"),
        (OperatorChoice("mask", {"keep_length": 1}), "true or false"),
        (OperatorChoice("hash", {"length": 2}), "from 6 to 52"),
        (OperatorChoice("redact", {"text": 3}), "must be a text"),
        (OperatorChoice("pseudonymise", {"kind": "pet"}), "one of person"),
        (OperatorChoice("pseudonymise", {"region": "UK"}), "two capital letters"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(choice: OperatorChoice, words: str) -> None:
    with pytest.raises(KnownError, match="the label “PHONE”") as error:
        Redactor(Policy({"PHONE": choice}, OperatorChoice()), SECRET, AliasBook())
    assert words in error.value.message
