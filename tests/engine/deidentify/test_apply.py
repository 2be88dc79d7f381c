"""Nothing of a passage is left, and nothing beside it moves, in any text."""

from __future__ import annotations

from random import Random

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import KnownError
from engine.deidentify.alias_book import AliasBook
from engine.deidentify.apply import Redactor
from engine.deidentify.records import OPERATORS, Found, OperatorChoice, Policy, Redacted

SECRET = b"a secret of the project"
BY_OPERATOR = Policy(
    {operator.upper(): OperatorChoice(operator) for operator in OPERATORS}, OperatorChoice()
)
AWKWARD = [
    "\r\n",
    "e\u0301",
    "👩‍👩‍👧",
    "🇬🇧",
    "\u0301",
    "\u200d",
    "한",
    "ﬁ",
    "İ",
    "ß",
    "\x00",
    "a",
    "7",
    " ",
]
TEXTS = st.one_of(
    st.text(max_size=40), st.lists(st.sampled_from(AWKWARD), max_size=20).map("".join)
)


@st.composite
def texts_with_passages(draw: st.DrawFn, labels: tuple[str, ...]) -> tuple[str, list[Found]]:
    text = draw(TEXTS.filter(bool))
    places = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(places, places), max_size=8))
    return text, [
        Found(min(pair), max(pair), draw(st.sampled_from(labels)))
        for pair in pairs
        if pair[0] != pair[1]
    ]


def redact(text: str, found: list[Found], policy: Policy = BY_OPERATOR) -> Redacted:
    return Redactor(policy, SECRET, AliasBook()).redact(text, found)


@given(texts_with_passages(tuple(operator.upper() for operator in OPERATORS)))
def test_text_outside_stays_and_replacements_stand_where_they_say(
    case: tuple[str, list[Found]],
) -> None:
    text, found = case
    result = redact(text, found)
    at = new_at = 0
    for entry in result.replacements:
        assert at <= entry.start < entry.end
        assert text[at : entry.start] == result.text[new_at : entry.new_start]
        assert result.text[entry.new_start : entry.new_end] == entry.new
        at, new_at = entry.end, entry.new_end
    assert text[at:] == result.text[new_at:]


@given(texts_with_passages(tuple(operator.upper() for operator in OPERATORS)))
def test_every_passage_is_covered_and_what_is_covered_does_not_survive(
    case: tuple[str, list[Found]],
) -> None:
    text, found = case
    replaced = [entry for entry in redact(text, found).replacements if entry.operator != "keep"]
    for passage in found:
        if passage.label != "KEEP":
            assert any(
                entry.start <= passage.start and passage.end <= entry.end for entry in replaced
            )
    for entry in replaced:
        if entry.operator == "redact":
            assert entry.new == f"[{entry.label}]"
        elif entry.operator == "mask":
            assert entry.new == "█████"
        elif entry.operator == "hash":
            assert regex.fullmatch(r"HASH-[a-z2-7]{12}", entry.new)
        else:
            assert entry.new != text[entry.start : entry.end]


@given(texts_with_passages(("REDACT",)))
def test_a_range_grows_to_whole_graphemes_and_no_further(case: tuple[str, list[Found]]) -> None:
    text, found = case
    graphemes = [match.span() for match in regex.finditer(r"\X", text)]
    touched = {
        place
        for start, end in graphemes
        if any(passage.start < end and start < passage.end for passage in found)
        for place in range(start, end)
    }
    result = redact(text, found)
    replaced = {place for entry in result.replacements for place in range(entry.start, entry.end)}
    assert replaced == touched


@given(st.text(st.sampled_from("abcXYZ019-/. éßЖ保"), min_size=1, max_size=12))
def test_a_pseudonym_has_no_letter_or_digit_where_it_was(string: str) -> None:
    policy = Policy({}, OperatorChoice("pseudonymise", {"kind": "shape"}))
    entry = redact(string, [Found(0, len(string), "CODE")], policy).replacements[0]
    if entry.operator == "pseudonymise":
        assert len(entry.new) == len(string)
        for old, new in zip(string, entry.new, strict=True):
            assert (old != new) is old.isalnum()


@given(texts_with_passages(("REDACT", "HASH")), st.randoms())
def test_the_order_in_which_passages_are_given_does_not_matter(
    case: tuple[str, list[Found]], random: Random
) -> None:
    text, found = case
    shuffled = list(found)
    random.shuffle(shuffled)
    assert redact(text, shuffled).text == redact(text, found).text


def test_the_most_protective_operator_has_the_whole_of_what_overlaps() -> None:
    text = "Jane Okafor, 12 Lantern Row"
    result = redact(
        text, [Found(0, 11, "PSEUDONYMISE"), Found(5, 15, "MASK"), Found(13, 27, "HASH")]
    )
    assert result.text == "█████"
    assert [(entry.start, entry.end) for entry in result.replacements] == [(0, 27)]


def test_passages_that_touch_stay_two() -> None:
    assert redact("ab", [Found(0, 1, "REDACT"), Found(1, 2, "REDACT")]).text == "[REDACT][REDACT]"


def test_a_kept_passage_loses_what_it_shares_with_another() -> None:
    text = "Jane Okafor of Fenwold"
    result = redact(text, [Found(0, 22, "KEEP"), Found(5, 11, "REDACT")])
    assert result.text == "Jane [REDACT] of Fenwold"
    assert [entry.operator for entry in result.replacements] == ["keep", "redact", "keep"]


def test_what_one_passage_shows_at_its_end_another_may_hide() -> None:
    policy = Policy(
        {"CARD": OperatorChoice("mask", {"keep_last": 4}), "PIN": OperatorChoice("hash")},
        OperatorChoice(),
    )
    text = "4111 1111 1111 1234"
    assert redact(text, [Found(0, 19, "CARD")], policy).text == "█████1234"
    assert redact(text, [Found(0, 19, "CARD"), Found(15, 19, "PIN")], policy).text == "█████"


def test_a_combining_mark_behind_a_passage_goes_with_its_letter() -> None:
    assert (
        redact("Rene\u0301e is Rene\u0301.", [Found(10, 14, "REDACT")]).text
        == "Rene\u0301e is [REDACT]."
    )


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        (Found(3, 3, "NAME"), "NAME 3–3 is empty"),
        (Found(4, 2, "NAME"), "NAME 4–2 ends before it starts"),
        (Found(-1, 2, "NAME"), "NAME -1–2 lies outside"),
        (Found(2, 6, "NAME"), "NAME 2–6 lies outside"),
    ],
)
def test_passages_that_cannot_be_are_named(passage: Found, words: str) -> None:
    with pytest.raises(KnownError, match="a text of 5 characters") as error:
        redact("Hello", [Found(0, 1, "NAME"), passage])
    assert words in error.value.message


def test_only_the_first_of_many_impossible_passages_are_named() -> None:
    with pytest.raises(KnownError, match="and 7 more"):
        redact("", [Found(0, 1, "NAME")] * 10)
