"""The scheme of tags: spans to one tag a unit and back.

Tag 0 is "O", outside of every span; of label k, tag 2 k + 1 ("B-…") begins a span and tag 2 k + 2
("I-…") continues it (IOB2). Tags are read as conlleval reads them: a span that begins with "I-" is
a span all the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.inspection.span_scores import Span

OUTSIDE = 0
NO_TAG = -100
"""In the place of a tag: what stands here is not learned from."""

ScoredSpan = tuple[int, int, int, float]
"""Start, end, label position and confidence."""


def tag_names(labels: Sequence[str]) -> list[str]:
    """Return the names of all tags in their order: O, B- and I- of each label."""
    return ["O", *(f"{letter}-{label}" for label in labels for letter in "BI")]


def labels_of(names: Sequence[str]) -> tuple[str, ...]:
    """Return the labels behind `tag_names`.

    Raises:
        ValueError: if these are not the names of such a scheme.
    """
    labels = tuple(name[2:] for name in names[1::2])
    if not labels or tag_names(labels) != list(names):
        raise ValueError("these tags are not O and the B- and I- of each label")
    return labels


def longest_apart(spans: Iterable[Span]) -> list[Span]:
    """Return spans of which no two overlap, the longest kept, in the order of the text.

    A unit has one tag, so of nested and overlapping spans only one can be learned.
    """
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda span: (span[0] - span[1], span)):
        place = bisect_left(kept, span)
        follows = place == 0 or kept[place - 1][1] <= span[0]
        if follows and (place == len(kept) or span[1] <= kept[place][0]):
            kept.insert(place, span)
    return kept


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tags of a text's units, int64 (units,), and how its spans fared.

    `shifted` spans begin or end inside of a unit, so that reading the tags gives them shifted
    boundaries; `lost` ones have no unit of their own.
    """

    tags: np.ndarray
    shifted: int
    lost: int


def write_tags(spans: Sequence[Span], begins: np.ndarray, ends: np.ndarray) -> Tagged:
    """Return the tags of units with these characters for spans that do not overlap."""
    tags = np.full(len(begins), OUTSIDE, np.int64)
    shifted = lost = 0
    for start, end, label in spans:
        first = int(np.searchsorted(ends, start, side="right"))
        last = int(np.searchsorted(begins, end, side="left"))
        # Two spans may meet inside of one unit; it stays with the first.
        while first < last and tags[first] != OUTSIDE:
            first += 1
        if first >= last or end <= start:
            lost += 1
            continue
        tags[first:last] = 2 * label + 2
        tags[first] = 2 * label + 1
        shifted += int(begins[first]) != start or int(ends[last - 1]) != end
    return Tagged(tags, shifted, lost)


def read_tags(
    tags: np.ndarray, probabilities: np.ndarray, begins: np.ndarray, ends: np.ndarray
) -> list[ScoredSpan]:
    """Return the spans that tags say, in the order of the text.

    The confidence of a span is the mean probability of its tags, as in transformers' pipeline.
    """
    found: list[ScoredSpan] = []
    places = np.flatnonzero(tags)
    if not len(places):
        return found
    labels = (tags[places] - 1) // 2
    goes_on = np.zeros(len(places), bool)
    goes_on[1:] = (
        (tags[places[1:]] % 2 == 0) & (labels[1:] == labels[:-1]) & (places[1:] == places[:-1] + 1)
    )
    firsts = np.flatnonzero(~goes_on)
    for first, behind in zip(firsts, [*firsts[1:], len(places)], strict=True):
        units = places[first:behind]
        confidence = float(probabilities[units].mean())
        span = int(begins[units[0]]), int(ends[units[-1]]), int(labels[first])
        found.append((*span, confidence))
    return found
