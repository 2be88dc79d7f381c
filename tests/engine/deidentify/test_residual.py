"""What was likely missed is pointed out, and what was not is left alone."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from engine.deidentify.records import Found
from engine.deidentify.residual import NAME, NUMBER, PART, SAME, UNSURE, Doubt, ResidualCheck


def passages(text: str, *strings: tuple[str, str]) -> list[Found]:
    """The first place of each string, with its label."""
    return [
        Found(text.index(string), text.index(string) + len(string), label)
        for string, label in strings
    ]


def doubts(texts: Sequence[str], *found: tuple[str, str]) -> list[tuple[str, str]]:
    """Kind and string of the doubts about the last text, where the first one's are marked."""
    marked = [passages(texts[0], *found), *([] for _ in texts[1:])]
    check = ResidualCheck(texts, marked)
    return [(doubt.kind, texts[-1][doubt.start : doubt.end]) for doubt in last(check, texts)]


def last(check: ResidualCheck, texts: Sequence[str]) -> list[Doubt]:
    return check.doubts(len(texts) - 1)


def test_the_same_string_is_reported_in_its_own_text_and_in_the_others() -> None:
    one = "we spoke to Jane Okafor. then jane okafor rang"
    assert doubts([one], ("Jane Okafor", "PERSON")) == [(SAME, "jane okafor")]
    other = "ask Jane\nOkafor about it, not Jane Okaforson"
    assert doubts([one, other], ("Jane Okafor", "PERSON"))[0] == (SAME, "Jane\nOkafor")


def test_a_part_of_a_name_is_reported_by_itself() -> None:
    texts = [
        "it was Jane Okafor who rang",
        "we saw Okafor, not Okafor or Okafor; what okafor said to Mrs Okafor",
    ]
    found = doubts(texts, ("Jane Okafor", "PERSON"))
    assert found == [(PART, "Okafor")] * 4 + [(PART, "okafor")]
    texts = ["it was Jane Okafor who rang", "we saw Okafor"]
    assert doubts(texts, ("Jane Okafor", "ADDRESS")) == [(NAME, "Okafor")]


def test_a_name_that_is_also_a_word_is_reported_only_with_a_capital() -> None:
    texts = ["it was Tom Price who rang", "no price is high, but Price pays. Price it again"]
    found = passages(texts[0], ("Tom Price", "PERSON"))
    (doubt,) = ResidualCheck(texts, [found, []]).doubts(1)
    assert (doubt.kind, doubt.start) == (PART, 22)


def test_capitalised_words_inside_a_sentence_are_unknown_unless_seen_in_small_letters() -> None:
    texts = [
        "The cat met Okafor in Fenwold on Monday. Winter came, and i liked winter.",
        "The Cat saw Winter Hollis.",
    ]
    assert doubts(texts[:1]) == [(NAME, "Okafor"), (NAME, "Fenwold")]
    assert doubts(texts) == [(NAME, "Hollis")]


def test_a_word_that_only_begins_sentences_is_no_name() -> None:
    assert doubts(["Lovely. Awful! “Perhaps” so"]) == []
    assert doubts(["Perhaps so", "we met Perhaps"]) == [(NAME, "Perhaps")]


def test_names_of_several_words_and_signatures_are_one_doubt() -> None:
    assert doubts(["Noor Penhaligon wrote"]) == [(NAME, "Noor Penhaligon")]
    assert doubts(["many thanks\nEmeka\n"]) == [(NAME, "Emeka")]


def test_what_stands_after_a_title_is_the_likeliest_name() -> None:
    text = "we saw Fenwold and Dr Hollis"
    first, second = ResidualCheck([text], [[]]).doubts(0)
    assert (text[first.start : first.end], first.label_guess) == ("Hollis", "PERSON")
    assert text[second.start : second.end] == "Fenwold"
    assert first.score > second.score


def test_long_numbers_and_codes_are_reported() -> None:
    text = "no 12345, not 1234; QZ19, AB 123, 8837 1622, 12/345-6, 13th, 20mm, x1, £12,500.00"
    check = ResidualCheck([text], [[]])
    found = [text[doubt.start : doubt.end] for doubt in check.doubts(0) if doubt.kind == NUMBER]
    assert sorted(found) == ["12,500.00", "12/345-6", "12345", "8837 1622", "AB 123", "QZ19"]
    assert found[-1] == "12,500.00"


def test_an_unsure_passage_is_reported_and_a_sure_one_is_not() -> None:
    text = "ask Okafor or Hollis"
    found = [Found(4, 10, "PERSON", 0.55), Found(14, 20, "PERSON", 0.95)]
    (doubt,) = ResidualCheck([text], [found]).doubts(0)
    assert (doubt.kind, doubt.start, doubt.end) == (UNSURE, 4, 10)
    assert "0.55" in doubt.reason


def test_a_word_in_many_texts_is_one_of_the_trade() -> None:
    texts = [f"please ask the Ombudsman in matter {n}" for n in range(30)]
    assert doubts([*texts, "we met the Ombudsman and Okafor"]) == [(NAME, "Okafor")]


@given(
    st.text(min_size=1, max_size=12).filter(lambda s: any(map(str.isalnum, s))),
    st.text(max_size=30),
    st.text(max_size=30),
)
def test_an_equal_string_elsewhere_is_always_reported(string: str, before: str, after: str) -> None:
    text = f"{string} | {before} | {string} | {after}"
    at = len(string) + len(before) + 6
    doubt_places: set[int] = set()
    for doubt in ResidualCheck([text], [[Found(0, len(string), "X")]]).doubts(0):
        if doubt.kind == SAME:
            doubt_places.update(range(doubt.start, doubt.end))
    words = [place for place in range(len(string)) if string[place].isalnum()]
    assert {at + place for place in words} <= doubt_places


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4), st.data())
def test_doubts_are_inside_the_text_ordered_and_never_about_what_is_replaced(
    texts: list[str], data: st.DataObject
) -> None:
    found = []
    for text in texts:
        ends = data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))))
        found.append([Found(min(ends), max(ends), "NAME")] if ends[0] != ends[1] else [])
    check = ResidualCheck(texts, found)
    for place, text in enumerate(texts):
        told = check.doubts(place)
        assert [doubt.score for doubt in told] == sorted((d.score for d in told), reverse=True)
        for doubt in told:
            assert 0 <= doubt.start < doubt.end <= len(text)
            assert all(doubt.end <= f.start or f.end <= doubt.start for f in found[place])
