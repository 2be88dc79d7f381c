"""Marks found by position, and the lanes of those that overlap."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.annotate.span_canvas.lanes import assign_lanes
from desktop.annotate.span_canvas.marks import Mark, MarkIndex

SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda s: (s[0], s[0] + s[1])),
    max_size=25,
)
MARKS = st.lists(
    st.builds(
        lambda start, length, label, kind: Mark(start, start + length, label, kind),
        st.integers(0, 40),
        st.integers(1, 12),
        st.integers(1, 3),
        st.sampled_from(["gold", "suggestion", "predicted"]),
    ),
    max_size=25,
)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


@given(SPANS)
def test_what_overlaps_never_shares_a_lane(spans: list[tuple[int, int]]) -> None:
    lanes = assign_lanes(spans)
    for one in range(len(spans)):
        for other in range(one):
            assert lanes[one] != lanes[other] or not overlap(spans[one], spans[other])


@given(SPANS)
def test_no_lane_is_left_empty_without_need(spans: list[tuple[int, int]]) -> None:
    lanes = assign_lanes(spans)
    for number, lane in enumerate(lanes):
        below = {lanes[n] for n in range(len(spans)) if overlap(spans[n], spans[number])}
        assert set(range(lane)) <= below


def test_what_is_enclosed_lies_nearer_to_the_text() -> None:
    assert assign_lanes([(0, 20), (3, 9), (4, 6), (12, 15), (20, 25)]) == [2, 1, 0, 0, 0]


@given(MARKS, st.integers(0, 55), st.integers(0, 55))
def test_the_marks_of_a_range_are_found(marks: list[Mark], start: int, end: int) -> None:
    index = MarkIndex(marks)
    expected = {mark for mark in marks if mark.start < end and mark.end > start}
    assert set(index.touching(start, end)) == expected or start >= end


@given(MARKS, st.booleans())
def test_a_line_shows_every_mark_on_it_in_some_lane(marks: list[Mark], two_rows: bool) -> None:
    index = MarkIndex(marks, two_rows)
    found = index.lanes(5, 25)
    assert {mark for mark, _ in found} == set(index.touching(5, 25))
    rows = [(mark, (index.is_above(mark), lane)) for mark, lane in found]
    for mark, place in rows:
        for other, its_place in rows:
            if mark is not other and place == its_place:
                low, high = max(mark.start, other.start, 5), min(mark.end, other.end, 25)
                assert low >= high


@given(MARKS, st.integers(0, 55))
def test_one_goes_round_all_marks_in_either_direction(marks: list[Mark], position: int) -> None:
    index = MarkIndex(marks)
    if not index.marks:
        assert index.after(None, position) is None
        assert index.before(None, position) is None
        return
    onward, back = [index.after(None, position)], [index.before(None, position)]
    for _ in range(len(index.marks) - 1):
        onward.append(index.after(onward[-1], position))
        back.append(index.before(back[-1], position))
    assert set(onward) == set(back) == set(marks)
    assert onward == back[::-1]
    first = onward[0]
    assert first is not None
    assert first.start >= position or all(mark.start < position for mark in marks)
