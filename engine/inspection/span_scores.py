"""Score predicted spans against gold ones: entity-level F1, and what kind of error each one is.

Spans are (start, end, label position), in code points with the end exclusive. Every span of a text
is paired with at most one of the other side: exact matches first, then one to one, the pair with
the largest overlap first. The kinds of error follow Chinchor and Sundheim (MUC-5, 1993) and the
evaluation of SemEval-2013 task 9, so that they add up:

    correct + boundary + type + boundary_and_type + missing  = gold spans
    correct + boundary + type + boundary_and_type + spurious = predicted spans
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from engine.project.span_rows import SPAN_ERRORS

Span = tuple[int, int, int]
"""Start and end in code points, the end exclusive, and the position of the label."""

ERRORS = SPAN_ERRORS
PAIRED_ERRORS = ERRORS[:3]
"""The kinds of error that have a span on both sides."""


@dataclass(frozen=True, slots=True)
class Match:
    """A gold span and the prediction it is paired with; None where one side has nothing.

    `kind` is "correct" or one of `ERRORS`.
    """

    gold: Span | None
    predicted: Span | None
    kind: str


def match_spans(gold: Iterable[Span], predicted: Iterable[Span]) -> list[Match]:
    """Pair the spans of one text; every span of either side is in exactly one `Match`.

    Of pairs that overlap equally, the one with the closer boundaries comes first, then the one of
    the same label, then the one further left. The matches are in the order of the text.
    """
    gold, predicted = sorted(gold), sorted(predicted)
    same = Counter(gold) & Counter(predicted)
    matches = [Match(span, span, "correct") for span in same.elements()]
    open_gold = sorted((Counter(gold) - same).elements())
    open_predicted = sorted((Counter(predicted) - same).elements())
    paired_gold: set[int] = set()
    paired_predicted: set[int] = set()
    overlaps = _overlaps(open_gold, open_predicted)
    for at, other in sorted(
        overlaps, key=lambda pair: (*_closeness(open_gold[pair[0]], open_predicted[pair[1]]), pair)
    ):
        if at in paired_gold or other in paired_predicted:
            continue
        paired_gold.add(at)
        paired_predicted.add(other)
        first, second = open_gold[at], open_predicted[other]
        matches.append(Match(first, second, _kind(first, second)))
    for at, span in enumerate(open_gold):
        if at not in paired_gold:
            matches.append(Match(span, None, "missing"))
    for at, span in enumerate(open_predicted):
        if at not in paired_predicted:
            matches.append(Match(None, span, "spurious"))
    return sorted(matches, key=_place)


def flag_splits(matches: Sequence[Match]) -> list[tuple[bool, bool]]:
    """Return of each match of a text whether it belongs to a split, and to a merge.

    A gold span that several wrong predictions share is split: its own match is flagged, and the
    spurious predictions among its pieces. A prediction over several gold spans merges them: its
    own match is flagged, and the missing spans under it.
    """
    wrong = [at for at, match in enumerate(matches) if match.kind != "correct"]
    gold = sorted((span, at) for at in wrong if (span := matches[at].gold) is not None)
    predicted = sorted((span, at) for at in wrong if (span := matches[at].predicted) is not None)
    overlaps = _overlaps([span for span, _ in gold], [span for span, _ in predicted])
    pieces = Counter(first for first, _ in overlaps)
    covered = Counter(second for _, second in overlaps)
    split, merge = set(), set()
    for first, second in overlaps:
        of_gold, of_predicted = gold[first][1], predicted[second][1]
        if pieces[first] > 1:
            split.add(of_gold)
            if matches[of_predicted].kind == "spurious":
                split.add(of_predicted)
        if covered[second] > 1:
            merge.add(of_predicted)
            if matches[of_gold].kind == "missing":
                merge.add(of_gold)
    return [(at in split, at in merge) for at in range(len(matches))]


def score_spans(
    gold: Sequence[Iterable[Span]], predicted: Sequence[Iterable[Span]], labels: Sequence[str]
) -> dict[str, Any]:
    """Return the scores of n texts as plain JSON values; both sides hold the spans of each text.

    Keys: texts, gold and predicted (numbers of spans), correct; f1, precision and recall, strict
    (boundaries and label) and micro-averaged over spans, which is what conlleval and seqeval
    report; macro_f1 (the mean over the labels that occur in gold or prediction); per_label {name:
    {precision, recall, f1, support}}; errors {kind: number}; exact, partial and type, each
    {precision, recall, f1}: boundaries without the label, the same with half a point for an
    overlap, and the label with any overlap (SemEval-2013); split, the gold spans whose place
    several predictions share, and merge, the predictions over several gold spans. Divisions by
    zero give 0.
    """
    kinds: Counter[str] = Counter()
    per_label = [[0, 0, 0] for _ in labels]
    split = merge = texts = 0
    for of_text, found in zip(gold, predicted, strict=True):
        texts += 1
        matches = match_spans(of_text, found)
        kinds.update(match.kind for match in matches)
        for match in matches:
            if match.gold is not None:
                per_label[match.gold[2]][0] += 1
            if match.predicted is not None:
                per_label[match.predicted[2]][1] += 1
            if match.kind == "correct" and match.gold is not None:
                per_label[match.gold[2]][2] += 1
        for match, (torn, joined) in zip(matches, flag_splits(matches), strict=True):
            split += torn and match.gold is not None
            merge += joined and match.predicted is not None
    correct = kinds["correct"]
    paired = correct + sum(kinds[kind] for kind in PAIRED_ERRORS)
    counts = paired + kinds["missing"], paired + kinds["spurious"]
    exact = correct + kinds["type"]
    by_label = {
        name: {**_ratios(hits, support, guesses), "support": support}
        for name, (support, guesses, hits) in zip(labels, per_label, strict=True)
    }
    occurring = [
        by_label[name]["f1"]
        for name, (support, guesses, _) in zip(labels, per_label, strict=True)
        if support or guesses
    ]
    return {
        "texts": texts,
        "gold": counts[0],
        "predicted": counts[1],
        "correct": correct,
        **_ratios(correct, *counts),
        "macro_f1": sum(occurring) / len(occurring) if occurring else 0.0,
        "per_label": by_label,
        "errors": {kind: kinds[kind] for kind in ERRORS},
        "exact": _ratios(exact, *counts),
        "partial": _ratios(exact + (paired - exact) / 2, *counts),
        "type": _ratios(correct + kinds["boundary"], *counts),
        "split": split,
        "merge": merge,
    }


def _overlaps(gold: Sequence[Span], predicted: Sequence[Span]) -> list[tuple[int, int]]:
    """Return the places of all overlapping pairs; both lists are sorted by start."""
    starts = [start for start, _, _ in predicted]
    # The furthest end so far never falls, so that a text of thousands of spans needs no full scan.
    ends = list(accumulate((end for _, end, _ in predicted), max))
    return [
        (at, other)
        for at, (start, end, _) in enumerate(gold)
        for other in range(bisect_left(ends, start + 1), bisect_left(starts, end))
        if _overlap(gold[at], predicted[other]) > 0
    ]


def _overlap(first: Span, second: Span) -> int:
    return min(first[1], second[1]) - max(first[0], second[0])


def _closeness(gold: Span, predicted: Span) -> tuple[int, int, bool]:
    """Return what sorts the best pair first: overlap, distance of the boundaries, label."""
    distance = abs(gold[0] - predicted[0]) + abs(gold[1] - predicted[1])
    return -_overlap(gold, predicted), distance, gold[2] != predicted[2]


def _kind(gold: Span, predicted: Span) -> str:
    if gold[:2] == predicted[:2]:
        return "type"
    return "boundary" if gold[2] == predicted[2] else "boundary_and_type"


def _place(match: Match) -> tuple[Span, int]:
    span = match.gold or match.predicted
    assert span is not None
    return span, match.gold is None


def _ratios(hits: float, gold: int, predicted: int) -> dict[str, float]:
    return {
        "precision": hits / predicted if predicted else 0.0,
        "recall": hits / gold if gold else 0.0,
        "f1": 2 * hits / (gold + predicted) if gold + predicted else 0.0,
    }
